// Lambda's part inside a function's process: loads the handler once, then takes one invocation after another.
const { join } = require('node:path');

const began = performance.now();
const [directory, handlerName] = process.argv.slice(2);
const [file, name] = handlerName.split('.');
const described = (error) => ({ errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') });

let handler;
try {
  handler = require(join(directory, `${file}.js`))[name];
  process.send({ kind: 'ready', initMs: performance.now() - began, sinceStartMs: performance.now() });
} catch (error) {
  process.send({ kind: 'init-failed', ...described(error) }, () => process.exit(1));
}

process.on('message', async ({ event, context, remainingMs, traceHeader }) => {
  const deadline = performance.now() + remainingMs;
  process.env._X_AMZN_TRACE_ID = traceHeader;
  try {
    const answer = await handler(event, { ...context, getRemainingTimeInMillis: () => Math.floor(deadline - performance.now()) });
    process.send({ kind: 'answered', answer, tookMs: performance.now() - (deadline - remainingMs) });
  } catch (error) {
    process.send({ kind: 'failed', ...described(error) });
  }
});

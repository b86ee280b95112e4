// Lambda's part inside a function's process: loads the handler once, then takes one invocation after another.
const { join } = require('node:path');

const began = performance.now();
const beganCpu = process.cpuUsage();
const [directory, handlerName] = process.argv.slice(2);
const [file, name] = handlerName.split('.');
const cost = (since, sinceCpu) => {
  const { user, system } = process.cpuUsage(sinceCpu);
  return { ms: performance.now() - since, cpuMs: (user + system) / 1000 };
};
const described = (error) => ({ errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') });

let handler;
try {
  handler = require(join(directory, `${file}.js`))[name];
  process.send({ kind: 'ready', cost: cost(began, beganCpu) });
} catch (error) {
  process.send({ kind: 'init-failed', ...described(error) }, () => process.exit(1));
}

process.on('message', async ({ kind, event, context, remainingMs, traceHeader }) => {
  // The function's connections would keep the process alive; an orderly end also writes V8's compile cache, where one is asked for.
  if (kind === 'end') process.exit();
  const since = performance.now();
  const sinceCpu = process.cpuUsage();
  process.env._X_AMZN_TRACE_ID = traceHeader;
  try {
    const answer = await handler(event, {
      ...context,
      getRemainingTimeInMillis: () => Math.floor(since + remainingMs - performance.now()),
    });
    process.send({ kind: 'answered', answer, cost: cost(since, sinceCpu) });
  } catch (error) {
    process.send({ kind: 'failed', ...described(error) });
  }
});

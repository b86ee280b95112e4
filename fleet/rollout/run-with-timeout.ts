import { messageOf } from '../errors';
import { noChanges, type EngineJob, type EngineResult } from '../ports';

import type { DriverPorts } from './driver-ports';

/**
 * Runs an `up`, or a `destroy`, to its end, for at most so many seconds; a second Ctrl-C and a lost lease stop it as well. What it did until then stands in
 * its result. Never rejects: an engine that throws fails its target and no other.
 */
export async function runWithTimeout(
  job: EngineJob,
  {
    action,
    seconds,
    engine,
    clock,
    reporter,
    signals,
    confirm,
  }: Pick<DriverPorts, 'engine' | 'clock' | 'reporter' | 'signals' | 'confirm'> & {
    readonly action: 'up' | 'destroy';
    readonly seconds: number;
  },
): Promise<EngineResult> {
  const stop = new AbortController();
  const over = new AbortController();
  let late = false;
  const timer = clock.sleep(seconds * 1000, over.signal).then(
    () => {
      late = true;
      stop.abort(new Error('target timeout'));
    },
    () => undefined, // The run ended first.
  );
  // Listening to signals that outlive the run, many runs at a time, would be taken for a leak.
  const signal = AbortSignal.any([stop.signal, signals.cancel, signals.lost]);
  try {
    const result = await engine
      .run(action, job, {
        signal,
        confirm,
        onEvent: (event) =>
          reporter.report({
            level: 'debug',
            code: event.kind,
            message: `${job.target.id} ${event.step.op} ${event.step.type} ${event.step.name}`,
            target: job.target.id,
            data: event,
          }),
      })
      .catch(engineFailure);
    if (result.status !== 'failed' || !late) return result;
    const message = `took longer than the ${seconds} s of targetTimeout: ${result.error.message}`;
    return { ...result, error: { ...result.error, code: 'fleet/timeout', message } };
  } finally {
    over.abort(new Error('the run ended'));
    await timer;
  }
}

function engineFailure(error: unknown): EngineResult {
  return { status: 'failed', changes: noChanges, steps: [], error: { code: 'fleet/engine', message: messageOf(error), resource: null } };
}

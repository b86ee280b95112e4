import { getEventListeners } from 'node:events';

import { noChanges, type Engine, type EngineJob, type EngineResult } from '../../fleet/ports';
import { runWithTimeout } from '../../fleet/rollout/run-with-timeout';

import { problemsOf, undisturbed } from './crash-points';
import { scenarioOf } from './draw-scenario';
import { runScenario } from './run-scenario';

/** Seeds that once broke something, each by what they found; how scenarios are drawn may have moved one since. */
test.each([
  ['an engine that throws in a preview took its controller with it', 176],
  ['requests that came while nobody drove a waiting rollout were never read', 5],
  ['a controller that died before its first entry left no word of what was good', 19],
  ['an approval of another plan counted', 59],
  ['a way back that a second interrupt stopped was begun again for ever', 2573],
  ['a target whose trial passed in the same breath as another one turned red', 105],
  ['a target whose lost attempt goes back with its wave', 7622],
  ['an approval that was used at the instant at which the wave before ended', 7328],
  ['a controller that was stopped between confirming and running', 6969],
])('%s (seed %i)', async (_what, seed) => {
  expect((await runScenario(scenarioOf(seed))).violations).toEqual([]);
});

test('runs do not heap listeners upon the signals that outlive them', async () => {
  const [cancel, lost, drain] = [new AbortController(), new AbortController(), new AbortController()];
  const ended: EngineResult = {
    status: 'failed',
    changes: noChanges,
    steps: [],
    error: { code: 'fleet/cancelled', message: 'stopped', resource: null },
  };
  const engine = {
    run: (_action: string, _job: EngineJob, { signal }: { readonly signal: AbortSignal }) =>
      new Promise<EngineResult>((resolve) => signal.addEventListener('abort', () => resolve(ended))),
  } as Partial<Engine> as Engine;
  const clock = {
    now: () => new Date(0),
    sleep: (_milliseconds: number, signal?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('over')))),
  };
  const context = {
    engine,
    clock,
    reporter: { report: () => undefined },
    confirm: () => Promise.resolve(),
    signals: { drain: drain.signal, cancel: cancel.signal, lost: lost.signal },
  };
  const runs = Array.from({ length: 20 }, () => runWithTimeout({} as EngineJob, { ...context, action: 'up' as const, seconds: 60 }));
  expect(getEventListeners(cancel.signal, 'abort').length + getEventListeners(lost.signal, 'abort').length).toBeLessThan(5);
  cancel.abort(new Error('a second interrupt'));
  expect(await Promise.all(runs)).toEqual(Array.from({ length: 20 }, () => ended));
});

test('a controller that dies while it opens the journal of a new rollout leaves one that goes on', async () => {
  const { final } = await undisturbed(3);
  for (const kind of ['write-lost', 'write-torn', 'killed-after-write'] as const)
    for (const nth of [1, 2, 3]) expect(await problemsOf(3, [{ kind, nth }], final)).toEqual([]);
});

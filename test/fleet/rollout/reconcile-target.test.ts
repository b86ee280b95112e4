import { noChanges, type Inspection } from '../../../fleet/ports';
import { reconcileTarget, type RunContext } from '../../../fleet/rollout/run-targets';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';

import { VirtualClock } from './drive-plan';

const fleet = smallFleet({ accounts: 1, regions: ['eu-west-1'] });
const plan = planOf(fleet);
const found = plan.targets.find(({ target }) => target.layer === 'foundation');
if (!found) throw new Error('no foundation');
const { target } = found;
const OURS = `r1/${target.id}#2`;
const command = { type: 'run-target', target: target.id, wave: found.wave ?? '', attempt: 2, phase: 'full' } as const;
const attempt = { id: OURS, action: 'up' as const, startedAt: 's', endedAt: 'e', changes: { ...noChanges, create: 4 }, error: null };
const inspection = (lastAttempt: Inspection['lastAttempt']): Inspection => ({
  exists: true,
  lastAttempt,
  lock: null,
  pending: [{ urn: 'urn:a', op: 'create' }],
  resources: [],
  outputs: { of: 'it' },
});

/** Settles the run of attempt 2 with what the engine tells; `never`: any use of the engine but a look is an error. */
async function settle(looks: readonly (Inspection | Error)[]) {
  const clock = new VirtualClock();
  let asked = 0;
  const never = () => Promise.reject(new Error('nothing may run while it is settled'));
  const context: RunContext = {
    engine: {
      name: 'sandbox',
      run: never,
      inspect: async () => {
        const look = looks[Math.min(asked, looks.length - 1)];
        asked += 1;
        if (look === undefined || look instanceof Error) throw look ?? new Error('no look');
        return look;
      },
      close: () => Promise.resolve(),
    },
    gates: { intervalSeconds: 1, ask: never, close: () => Promise.resolve() },
    clock,
    reporter: { report: () => undefined },
    journal: { append: never },
    releaseOf: (digest) => ({ digest, directory: '/nowhere', manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7' } }),
    requests: () => Promise.resolve([]),
    confirm: () => Promise.resolve(),
    signals: { drain: new AbortController().signal, cancel: new AbortController().signal, lost: new AbortController().signal },
    rollout: 'r1',
    planned: new Map(plan.targets.map((planned) => [planned.target.id, planned])),
    waves: new Map(plan.waves.map((wave) => [wave.name, wave])),
    goods: recordsAfter(plan),
    records: recordsAfter(plan),
    keep: never,
  };
  return { entries: await clock.until(reconcileTarget(command, context)), asked: () => asked };
}

const eventOf = (entries: Awaited<ReturnType<typeof settle>>['entries']) =>
  entries.flatMap((entry) => ('event' in entry ? [entry.event] : []))[0];

describe('a run whose controller died', () => {
  test('and that succeeded is not run again: it counts with what it changed, and its record is clean', async () => {
    const { entries } = await settle([inspection({ ...attempt, result: 'succeeded' })]);

    expect(eventOf(entries)).toMatchObject({ type: 'target-ended', outcome: 'succeeded', engineRuns: 1, changes: { create: 4 } });
    expect(entries).toContainEqual({ record: expect.objectContaining({ dirty: false, seconds: 1 }) as unknown });
  });

  test('and that failed has failed, with what its history says', async () => {
    const error = { code: 'aws/Boom', message: 'boom', resource: 'urn:x' };
    const { entries } = await settle([inspection({ ...attempt, result: 'failed', error })]);

    expect(eventOf(entries)).toMatchObject({ type: 'target-ended', outcome: 'failed', error, changes: { create: 4 } });
  });

  test('and that nobody saw end is run again, as an attempt that was one', async () => {
    const { entries } = await settle([inspection({ ...attempt, endedAt: null, result: null })]);

    expect(eventOf(entries)).toMatchObject({ type: 'attempt-lost', ran: true, reason: expect.stringContaining('1 operations') as unknown });
  });

  test.each([
    ['has never run anything', null],
    ['knows an earlier attempt only, though that succeeded', { ...attempt, id: `r1/${target.id}#1`, result: 'succeeded' as const }],
    ['knows an attempt of another rollout only', { ...attempt, id: `r0/${target.id}#2`, result: 'succeeded' as const }],
  ])('before the engine began, which %s, is run as if it had not been tried', async (_name, last) => {
    const { entries } = await settle([inspection(last)]);

    expect(eventOf(entries)).toMatchObject({ type: 'attempt-lost', ran: false });
  });

  test('is looked for patiently, and has failed where nobody can tell', async () => {
    const failed = await settle([new Error('no answer')]);
    const late = await settle([new Error('no answer'), new Error('no answer'), inspection({ ...attempt, result: 'succeeded' })]);

    expect(eventOf(failed.entries)).toMatchObject({ type: 'target-ended', outcome: 'failed', error: { code: 'fleet/unknown-outcome' } });
    expect(failed.asked()).toBe(3);
    expect(eventOf(late.entries)).toMatchObject({ outcome: 'succeeded' });
  });
});

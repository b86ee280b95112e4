import type { TargetId } from '../../../contracts/target';
import type { RolloutPlan } from '../../../fleet/plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../../../fleet/plan/target-record';
import { noChanges, type Clock, type Engine, type EngineJob, type EngineResult } from '../../../fleet/ports';
import { driveRollout } from '../../../fleet/rollout/driver';
import type { RolloutEvent } from '../../../fleet/rollout/state';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';

/** How the fake engine answers a target; `hang` waits for the abort. */
type Behaviour = 'succeed' | 'fail' | 'throw' | 'hang';

/** An engine that remembers its jobs and how many ran at once, and keeps each open for a turn of the loop. */
class FakeEngine implements Engine {
  readonly name = 'sandbox';
  readonly jobs: EngineJob[] = [];
  most = 0;
  #running = 0;
  readonly #behaviour: (target: TargetId) => Behaviour;

  constructor(behaviour: (target: TargetId) => Behaviour = () => 'succeed') {
    this.#behaviour = behaviour;
  }

  async run(_action: string, job: EngineJob, { signal }: { readonly signal: AbortSignal }): Promise<EngineResult> {
    this.jobs.push(job);
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    await new Promise((resolve) => setImmediate(resolve));
    this.#running -= 1;
    const failed = (message: string): EngineResult => ({
      status: 'failed',
      changes: noChanges,
      steps: [],
      error: { code: 'aws/Boom', message, resource: 'urn:x' },
    });
    switch (this.#behaviour(job.target.id)) {
      case 'succeed':
        return { status: 'succeeded', changes: { ...noChanges, create: 1 }, steps: [], outputs: { of: job.target.id } };
      case 'fail':
        return failed('boom');
      case 'throw':
        throw new Error('engine broke');
      case 'hang':
        await new Promise((resolve) => (signal.aborted ? resolve(undefined) : signal.addEventListener('abort', resolve, { once: true })));
        return failed('stopped in mid-create');
    }
  }

  inspect = () => Promise.reject(new Error('not asked'));
  close = () => Promise.resolve();
}

/** Time that passes only in sleeps. A target's time limit (15 minutes and more) passes at once where `impatient`, and else never. */
function fakeClock(impatient = false): Clock {
  let now = Date.UTC(2026, 0, 1);
  return {
    now: () => new Date(now),
    sleep: async (milliseconds, signal) => {
      if (milliseconds >= 900_000 && !impatient)
        await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('over')), { once: true }));
      else now += milliseconds;
    },
  };
}

const drive = async (
  plan: RolloutPlan,
  options: { readonly engine: FakeEngine; readonly records?: TargetRecords; readonly clock?: Clock; readonly drain?: AbortSignal },
) => {
  const events: RolloutEvent[] = [];
  const kept: TargetRecord[] = [];
  const result = await driveRollout(plan, options.records ?? new Map(), {
    engine: options.engine,
    clock: options.clock ?? fakeClock(),
    reporter: { report: () => undefined },
    journal: { event: (event) => events.push(event), record: (record) => kept.push(record) },
    release: { digest: plan.release, directory: '/nowhere', manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7' } },
    drain: options.drain ?? new AbortController().signal,
  });
  const outcomes = Object.fromEntries(
    [...result.state.states].map(([id, state]) => [id, state.state === 'done' ? state.outcome : state.state]),
  );
  return { ...result, outcomes, events, kept };
};

const lenient = (text: string) => text.replace('failureTolerance: "10%"', 'failureTolerance: 9').replace('    failureTolerance: 0\n', '');
const BROKEN = 'regional/200000000002/eu-west-1' as TargetId;

describe('the driver', () => {
  test('starts foundations, then regionals, then observability, within the limits', async () => {
    const engine = new FakeEngine();
    const { state } = await drive(
      planOf(smallFleet({ accounts: 8, fleet: (text) => lenient(text).replace('maxConcurrent: 20', 'maxConcurrent: 3') })),
      { engine },
    );

    expect(state.outcome).toBe('succeeded');
    expect(engine.most).toBe(3);
    expect(engine.jobs.map((job) => job.target.layer)).toEqual([
      ...Array<string>(2).fill('foundation'),
      ...Array<string>(16).fill('regional'),
      ...Array<string>(2).fill('observability'),
    ]);
  });

  test('runs nothing of a plan that changes nothing, nor what turns out unchanged when its turn comes', async () => {
    const fleet = smallFleet({ accounts: 2, regions: ['eu-west-1'] });
    const first = await drive(planOf(fleet), { engine: new FakeEngine() });
    const idle = new FakeEngine();
    await drive(planOf({ ...fleet, records: first.records }), { engine: idle, records: first.records });
    expect(idle.jobs).toEqual([]);

    // Observability is planned as downstream of a changed regional, whose outputs then stay as they were.
    const smaller = smallFleet({ accounts: 2, regions: ['eu-west-1'], fleet: (text) => text.replace('memoryMb: 1024', 'memoryMb: 512') });
    const engine = new FakeEngine();
    const { outcomes } = await drive(planOf({ ...smaller, records: first.records }), { engine, records: first.records });
    expect(engine.jobs.map((job) => job.target.layer)).toEqual(['regional', 'regional']);
    expect(outcomes['observability/100000000003/eu-west-1']).toBe('unchanged');
  });

  test('keeps a failed target dirty with its last good deployment and first creation, and tells observability that a new one is missing', async () => {
    const fleet = smallFleet({ accounts: 3, regions: ['eu-west-1'], fleet: lenient });
    const engine = new FakeEngine((id) => (id === BROKEN ? 'fail' : 'succeed'));
    const first = await drive(planOf(fleet), { engine });
    expect(first.outcomes[BROKEN]).toBe('failed');
    expect(first.records.get(BROKEN)).toMatchObject({ good: null, dirty: true, outputs: null });
    expect(engine.jobs.at(-1)?.run.missing).toEqual([BROKEN]);

    const other = 'regional/200000000001/eu-west-1' as TargetId;
    const before = first.records.get(other);
    const changed = smallFleet({
      accounts: 3,
      regions: ['eu-west-1'],
      fleet: (text) => lenient(text).replace('memoryMb: 1024', 'memoryMb: 512'),
    });
    const second = await drive(planOf({ ...changed, records: first.records }), {
      engine: new FakeEngine((id) => (id === other ? 'fail' : 'succeed')),
      records: first.records,
    });
    expect(second.records.get(other)).toMatchObject({ good: before?.good, createdAt: before?.createdAt, dirty: true });
  });

  test.each([
    ['throws', 'throw', false, 'fleet/engine', 'engine broke'],
    [
      'takes longer than the target may',
      'hang',
      true,
      'fleet/timeout',
      'took longer than the 1800 s of targetTimeout: stopped in mid-create',
    ],
  ] as const)('an engine that %s fails that target alone', async (_name, behaviour, impatient, code, message) => {
    const plan = planOf(smallFleet({ accounts: 3, regions: ['eu-west-1'], fleet: lenient }));
    const { state, outcomes } = await drive(plan, {
      engine: new FakeEngine((id) => (id === BROKEN ? behaviour : 'succeed')),
      clock: fakeClock(impatient),
    });

    expect(state.states.get(BROKEN)).toMatchObject({ outcome: 'failed', error: { code, message } });
    expect(Object.values(outcomes).filter((outcome) => outcome === 'succeeded')).toHaveLength(plan.targets.length - 1);
  });

  test('drained, lets what runs finish and starts nothing more', async () => {
    const drain = new AbortController();
    const engine = new FakeEngine((id) => {
      if (id.startsWith('foundation/')) drain.abort(new Error('interrupted'));
      return 'succeed';
    });
    const { state, outcomes } = await drive(planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] })), { engine, drain: drain.signal });

    expect(state.outcome).toBe('aborted');
    expect(engine.jobs).toHaveLength(1);
    expect(Object.values(outcomes).sort()).toEqual(['cancelled', 'cancelled', 'cancelled', 'succeeded']);
  });

  test('writes the record of an attempt before the engine runs, and every event before what follows from it', async () => {
    const { events, kept } = await drive(planOf(smallFleet({ accounts: 1, regions: ['eu-west-1'] })), { engine: new FakeEngine() });

    expect(kept.map((record) => [record.target.split('/')[0], record.dirty])).toEqual([
      ['foundation', true],
      ['foundation', false],
      ['regional', true],
      ['regional', false],
      ['observability', true],
      ['observability', false],
    ]);
    expect(events[0]).toMatchObject({ type: 'begun' });
    expect(events.filter((event) => event.type === 'target-ended')).toHaveLength(3);
  });

  test('records as a whole rollout leaves them make the next plan empty', async () => {
    const fleet = smallFleet();
    const { records } = await drive(planOf(fleet), { engine: new FakeEngine() });

    expect(planOf({ ...fleet, records }).waves).toEqual([]);
    expect(planOf({ ...fleet, records: recordsAfter(planOf(fleet)) }).waves).toEqual([]);
  });
});

import type { TargetId } from '../../../contracts/target';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';

import { drive, fakeClock, FakeEngine, lenient } from './drive-plan';

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

  test.each([1, 2])('never runs more than %i targets of one account at once', async (perAccount) => {
    const engine = new FakeEngine();
    const unspread = (text: string) => lenient(text).replace('- name: rest', '- name: rest\n    spread: false');
    const regions = ['eu-west-1', 'us-east-1', 'ap-southeast-2'];
    await drive(
      planOf(smallFleet({ accounts: 3, regions, fleet: (text) => unspread(text).replace('perAccount: 2', `perAccount: ${perAccount}`) })),
      { engine },
    );

    expect(engine.mostInAccount).toBe(perAccount);
    expect(engine.most).toBeGreaterThan(perAccount);
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
      'throws once its time is up',
      'hang and throw',
      true,
      'fleet/timeout',
      'took longer than the 1800 s of targetTimeout: stopped in mid-create',
    ],
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

  test('drained before it began, starts nothing at all', async () => {
    const engine = new FakeEngine();
    const { state, kept } = await drive(planOf(smallFleet({ accounts: 2 })), {
      engine,
      drain: AbortSignal.abort(new Error('interrupted')),
    });

    expect(state.outcome).toBe('aborted');
    expect([engine.jobs, kept]).toEqual([[], []]);
  });

  test.each(['event', 'record'])('starts no engine where its journal cannot keep an %s', async (kind) => {
    const engine = new FakeEngine();
    const full = () => {
      throw new Error('disk full');
    };

    await expect(drive(planOf(smallFleet({ accounts: 1 })), { engine, journal: { [kind]: full } })).rejects.toThrow('disk full');
    expect(engine.jobs).toEqual([]);
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

  test('runs a dirty target again though its last good deployment is the very same, with the time of its first creation', async () => {
    const fleet = smallFleet({ accounts: 1, regions: ['eu-west-1'] });
    const id = 'regional/200000000001/eu-west-1' as TargetId;
    const clean = recordsAfter(planOf(fleet));
    const record = clean.get(id);
    if (!record) throw new Error('no record');
    const records = new Map([...clean, [id, { ...record, createdAt: '2020-02-02T00:00:00.000Z', dirty: true }]]);
    const engine = new FakeEngine();
    const { outcomes, records: after } = await drive(planOf({ ...fleet, records }), { engine, records });

    expect(outcomes[id]).toBe('succeeded');
    expect(engine.jobs.find((job) => job.target.id === id)?.run.createdAt).toBe('2020-02-02T00:00:00.000Z');
    expect(after.get(id)).toMatchObject({ createdAt: '2020-02-02T00:00:00.000Z', dirty: false });
  });

  test('records as a whole rollout leaves them make the next plan empty', async () => {
    const fleet = smallFleet();
    const { records } = await drive(planOf(fleet), { engine: new FakeEngine() });

    expect(planOf({ ...fleet, records }).waves).toEqual([]);
    expect(planOf({ ...fleet, records: recordsAfter(planOf(fleet)) }).waves).toEqual([]);
  });
});

import type { TargetId } from '../../../contracts/target';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';

import { noChanges } from '../../../fleet/ports';
import type { RolloutRequest } from '../../../fleet/rollout/driver-ports';

import { answerOf, red } from './core-fixture';
import { drive, FakeEngine, from, lenient, VirtualClock } from './drive-plan';

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
    ['throws', 'throw', 'fleet/engine', 'engine broke'],
    [
      'throws once its time is up',
      'hang and throw',
      'fleet/timeout',
      'took longer than the 1800 s of targetTimeout: stopped in mid-create',
    ],
    ['takes longer than the target may', 'hang', 'fleet/timeout', 'took longer than the 1800 s of targetTimeout: stopped in mid-create'],
  ] as const)('an engine that %s fails that target alone', async (_name, behaviour, code, message) => {
    const plan = planOf(smallFleet({ accounts: 3, regions: ['eu-west-1'], fleet: lenient }));
    const { state, outcomes } = await drive(plan, {
      engine: new FakeEngine((id) => (id === BROKEN ? behaviour : 'succeed')),
    });

    expect(state.states.get(BROKEN)).toMatchObject({ outcome: 'failed', error: { code, message } });
    expect(Object.values(outcomes).filter((outcome) => outcome === 'succeeded')).toHaveLength(plan.targets.length - 1);
  });

  test('drained, lets what runs finish, starts nothing more, and goes on from there when it is resumed', async () => {
    const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] }));
    const drain = new AbortController();
    const engine = new FakeEngine((id) => {
      if (id.startsWith('foundation/')) drain.abort(new Error('interrupted'));
      return 'succeed';
    });
    const first = await drive(plan, { engine, drain: drain.signal });

    expect(first).toMatchObject({ left: 'interrupted', state: { outcome: null, paused: { by: 'an interrupt' } } });
    expect(engine.jobs).toHaveLength(1);
    expect(Object.values(first.outcomes).sort()).toEqual(['pending', 'pending', 'pending', 'succeeded']);

    const second = await drive(plan, { engine, ...from(first) });
    expect(second).toMatchObject({ left: 'ended', state: { outcome: 'succeeded', paused: null } });
    expect(engine.jobs).toHaveLength(4);
  });

  test('drained before it began, starts nothing at all', async () => {
    const engine = new FakeEngine();
    const { left, kept } = await drive(planOf(smallFleet({ accounts: 2 })), { engine, drain: AbortSignal.abort(new Error('interrupted')) });

    expect([left, engine.jobs, kept]).toEqual(['interrupted', [], []]);
  });

  test('cancelled, stops what runs, which is run again when it is resumed, under its next attempt', async () => {
    const plan = planOf(smallFleet({ accounts: 1, regions: ['eu-west-1'] }));
    const [drain, cancel] = [new AbortController(), new AbortController()];
    const engine = new FakeEngine((id, job) => {
      if (!id.startsWith('regional/') || !job.id.endsWith('#1')) return 'succeed';
      drain.abort(new Error('interrupted'));
      cancel.abort(new Error('at once'));
      return 'hang';
    });
    const first = await drive(plan, { engine, drain: drain.signal, cancel: cancel.signal });
    expect(first.left).toBe('interrupted');
    expect(first.state.states.get(plan.waves[1]?.targets[0] ?? BROKEN)).toEqual({ state: 'pending', attempts: 1 });

    const second = await drive(plan, { engine, ...from(first) });
    expect(second.state.outcome).toBe('succeeded');
    expect(engine.jobs.map((job) => job.id.replace(/^.*\/([a-z]+)\/.*#/, '$1 '))).toEqual([
      'foundation 1',
      'regional 1',
      'regional 2',
      'observability 1',
    ]);
  });

  test('whose lease is lost rejects, and what runs is stopped', async () => {
    const lost = new AbortController();
    const engine = new FakeEngine((id) => {
      if (id.startsWith('regional/')) lost.abort(new Error('another controller has taken over'));
      return id.startsWith('regional/') ? 'hang' : 'succeed';
    });

    await expect(drive(planOf(smallFleet({ accounts: 1 })), { engine, lost: lost.signal })).rejects.toThrow('another controller');
  });

  test.each(['fleet/fenced', 'fleet/sandbox-io'])('whose engine can write no more (%s) rejects: no target has failed', async (code) => {
    const engine = new FakeEngine();
    const written: object[] = [];
    const error = { code, message: 'no space left on device', resource: null };
    engine.run = () => Promise.resolve({ status: 'failed', changes: noChanges, steps: [], error });
    const append = (entries: readonly object[]) => void written.push(...entries);

    await expect(drive(planOf(smallFleet({ accounts: 1 })), { engine, append })).rejects.toMatchObject({ code, message: error.message });
    expect(JSON.stringify(written)).not.toContain('target-ended');
  });

  test.each(['event', 'record'])('starts no engine where its journal cannot keep an %s', async (kind) => {
    const engine = new FakeEngine();
    const append = (entries: readonly object[]) => {
      if (entries.some((entry) => kind in entry)) throw new Error('disk full');
    };

    await expect(drive(planOf(smallFleet({ accounts: 1 })), { engine, append })).rejects.toThrow('disk full');
    expect(engine.jobs).toEqual([]);
  });

  test('writes the record of an attempt before the engine runs, and what its wave made of it after', async () => {
    const { events, kept } = await drive(planOf(smallFleet({ accounts: 1, regions: ['eu-west-1'] })), { engine: new FakeEngine() });

    const standing = ({ dirty, good }: (typeof kept)[number]) => (dirty ? 'begun' : good === null ? 'deployed' : 'good');
    const story = (layer: string) => kept.filter(({ target }) => target.startsWith(layer)).map(standing);
    expect(['foundation', 'regional', 'observability'].map((layer) => [layer, story(layer)])).toEqual([
      ['foundation', ['begun', 'deployed', 'good']],
      ['regional', ['begun', 'deployed', 'good']],
      // Nothing is judged after it: it is good as soon as it stands.
      ['observability', ['begun', 'good']],
    ]);
    expect(events[0]).toMatchObject({ type: 'begun' });
    expect(events.filter((event) => event.type === 'target-ended')).toHaveLength(3);
  });

  test('waits a bake out though its timer fires early', async () => {
    const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] }));
    const bake = plan.waves.find((wave) => wave.bakeSeconds > 0)?.bakeSeconds ?? 0;
    const clock = new VirtualClock(1);
    const { state } = await drive(plan, { engine: new FakeEngine(), clock });

    expect(bake).toBeGreaterThan(0);
    expect(state.outcome).toBe('succeeded');
    expect(clock.sleeps).toContain(bake * 1000);
    expect(clock.sleeps).toContain(1);
  });

  test('takes a wave back whose alarms turn red, to what was good, in the order of the core', async () => {
    const fleet = smallFleet({ accounts: 2, regions: ['eu-west-1'] });
    const before = await drive(planOf(fleet), { engine: new FakeEngine() });
    const changed = smallFleet({ accounts: 2, regions: ['eu-west-1'], fleet: (text) => text.replace('memoryMb: 1024', 'memoryMb: 512') });
    const plan = planOf({ ...changed, records: before.records });
    const engine = new FakeEngine();
    const ask = () => (engine.jobs.length > 0 ? answerOf('fail', [red(plan.waves[0]?.targets[0] ?? '')]) : answerOf('pass'));
    const { state, records, outcomes } = await drive(plan, { engine, records: before.records, ask });
    const ill = plan.waves[0]?.targets[0] ?? BROKEN;

    expect(engine.previews.map((job) => job.target.id)).toEqual([ill]);
    expect(engine.jobs.map((job) => [job.target.id, job.purpose])).toEqual([
      [ill, 'forward'],
      [ill, 'rollback'],
    ]);
    expect([state.outcome, outcomes[ill]]).toEqual(['rolled_back', 'rolled_back']);
    expect(records.get(ill)?.good).toEqual(before.records.get(ill)?.good);
    expect(records.get(ill)).toMatchObject({ dirty: false, traffic: 'settled' });
  });

  const asking = () => planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'], fleet: (text) => text.replace('- name: rest', '- name: rest\n    approval: required') })); // prettier-ignore

  test('leaves where only a person can go on, and goes on with the word', async () => {
    const plan = asking();
    const engine = new FakeEngine();
    const first = await drive(plan, { engine });
    const wave = plan.waves.find(({ approval }) => approval)?.name;
    expect(first).toMatchObject({ left: 'waiting', waiting: { kind: 'person', wave, approvable: true } });

    const yes: RolloutRequest = {
      ...{ type: 'approve', id: '1', by: 'ann', wave: null, acceptRed: false, planDigest: plan.digest },
      expiresAt: '2026-01-02T00:00:00.000Z',
    };
    const second = await drive(plan, { engine, ...from(first), requests: () => [yes], waitSeconds: 60 });
    expect(second.state.outcome).toBe('succeeded');
    expect(second.events.filter((event) => 'message' in event && event.message === '1')).toHaveLength(1);
  });

  test('waits no longer for a person, or a time, than it may', async () => {
    const clock = new VirtualClock();
    const person = await drive(asking(), { engine: new FakeEngine(), clock, waitSeconds: 600 });
    expect(person.left).toBe('waiting');
    expect(clock.now().getTime() - Date.UTC(2026, 0, 1)).toBeGreaterThanOrEqual(600_000);

    const long = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'], fleet: (text) => text.replace(/bake: \w+/, 'bake: 2h') }));
    const time = await drive(long, { engine: new FakeEngine(), waitSeconds: 60 });
    expect(time).toMatchObject({ left: 'waiting', waiting: { kind: 'time', until: expect.stringMatching(/T02:00:0/) as unknown } });
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

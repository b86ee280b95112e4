import { candidatesFor, KeepFinder } from '../../../fleet/commands/keep-found';
import type { TargetDifference } from '../../../fleet/engine/target-differences';
import type { TargetRecord } from '../../../fleet/plan/target-record';
import type { EngineAction, EngineJob, EngineResult, EngineStep } from '../../../fleet/ports';

const SETTINGS = { memoryMb: 1024, timeoutSeconds: 30, logRetentionDays: 30, heartbeat: true, batchSize: 5, maxReceiveCount: 5, existing: null, alarms: { concurrencyPercent: 80 } }; // prettier-ignore
const record = (target = 'regional/111111111111/eu-west-1') =>
  ({ target, createdAt: '2026-01-05T08:00:00.000Z', current: { release: 'r', config: { settings: SETTINGS }, live: '1', previous: null } }) as unknown as TargetRecord; // prettier-ignore
const difference = (deployed: unknown, found: unknown, more: Partial<TargetDifference> = {}): TargetDifference => ({
  ...{ urn: 'urn:one', type: 't', name: 'one', kind: 'changed', path: 'value', deployed, found },
  ...more,
});

describe('settings that may make a found value so', () => {
  test.each<[unknown, unknown, string[]]>([
    [1024, 512, ['order.memoryMb: 512']],
    [30, 60, ['order.timeout: 60s', 'order.logRetentionDays: 60']],
    [30, 31, ['order.timeout: 31s']],
    [true, false, ['order.heartbeat: false']],
    [80, 90, ['order.alarms.concurrencyPercent: 90']],
    [5, 7, ['order.batchSize: 7', 'order.maxReceiveCount: 7']],
    [1024, 1, []],
    [1024, '512', []],
    [1024, null, []],
    [null, 512, []],
    [77, 512, []],
    [{ a: 1 }, { a: 2 }, []],
  ])('of %j that is found as %j are %j', (deployed, found, settings) => {
    expect(candidatesFor(record(), difference(deployed, found)).map(({ setting }) => setting)).toEqual(settings);
  });

  test('are none of what is gone', () => {
    expect(candidatesFor(record(), difference(1024, 512, { kind: 'gone' }))).toEqual([]);
  });

  test('tell the program what was found, and all else as it was deployed', () => {
    expect(candidatesFor(record(), difference(80, 90))[0]?.settings).toEqual({ ...SETTINGS, alarms: { concurrencyPercent: 90 } });
  });
});

describe('a setting is named', () => {
  /** An engine whose preview would change the value unless `fits` says that the settings make it so. */
  const engineWhere = (fits: (settings: typeof SETTINGS) => boolean) => {
    const asked: EngineJob[] = [];
    const step: EngineStep = { op: 'update', urn: 'urn:one', type: 't', name: 'one', keys: ['value'] };
    const run = (_action: EngineAction, job: EngineJob): Promise<EngineResult> => {
      asked.push(job);
      const steps = fits(job.config.settings as typeof SETTINGS) ? [] : [step];
      return Promise.resolve({
        status: 'succeeded',
        changes: { create: 0, update: 0, replace: 0, delete: 0, same: 0 },
        steps,
        outputs: {},
      });
    };
    const finder = new KeepFinder({ engine: { run }, releaseOf: () => ({}) as never, signal: new AbortController().signal });
    return { asked, finder };
  };

  test('only where a preview that reads first has nothing to bring back there', async () => {
    const { asked, finder } = engineWhere(({ maxReceiveCount }) => maxReceiveCount === 7);

    expect(await finder.find(record(), difference(5, 7))).toBe('order.maxReceiveCount: 7');
    expect(await finder.find(record(), difference(1024, 512))).toBeNull();
    expect(asked.every(({ refresh }) => refresh === true)).toBe(true);
  });

  test('for all targets that differ in the same way by one preview', async () => {
    const { asked, finder } = engineWhere(() => true);
    const targets = ['regional/111111111111/eu-west-1', 'regional/222222222222/eu-west-1', 'regional/111111111111/us-east-1'];

    const found = await Promise.all(targets.map((target) => finder.find(record(target), difference(1024, 512))));

    expect([found, asked.length]).toEqual([targets.map(() => 'order.memoryMb: 512'), 1]);
  });

  test('after a bounded number of previews, whatever differs', async () => {
    const { asked, finder } = engineWhere(() => false);

    for (let found = 128; found < 228; found += 1) await finder.find(record(), difference(1024, found));

    expect(asked).toHaveLength(12);
  });

  test('never where the preview fails', async () => {
    const run = () => Promise.reject(new Error('no role'));
    const finder = new KeepFinder({ engine: { run }, releaseOf: () => ({}) as never, signal: new AbortController().signal });
    expect(await finder.find(record(), difference(1024, 512))).toBeNull();
  });
});

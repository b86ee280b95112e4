import type { CodeVersions } from '../../../contracts/health';
import type { PlannedTarget } from '../../../fleet/plan/rollout-plan';
import type { TargetRecord } from '../../../fleet/plan/target-record';
import type { EngineResult } from '../../../fleet/ports';
import { digestOf } from '../../../fleet/digest';
import { forwardEntries, promoted, rollbackEntries, type EndedRun } from '../../../fleet/rollout/target-result';
import { planOf, recordsAfter, releaseOf, smallFleet } from '../plan/plan-fixture';

import { boom, updated } from './core-fixture';

const plan = planOf(smallFleet({ accounts: 1, regions: ['eu-west-1'] }));
const plannedIn = (layer: string): PlannedTarget => {
  const planned = plan.targets.find(({ target }) => target.layer === layer);
  if (!planned) throw new Error(`the plan has no ${layer}`);
  return planned;
};
const NOW = '2026-02-02T00:00:00.000Z';
const goods = recordsAfter(plan);
const records = (layer: string): TargetRecord => {
  const record = goods.get(plannedIn(layer).target.id);
  if (!record) throw new Error('no record');
  return record;
};
const settled: CodeVersions = { functionName: 'orders-order', published: '8', live: '8', previous: '7', liveDigest: 'order-1' };

function run(over: Partial<EndedRun> = {}, layer = 'regional'): EndedRun {
  const record = records(layer);
  if (!record.current) throw new Error('nothing is deployed');
  const deployment = { ...record.current, fingerprint: 'new' };
  return {
    planned: plannedIn(layer),
    phase: 'full',
    at: NOW,
    seconds: 7,
    begun: { ...record, current: deployment, dirty: true, outputs: 'before', traffic: 'settled' },
    deployment,
    versions: layer === 'regional' ? settled : undefined,
    manifest: releaseOf().manifest,
    ...over,
  };
}

const outputs = { queue: 'q' };
const succeeded: EngineResult = { status: 'succeeded', changes: updated, steps: [], outputs };
const failed = (code = 'aws/Boom'): EngineResult => ({ status: 'failed', changes: updated, steps: [], error: { ...boom, code } });
const target = plannedIn('regional').target.id;

describe('a forward run that', () => {
  test('succeeded has its record settled, and its end told after that', () => {
    const ended = run();
    const entries = forwardEntries(ended, succeeded);

    expect(entries).toEqual([
      {
        record: {
          ...ended.begun,
          current: { ...ended.deployment, live: '8', previous: '7' },
          dirty: false,
          traffic: 'settled',
          outputs: digestOf(outputs),
          health: null,
          seconds: 7,
        },
      },
      { event: { type: 'target-ended', at: NOW, target, outcome: 'succeeded', engineRuns: 1, changes: updated, error: null } },
    ]);
  });

  test('succeeded without known seconds keeps those of the last one', () => {
    expect(forwardEntries(run({ seconds: null }), succeeded)[0]).toMatchObject({ record: { seconds: 1 } });
  });

  test('succeeded in a layer without versions has none', () => {
    const entries = forwardEntries(run({ deployment: { ...run().deployment, live: null } }, 'foundation'), succeeded);

    expect(entries[0]).toMatchObject({ record: { dirty: false, current: { live: null }, health: null } });
    expect(entries[1]).toMatchObject({ event: { outcome: 'succeeded' } });
  });

  test.each([
    ['aws/Boom', 'failed'],
    ['pulumi/locked', 'blocked'],
  ])('failed with %s ends %s, and its record stays dirty', (code, outcome) => {
    expect(forwardEntries(run(), failed(code))).toEqual([
      { event: { type: 'target-ended', at: NOW, target, outcome, engineRuns: 1, changes: updated, error: { ...boom, code } } },
    ]);
  });

  test('put a new version on trial is shifting, and the version before serves', () => {
    const entries = forwardEntries(run({ phase: 'shift', versions: { ...settled, published: '9', liveDigest: null } }), succeeded);

    expect(entries).toEqual([
      { record: expect.objectContaining({ traffic: 'shifting', dirty: false }) as unknown },
      { event: { type: 'target-shifted', at: NOW, target, changes: updated } },
    ]);
    expect(entries[0]).toMatchObject({ record: { current: { live: '8' } } });
  });

  test('was to put a version on trial and published none has ended', () => {
    const entries = forwardEntries(run({ phase: 'shift' }), succeeded);

    expect(entries).toMatchObject([{ record: { traffic: 'settled' } }, { event: { type: 'target-ended', outcome: 'succeeded' } }]);
  });

  test.each(['full', 'finish'] as const)(
    'is to give all the orders to a new version (%s) and left an older one serving has failed',
    (phase) => {
      const entries = forwardEntries(run({ phase, versions: { ...settled, published: '9', liveDigest: null } }), succeeded);

      expect(entries).toEqual([
        {
          event: {
            type: 'target-ended',
            at: NOW,
            target,
            outcome: 'failed',
            engineRuns: 1,
            changes: updated,
            error: {
              code: 'fleet/wrong-version',
              message: 'version 8 serves though 9 was published: fleet rollout deploys it again',
              resource: null,
            },
          },
        },
      ]);
    },
  );

  test('published code of another release has failed', () => {
    const versions = { ...settled, liveDigest: 'another-one-altogether' };
    const [entry] = forwardEntries(run({ versions }), succeeded);
    const release = plannedIn('regional').release.slice(0, 12);

    expect(entry).toMatchObject({
      event: {
        outcome: 'failed',
        error: {
          code: 'fleet/wrong-version',
          message: `version 8 serves code another-one- that is not of release ${release}, publishing failed: fleet rollout deploys it again`,
        },
      },
    });
  });

  test.each([{ liveDigest: 'dead-letter-1' }, { liveDigest: null }])(
    'serves code of its release, or does not tell which, is well: %j',
    (more) => {
      expect(forwardEntries(run({ versions: { ...settled, ...more } }), succeeded)[1]).toMatchObject({ event: { outcome: 'succeeded' } });
    },
  );

  test('went back to an older release may serve an older version, of other code', () => {
    const planned = { ...plannedIn('regional'), purpose: 'rollback' as const };
    const versions = { ...settled, published: '9', liveDigest: 'older' };

    expect(forwardEntries(run({ planned, versions }), succeeded)).toMatchObject([
      { record: { current: { live: '8' }, traffic: 'settled' } },
      { event: { outcome: 'succeeded' } },
    ]);
    expect(forwardEntries(run({ planned, versions: 'unknown' }), succeeded)[1]).toMatchObject({ event: { outcome: 'succeeded' } });
  });

  test.each(['full', 'shift', 'finish'] as const)(
    'succeeded (%s) in a stack that cannot be read is not known to have: which version serves?',
    (phase) => {
      expect(forwardEntries(run({ phase, versions: 'unknown' }), succeeded)).toEqual([
        {
          event: {
            type: 'target-ended',
            at: NOW,
            target,
            outcome: 'failed',
            engineRuns: 1,
            changes: updated,
            error: {
              code: 'fleet/unknown-outcome',
              message: 'deployed, but its stack cannot be read: nobody knows which version serves',
              resource: null,
            },
          },
        },
      ]);
    },
  );
});

describe('a way back that', () => {
  test('succeeded leaves what was good as good and current, as it serves now', () => {
    const ended = run({
      deployment: { ...run().deployment, fingerprint: 'old', live: '7' },
      versions: { ...settled, live: '7', previous: '6', liveDigest: null },
    });
    const [kept, told] = rollbackEntries(ended, succeeded);

    const good = { ...ended.deployment, fingerprint: 'old', live: '7', previous: '6' };
    expect(kept).toMatchObject({ record: { good, current: good, dirty: false, traffic: 'settled' } });
    expect(told).toEqual({ event: { type: 'rollback-ended', at: NOW, target, outcome: 'rolled_back', changes: updated, error: null } });
  });

  test('succeeded where no version was known before knows it now', () => {
    const versions = { ...settled, published: '9', live: '9', previous: '8', liveDigest: null };
    const ended = run({ deployment: { ...run().deployment, live: null }, versions });

    const now = { live: '9', previous: '8' };
    expect(rollbackEntries(ended, succeeded)[0]).toMatchObject({ record: { good: now, current: now } });
  });

  test('succeeded in a stack that cannot be read stands on the version that was to serve', () => {
    const planned = { live: '7', previous: '6' };
    const ended = run({ deployment: { ...run().deployment, ...planned }, versions: 'unknown' });

    expect(rollbackEntries(ended, succeeded)[0]).toMatchObject({ record: { good: planned, current: planned } });
  });

  test('failed is told, and the record stays dirty', () => {
    expect(rollbackEntries(run(), failed())).toEqual([
      { event: { type: 'rollback-ended', at: NOW, target, outcome: 'rollback_failed', changes: updated, error: boom } },
    ]);
  });
});

test('a promoted deployment is the one to go back to from now on', () => {
  const record = run().begun;

  expect(promoted(record)).toEqual({ ...record, good: record.current });
});

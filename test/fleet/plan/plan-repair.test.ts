import type { TargetId } from '../../../contracts/target';
import { planRepair, type DriftedResource, type RepairInput } from '../../../fleet/plan/plan-repair';
import type { TargetRecord } from '../../../fleet/plan/target-record';

import { noSecrets, planOf, recordsAfter, smallFleet } from './plan-fixture';

const fleet = smallFleet();
const rollout = planOf(fleet);
const records = recordsAfter(rollout);
const drifted = (resources: readonly DriftedResource[], ...records: readonly TargetRecord[]) =>
  records.map((record) => ({ record, resources }));
const resource = (type: string, name: string, more: Partial<DriftedResource> = {}): DriftedResource => ({
  urn: `urn:pulumi:stack::regional::${type}::${name}`,
  ...{ type, gone: false, details: [`${name}: x 1 -> 2`] },
  ...more,
});
const threshold = resource('aws:cloudwatch/metricAlarm:MetricAlarm', 'errors');
const table = resource('aws:dynamodb/table:Table', 'orders-table', { gone: true });
const repair = (input: Pick<RepairInput, 'drifted'> & Partial<RepairInput>) =>
  planRepair({ config: fleet.config, inventory: '', records, secrets: noSecrets, recreate: new Set(), ...input });
const one = (id: string): TargetRecord => {
  const found = records.get(id as TargetId);
  if (!found) throw new Error(`no record of ${id}`);
  return found;
};

const FIRST = 'regional/200000000001/eu-west-1';
const OTHERS = ['regional/200000000002/eu-west-1', 'regional/200000000003/us-east-1'];
const FOUNDATION = 'foundation/100000000002/eu-west-1';

describe('the plan of a repair', () => {
  test('takes what drifted through the configured waves, gated as in a rollout', () => {
    const plan = repair({ drifted: drifted([threshold], one(FIRST), ...OTHERS.map(one)) });

    expect(plan.waves.map(({ name, gated, targets }) => [name, gated, targets])).toEqual([
      ['canary', true, [FIRST]],
      ['rest/eu-west-1', true, [OTHERS[0]]],
      ['rest/us-east-1', true, [OTHERS[1]]],
    ]);
    expect(plan).toMatchObject({ purpose: 'repair', rollsBack: null, windows: fleet.config.windows });
  });

  test('brings each back to the release and settings that are good, and says what differs', () => {
    const { config, release } = one(FIRST).good ?? fail();
    const [planned] = repair({ drifted: drifted([threshold], one(FIRST)) }).targets;

    expect(planned).toMatchObject({ purpose: 'repair', reasons: ['drift'], details: ['errors: x 1 -> 2'], release, config });
  });

  test('mends a foundation before what needs it, gated by the alarms of what stands on it', () => {
    const plan = repair({ drifted: drifted([threshold], one(FOUNDATION), one(FIRST)) });

    expect(plan.waves[0]).toMatchObject({ name: 'foundation/eu-west-1', gated: true });
    expect(plan.waves[0]?.watches).toContain(OTHERS[0]);
    expect(plan.targets.find(({ target }) => target.id === FIRST)?.dependencies).toEqual([{ target: FOUNDATION, kind: 'hard' }]);
  });

  test.each([
    ['is dirty', { dirty: true }],
    ['has a version on trial', { traffic: 'shifting' as const }],
    ['stands on what was never promoted', { current: { ...(one(FIRST).current ?? fail()), fingerprint: 'another' } }],
    ['has nothing that is good', { good: null }],
  ])('leaves out, and names, a target that %s', (_name, over) => {
    const plan = repair({ drifted: drifted([threshold], { ...one(FIRST), ...over }, one(OTHERS[0] ?? '')) });

    expect(plan.targets.map(({ target }) => target.id)).toEqual([OTHERS[0]]);
    expect(plan.excluded).toEqual([expect.objectContaining({ reason: expect.stringContaining(FIRST) as string })]);
  });

  test.each([
    ['a table', table],
    ['a key', resource('aws:kms/key:Key', 'data-key', { gone: true })],
    ['a bucket', resource('aws:s3/bucket:Bucket', 'archive-bucket', { gone: true })],
    ['a queue', resource('aws:sqs/queue:Queue', 'order-queue', { gone: true })],
    ['a topic', resource('aws:sns/topic:Topic', 'critical-topic', { gone: true })],
    ['a log group', resource('aws:cloudwatch/logGroup:LogGroup', 'order-logs', { gone: true })],
  ])('blocks the target of which %s is gone, and no other', (_name, gone) => {
    const plan = repair({ drifted: [...drifted([gone, threshold], one(FIRST)), ...drifted([threshold], one(OTHERS[0] ?? ''))] });
    const [blocked, other] = plan.targets;

    expect([blocked?.wave, other?.wave]).toEqual([null, 'canary']);
    expect(blocked?.blocked).toContain(`fleet repair --recreate ${gone.urn}`);
    expect(plan.waves.flatMap(({ targets }) => targets)).toEqual([OTHERS[0]]);
  });

  test('makes anew what is named, and only that', () => {
    const bucket = resource('aws:s3/bucket:Bucket', 'archive-bucket', { gone: true });
    const recreate = new Set([table.urn]);

    expect(repair({ recreate, drifted: drifted([table], one(FIRST)) }).targets[0]).toMatchObject({ wave: 'canary' });
    expect(repair({ recreate, drifted: drifted([table, bucket], one(FIRST)) }).targets[0]?.blocked).toContain('archive-bucket');
  });

  test.each([
    ['an alarm', threshold],
    ['a function', resource('aws:lambda/function:Function', 'order-function')],
    ['a role', resource('aws:iam/role:Role', 'order-role')],
  ])('makes %s that is gone anew by itself', (_name, kind) => {
    expect(repair({ drifted: drifted([{ ...kind, gone: true }], one(FIRST)) }).targets[0]?.blocked).toBeUndefined();
  });
});

function fail(): never {
  throw new Error('no such record');
}

import { firstCreation, foundRecord } from '../../../fleet/rollout/found-record';
import { type DeployedResource, type Inspection } from '../../../fleet/ports';
import { planOf, smallFleet } from '../plan/plan-fixture';

const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] }));
const at = '2026-11-24T00:00:00.000Z';
const made = '2026-01-02T03:04:05.678Z';
const later = '2026-05-06T07:08:09.000Z';

const tagged = (over: Partial<DeployedResource>): DeployedResource => ({
  ...{ type: 'aws:sqs/queue:Queue', name: 'queue', urn: 'urn', id: 'queue', parent: null, protect: false, provider: null },
  ...{ inputs: {}, outputs: {} },
  ...over,
});
const stack = (resources: readonly DeployedResource[]): Inspection => ({
  exists: resources.length > 0,
  ...{ lastAttempt: null, lock: null, pending: [], resources, outputs: null },
});

describe('the first creation of a stack without a record', () => {
  test.each<[string, Partial<DeployedResource>[], string | undefined]>([
    ['is what its default tags tell', [{ outputs: { tagsAll: { CreatedAt: made } } }], made],
    ['is what its own tags tell', [{ inputs: { tags: { CreatedAt: made } } }], made],
    [
      'is the earliest that any tag tells',
      [{ inputs: { tags: { CreatedAt: later } } }, { outputs: { tagsAll: { CreatedAt: made } } }],
      made,
    ],
    ['is not told by a tag that the fleet did not write', [{ inputs: { tags: { CreatedAt: 'yesterday' } } }], undefined],
    ['is not told where nothing has tags', [{}, { inputs: { tags: null } }], undefined],
  ])('%s', (_name, resources, expected) => {
    expect(firstCreation(resources.map(tagged))).toBe(expected);
  });
});

describe('a target whose stack stands and whose record was lost', () => {
  const target = plan.targets.find((one) => one.target.layer === 'regional')?.target;
  if (!target) throw new Error('the plan has no regional target');
  const inspection = stack([tagged({ inputs: { tags: { CreatedAt: made } } })]);

  test('is dirty, keeps its first creation, and has nothing to go back to', () => {
    expect(foundRecord(target, { inspection, at })).toMatchObject({
      target: target.id,
      createdAt: made,
      good: null,
      current: null,
      dirty: true,
    });
  });

  test('was made now, as far as anybody can tell, where no tag says when', () => {
    expect(foundRecord(target, { inspection: stack([tagged({})]), at })?.createdAt).toBe(at);
  });

  test('is none where there is no stack', () => {
    expect(foundRecord(target, { inspection: stack([]), at })).toBeNull();
  });
});

import { regionalSettingsSchema, resolveRegionalSettings } from '../../../contracts/regional';
import { RUN_INPUTS_KEY, TARGET_CONFIG_KEY } from '../../../contracts/target-config';
import { stackName, stackReferenceName, targetAt, targetSchema } from '../../../contracts/target';
import { readConfig } from '../../../layer-kit/read-config';
import { createRegional } from '../../../regional/create-regional';
import { renderProgram, SIGNATURE } from '../../../sandbox/recording-monitor';
import { resourceTypes } from '../../../sandbox/types';
import { configOf, createdAt, ireland, shared, workload } from '../../layer-kit/render-layer';
import { foundationId, foundationOutputs } from '../../regional/render-regional';
import { FakeWorld } from './fake-world';

test.each(['default', 'customer'] as const)('smoke %s', async (encryption) => {
  const world = new FakeWorld(resourceTypes);
  const refused: string[] = [];
  const at = { account: workload, region: ireland, organizationId: 'o-abcdefghij' };
  const options = {
    layer: 'regional',
    account: workload,
    upstream: [{ target: foundationId, accountName: 'shared' }],
    stacks: { [foundationId]: foundationOutputs },
    settings: resolveRegionalSettings({ encryption }, 1000),
  };
  const bundle = (name: string) => ({ directory: `/release/lambda/${name}`, digest: 'a'.repeat(64) });
  const rendering = await renderProgram(async () => createRegional({ ...readConfig('regional', regionalSettingsSchema), bundle }), {
    project: 'regional',
    stack: stackName(targetAt({ layer: 'regional', account: workload, region: ireland, part: 1 })),
    config: { [TARGET_CONFIG_KEY]: JSON.stringify(configOf(options)), [RUN_INPUTS_KEY]: JSON.stringify({ createdAt }) },
    answers: {
      register: (request) => {
        if (!request.type.startsWith('aws:')) return { id: request.name, outputs: request.inputs };
        const inputs = JSON.parse(
          JSON.stringify(request.inputs, (_k, v: unknown) =>
            typeof v === 'object' && v !== null && SIGNATURE in v ? { ...v, hash: 'a'.repeat(64) } : v,
          ),
        ) as Record<string, unknown>;
        const type = resourceTypes.find((t) => t.type === request.type);
        if (!type) {
          refused.push(`no type ${request.type}`);
          return { id: 'x', outputs: inputs };
        }
        const outcome = world.create(request.type, inputs, { place: at, instance: request.urn });
        if (outcome.kind === 'done') return { id: outcome.resource.id, outputs: outcome.resource.outputs };
        refused.push(`${request.type} ${request.name}: ${outcome.name}: ${outcome.message}`);
        return { id: 'x', outputs: { ...inputs, arn: 'arn:aws:x:::x' } };
      },
      stackOutputs: (reference) => (reference === stackReferenceName(targetSchema.parse(foundationId)) ? foundationOutputs : undefined),
    },
  });
  expect(rendering.resources.length).toBeGreaterThan(20);
  expect(refused).toEqual([]);
});
void shared;

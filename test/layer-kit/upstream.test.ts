import * as pulumi from '@pulumi/pulumi';
import * as z from 'zod';

import { targetAt } from '../../contracts/target';
import { runInputsSchema } from '../../contracts/target-config';
import { requireUpstream, tryUpstream, upstreamOf } from '../../layer-kit/upstream';
import { configOf, ireland, renderLayer, shared, virginia, workload, type LayerOptions } from './render-layer';

const foundation = targetAt({ layer: 'foundation', account: shared, region: ireland });
const other = targetAt({ layer: 'foundation', account: shared, region: virginia });
const input = (targets: readonly (typeof foundation)[], missing: readonly string[] = []) => ({
  config: configOf({
    layer: 'regional',
    account: workload,
    settings: {},
    upstream: targets.map(({ id }) => ({ target: id, accountName: 'shared' })),
  }),
  run: runInputsSchema.parse({ missing }),
});

describe('what stands upstream', () => {
  test('is read from the configuration by layer, and marked where it is missing', () => {
    expect(upstreamOf(input([foundation, other], [other.id]), 'foundation').map(({ target, present }) => [target.id, present])).toEqual([
      ['foundation/111111111111/eu-west-1', true],
      ['foundation/111111111111/us-east-1', false],
    ]);
    expect(upstreamOf(input([foundation]), 'regional')).toEqual([]);
  });

  test.each([
    ['none is named', input([]), /names none/],
    ['several are named', input([foundation, other]), /has 2 foundation targets upstream, it takes one/],
    ['it has no stack', input([foundation], [foundation.id]), /foundation\/111111111111\/eu-west-1 has no stack yet/],
  ])('a program that needs one stops when %s', (_name, given, message) => {
    expect(() => requireUpstream(given, 'foundation')).toThrow(message);
  });
});

describe('outputs that may be missing', () => {
  const schema = z.object({ topic: z.string() });
  const read = async (options: Partial<LayerOptions>, present = true) => {
    const { outputs } = await renderLayer(
      async () => ({
        read: tryUpstream({ target: foundation, accountName: 'shared', present }, schema).apply((known) =>
          pulumi.output(known?.topic ?? 'nothing'),
        ),
      }),
      { layer: 'regional', account: workload, settings: {}, ...options },
    );
    return outputs.read;
  };

  test('are read through the contract', async () => {
    expect(await read({ stacks: { [foundation.id]: { topic: 'arn:topic', more: 1 } } })).toBe('arn:topic');
  });

  test('are undefined for a stack that stopped before it had any', async () => {
    expect(await read({ stacks: { [foundation.id]: {} } })).toBe('nothing');
  });

  test('are never asked of a stack that does not exist', async () => {
    expect(await read({}, false)).toBe('nothing');
  });
});

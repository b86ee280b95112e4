import * as pulumi from '@pulumi/pulumi';
import * as z from 'zod';

import { RUN_INPUTS_KEY, TARGET_CONFIG_KEY } from '../../contracts/target-config';
import { readConfig } from '../../layer-kit/read-config';
import { configOf, monitoring, workload } from './render-layer';

const settingsSchema = z.strictObject({ memoryMb: z.number().max(10_240) });
const config = configOf({ layer: 'regional', account: workload, settings: { memoryMb: 512 } });

const read = (stackConfig: Readonly<Record<string, string>>, stack = `${workload}.eu-west-1`) => {
  pulumi.runtime.setMockOptions(undefined, 'regional', stack);
  pulumi.runtime.setAllConfig({ ...stackConfig });
  return readConfig('regional', settingsSchema);
};

describe('reading the configuration', () => {
  test('gives the typed configuration, and the defaults of a plain `pulumi up` where no run inputs are set', () => {
    const input = read({ [TARGET_CONFIG_KEY]: JSON.stringify(config) });

    expect(input.config).toEqual(config);
    expect(input.run).toMatchObject({ publish: true, phase: 'full', attempt: 1, missing: [] });
    expect(input.run.stableVersion).toBeUndefined();
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['missing', {}, /fleet:target is missing/],
    ['not JSON', { [TARGET_CONFIG_KEY]: '{' }, /fleet:target is not JSON/],
    [
      'of a wrong setting',
      { [TARGET_CONFIG_KEY]: JSON.stringify({ ...config, settings: { memoryMb: 20_000 } }) },
      /fleet:target settings: memoryMb: .*10240/,
    ],
    ['of an unknown setting', { [TARGET_CONFIG_KEY]: JSON.stringify({ ...config, settings: { memoryMb: 1, memory: 1 } }) }, /memory/],
    [
      'of a wrong account',
      { [TARGET_CONFIG_KEY]: JSON.stringify({ ...config, account: { ...config.account, id: '12' } }) },
      /account.id: account id "12" is not 12 digits/,
    ],
    [
      'of another account than its target',
      { [TARGET_CONFIG_KEY]: JSON.stringify({ ...config, account: { ...config.account, id: monitoring } }) },
      /does not stand in account 222222222222/,
    ],
    [
      'of another layer',
      { [TARGET_CONFIG_KEY]: JSON.stringify({ ...config, target: config.target.replace('regional', 'foundation') }) },
      /is of layer foundation, this program is regional/,
    ],
    [
      'with wrong run inputs',
      { [TARGET_CONFIG_KEY]: JSON.stringify(config), [RUN_INPUTS_KEY]: '{"canaryPercent":101}' },
      /fleet:run: canaryPercent/,
    ],
  ])('refuses a configuration that is %s', (_name, stackConfig, message) => {
    expect(() => read(stackConfig)).toThrow(message);
  });

  test('refuses the configuration of another stack, which would move resources', () => {
    expect(() => read({ [TARGET_CONFIG_KEY]: JSON.stringify(config) }, `${workload}.us-east-1`)).toThrow(
      /is of stack 333333333333.eu-west-1, this stack is 333333333333.us-east-1/,
    );
  });

  test('names every wrong value at once', () => {
    expect(() => read({ [TARGET_CONFIG_KEY]: JSON.stringify({ ...config, region: 'moon', fleet: 'Big' }) })).toThrow(/Big.*moon|moon.*Big/);
  });
});

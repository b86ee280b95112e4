import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FaultBook } from '../../sandbox/fault-book';
import type { Properties } from '../../sandbox/resource-type';
import { SimulatedLambda } from '../../sandbox/simulated-lambda';
import { resourceTypes } from '../../sandbox/types';
import { findVersion } from '../../sandbox/types/common/function-reference';
import { World } from '../../sandbox/world';
import { otherRegion, place } from './types/fake-world';

const FUNCTION = 'aws:lambda/function:Function';
const ALIAS = 'aws:lambda/alias:Alias';
const ledger = (versions: readonly string[]) =>
  versions.map((version) => ({
    version,
    codeSha256: 'c',
    description: `bundle ${version}`,
    role: 'r',
    deadLetterTarget: null,
    digest: version,
  }));

describe('versions in the simulated Lambda', () => {
  let directory: string;
  let world: World;
  let now: number;
  const open = () =>
    new World({
      directory,
      types: new Map(resourceTypes.map((type) => [type.type, type])),
      now: () => now,
      secondsBetween: (from, to) => (to - from) / 1000,
      members: new Map(),
    });
  const put = (type: string, key: string, values: { readonly inputs: Properties; readonly outputs: Properties }) =>
    world.put({ type, key, id: key, account: place.account, region: place.region, owner: 'me', ...values });
  const putFunction = (versions: readonly string[]) => put(FUNCTION, 'orders', { inputs: {}, outputs: { __versions: ledger(versions) } });
  const putAlias = (name: string, outputs: Properties) =>
    put(ALIAS, `orders:${name}`, { inputs: { functionName: 'orders' }, outputs: { name, ...outputs } });
  const lambda = (faults: ConstructorParameters<typeof FaultBook>[0]['faults'] = []) =>
    new SimulatedLambda({ world, faults: new FaultBook({ directory, faults, promoted: [] }) });
  const target = 'regional/111122223333/eu-west-1';
  const remove = (version: string, from = lambda()) => from.deleteVersion('orders', version, { place, target });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'simulated-lambda-'));
    now = 1000;
    world = open();
    putFunction(['1', '2', '3', '4']);
    putAlias('live', { functionVersion: '3', routingConfig: { additionalVersionWeights: { '4': 0.1 } } });
    putAlias('previous', { functionVersion: '2' });
    put(ALIAS, 'other:live', { inputs: { functionName: 'other' }, outputs: { name: 'live', functionVersion: '9' } });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('are listed with the aliases of the function, and the versions that share an alias', () => {
    expect(lambda().listVersions('orders', place)).toEqual(['1', '2', '3', '4']);
    expect(lambda().listAliases('orders', place)).toEqual([
      { name: 'live', versions: ['3', '4'] },
      { name: 'previous', versions: ['2'] },
    ]);
    expect(() => lambda().listVersions('orders', otherRegion)).toThrow(
      'Function not found: arn:aws:lambda:us-east-1:111122223333:function:orders',
    );
  });

  test.each([
    ['4', 'ResourceConflictException', 'alias live points to it'],
    ['2', 'ResourceConflictException', 'alias previous points to it'],
    ['$LATEST', 'InvalidParameterValueException', 'without deleting the function'],
    ['9', 'ResourceNotFoundException', 'function:orders:9'],
  ])('are not deleted where AWS refuses: %s', (version, name, message) => {
    expect(() => remove(version)).toThrow(expect.objectContaining({ name, message: expect.stringContaining(message) as string }) as Error);
    expect(lambda().listVersions('orders', place)).toHaveLength(4);
  });

  test('are gone once they are deleted: for aliases, for a process that comes later, and after an update that does not know of it', () => {
    now = 2000;
    remove('1');
    expect(lambda().listVersions('orders', place)).toEqual(['2', '3', '4']);
    expect(() => remove('1')).toThrow('function:orders:1');

    world = open();
    expect(lambda().listVersions('orders', place)).toEqual(['2', '3', '4']);
    expect(world.find(FUNCTION, 'orders', place)).toMatchObject({ madeAt: 1000, changedAt: 1000 });
    putFunction(['1', '2', '3', '4', '5']);
    const updated = world.find(FUNCTION, 'orders', place);
    expect(lambda().listVersions('orders', place)).toEqual(['2', '3', '4', '5']);
    expect(updated && [findVersion(updated, '1'), findVersion(updated, '5')?.version]).toEqual([undefined, '5']);
  });

  test('of a function that was made again are all there', () => {
    remove('1');
    const made = world.find(FUNCTION, 'orders', place);
    if (!made) throw new Error('it is gone');
    world.remove(made);
    putFunction(['1']);

    expect(lambda().listVersions('orders', place)).toEqual(['1']);
  });

  test('stay where the planted fault strikes, and it counts its strikes', () => {
    const struck = lambda([{ target: 'regional/**', kind: 'delete-fails', on: FUNCTION, times: 1, after: 0 }]);

    expect(() => remove('1', struck)).toThrow(/sandbox fault delete-fails/);
    expect(struck.listVersions('orders', place)).toContain('1');
    remove('1', struck);
    expect(struck.listVersions('orders', place)).not.toContain('1');
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { regionalNames } from '../../contracts/names';

import { page, root } from './page';

const text = page('recovery.md');

describe('docs/recovery.md', () => {
  test('names the order table and the alias by the names that they have', () => {
    const names = regionalNames('orders', { account: accountIdSchema.parse('200000000001'), region: regionSchema.parse('eu-west-1') });

    expect(text).toContain(`--table-name ${names.ordersTable}`);
    expect(text).toContain(`--function-name ${names.orderFunction}:live`);
  });

  test('names the tests that rehearse it', () => {
    const paths = [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);

    expect(paths).toContain('test/cli/recovery.test.ts');
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('has a part for each disaster', () => {
    const parts = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);

    expect(parts).toEqual([
      'The state is lost',
      'The orders table is lost, or holds what it should not',
      'A region is lost',
      'An account is lost',
      'Moving to another shared or monitoring account, home region or set of regions',
    ]);
  });
});

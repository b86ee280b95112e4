import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { regionalNames } from '../../contracts/names';
import { parseCommandLine } from '../../fleet/commands/program';

import { fencedBlocks, page, root } from './page';

const text = page('recovery.md');

/** Command lines in running text and in blocks for a shell, as they would be typed. */
function commandLines(verb: string): readonly string[] {
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const typed = fencedBlocks(text, 'sh').flatMap((block) => block.replaceAll('\\\n', ' ').split(/\n|; do |; done/));
  return [...new Set([...inline, ...typed].map((line) => line.trim()).filter((line) => line.startsWith(`${verb} `)))];
}

describe('docs/recovery.md', () => {
  test.each(commandLines('fleet'))('%s is a command line that fleet takes', (line) => {
    const argv = line.split(' ').slice(1);
    // A flag that takes a value is named without one in running text.
    const whole = argv.at(-1) === '--region' ? [...argv, 'eu-west-1'] : argv;

    expect(parseCommandLine(whole, '0.0.0').kind).toBe('run');
  });

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
    ]);
  });
});

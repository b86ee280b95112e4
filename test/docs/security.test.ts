import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseCommandLine } from '../../fleet/commands/program';

import { repeated, root, section } from './page';

const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');

/** Verbs that a help text lists. */
function verbsIn(...argv: readonly string[]): readonly string[] {
  const help = parseCommandLine([...argv, '--help'], '0');
  return help.kind === 'print' ? [...help.text.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, verb = '']) => verb).filter((verb) => verb !== 'help') : [];
} // prettier-ignore

const verbs = verbsIn().flatMap((verb) => {
  const below = ['dlq', 'cost'].includes(verb) ? verbsIn(verb) : [];
  return below.length === 0 ? [verb] : below.map((one) => `${verb} ${one}`);
});

/** What a verb cannot be parsed without. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  init: ['folder'],
  preview: ['target'],
  show: ['target'],
  forget: ['target', '--confirm', 'orders'],
  destroy: ['--confirm', 'orders'],
  'dlq redrive': ['--class', 'transient'],
};

const rows = section(text, 'Who can do what')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', ''))); // prettier-ignore

describe('SECURITY.md', () => {
  test('says of every verb who may use it, and of nothing else', () => {
    const told = rows.map(([verb = '']) => verb);

    expect([...told].sort()).toEqual([...verbs].sort());
    expect(repeated(told)).toEqual([]);
    expect(new Set(rows.map(([, , role]) => role))).toEqual(new Set(['anybody', 'operator', 'deployer', 'administrator']));
  });

  test.each(rows.map(([verb = '', does = '']) => [verb, does]))('says truly that %s %s', (verb, does) => {
    const parsed = parseCommandLine([...verb.split(' '), ...(NEEDED[verb] ?? [])], '0');

    expect(parsed).toMatchObject({ kind: 'run', invocation: { result: does === 'tells' ? 'output' : 'change' } });
  });

  test('says how to report, and is linked from the README', () => {
    expect(section(text, 'How to report')).toContain('Report a vulnerability');
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('](SECURITY.md)');
  });
});

import { parseCommandLine } from '../../fleet/commands/program';
import { messageOf } from '../../fleet/errors';

import { commandsOfPages, commandsOfSources, typed, type Advised } from './advised-commands';

const help = parseCommandLine(['--help'], '0');
const verbs = help.kind === 'print' ? [...help.text.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, verb = '']) => verb) : [];

/** What is wrong with a command line; null: it is read. */
function fault({ command, where }: Advised): string | null {
  const words = typed(command);
  try {
    parseCommandLine(words, '0');
    return null;
  } catch (error) {
    // A sentence may leave out what a verb needs.
    return /^missing required argument|argument missing$|not specified$/.test(messageOf(error))
      ? null
      : `${where}: fleet ${command}: ${messageOf(error)}`;
  }
}

test('every command line of the documentation is one that fleet knows', () => {
  const commands = commandsOfPages();

  expect(commands.length).toBeGreaterThan(200);
  expect(commands.flatMap((one) => fault(one) ?? [])).toEqual([]);
});

test('every command line that the sources advise is one that fleet knows', () => {
  const commands = commandsOfSources(verbs);

  expect(commands.length).toBeGreaterThan(60);
  expect(commands.flatMap((one) => fault(one) ?? [])).toEqual([]);
});

test.each([
  ['roll', /unknown command 'roll'/],
  ['rollout --redploy', /unknown option '--redploy'/],
  ['plan regional/200000000001/eu-west-1', /too many arguments/],
])('fleet %s would be found', (command, expected) => {
  expect(fault({ where: 'page', command })).toMatch(expected);
});

test('no advice says to roll out again what a rollout would call unchanged', () => {
  const told = commandsOfSources(verbs).filter(({ where }) => where.startsWith('contracts/audit'));

  expect(told.filter(({ command }) => command.startsWith('rollout'))).toEqual([]);
});

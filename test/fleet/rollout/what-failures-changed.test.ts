import { join } from 'node:path';

import { emittedCodes } from '../../docs/emitted-codes';
import { root } from '../../docs/page';

import { boom, HandPlayed, setupOf } from './core-fixture';
import { noChanges } from '../../../fleet/ports';

/** Codes of a run that was never begun, or of no run at all: none of them comes to the core. */
const OF_NO_RUN: Readonly<Record<string, string>> = {
  'fleet/fenced': 'ends the controller, and says nothing of the target',
  'fleet/sandbox-io': 'ends the controller as well',
  'pulumi/cli-missing': 'ends the verb before there is an engine',
  'pulumi/cli-too-old': 'ends the verb before there is an engine',
  'pulumi/plugin-missing': 'told by doctor, not by a run',
  'user/passphrase-missing': 'ends the verb before there is an engine',
  'user/not-deployed': 'said where a stack is shown',
};

/** Failures without a resource and without a change told, by code: whether something may have changed all the same, and how that is known. */
const DECIDED: Readonly<Record<string, readonly [mayHaveChanged: boolean, evidence: string]>> = {
  'pulumi/locked': [false, 'the lock is looked at before the run, and taken by the CLI before its first operation'],
  'pulumi/wrong-passphrase': [
    false,
    'the state and the settings are decrypted before the first operation, with one passphrase for the whole run',
  ],
  'aws/wrong-account': [false, 'asked before the CLI is called'],
  'user/backend-of-another-fleet': [false, 'read before the first stack is written'],
  'user/release-damaged': [false, 'the program is held against its digest before it is loaded'],
  'user/release-incomplete': [false, 'the program is read before anything is planned'],
  'user/release-invalid': [false, 'the program is loaded before the CLI is started, and before anything is planned'],

  'aws/<name>': [true, 'a backend whose credentials end in mid-run says so in these words: changed, and not saved'],
  'pulumi/crashed': [true, 'the process ended in the midst of an operation'],
  'pulumi/process-failed': [true, 'also said where the channel to a process breaks that runs'],
  'pulumi/failed': [true, 'anything that has no name'],
  'pulumi/program-failed': [
    true,
    'a program may throw beside resources that are being made, and so may the sandbox where its own file is full',
  ],
  'pulumi/protected': [true, 'the sandbox names the resource, and plans the whole before it; the CLI finds it in mid-run'],
  'pulumi/foreign-plugin': [true, 'also found when a run has ended'],
  'pulumi/backend-damaged': [true, 'also found when a run has ended'],
  'pulumi/backend-unreachable': [true, 'also found when a run has ended'],
  'fleet/cancelled': [true, 'stopped, nobody knows where'],
  'fleet/internal': [true, 'a defect'],
  'fleet/engine': [true, 'the engine broke'],
  'fleet/timeout': [true, 'stopped, nobody knows where'],
  'fleet/unknown-outcome': [true, 'nobody can tell'],
  'fleet/wrong-version': [true, 'it was deployed'],
};

/** Given by the core itself, to what goes back in no case. */
const OF_THE_CORE = [
  ...[
    'fleet/blocked',
    'fleet/lost',
    'fleet/no-good',
    'fleet/no-way-back',
    'fleet/not-started',
    'fleet/still-needed',
    'fleet/upstream-failed',
  ],
];

const outcomeOf = (code: string) => (code === 'pulumi/locked' ? 'blocked' : 'failed');

/** Whether a target goes back with its wave that failed so, with no resource and no change told. */
function goesBack(code: string, attempts: 1 | 2 = 1): boolean {
  const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: ['a', 'b'] }])).answer('before', 'w', 'pass');
  if (attempts === 2) played.lose('a');
  played.end('a', outcomeOf(code), { changes: { ...noChanges, same: 3 }, error: { ...boom, code, resource: null } });
  return played.answer('during', 'w', 'fail').end('b', 'unchanged').sentBack.includes('a');
}

test.each(Object.entries(DECIDED).map(([code, [may, evidence]]) => [code, may, evidence] as const))(
  'a failure %s may have changed something: %s (%s)',
  (code, may) => {
    expect(goesBack(code.replace('<name>', 'ExpiredToken'))).toBe(may);
  },
);

test('somebody has decided on every code that an engine or the core gives, and on no other', () => {
  const given = [...emittedCodes(join(root, 'fleet', 'engine')).errors, ...emittedCodes(join(root, 'fleet', 'rollout')).errors];

  expect([...Object.keys(DECIDED), ...Object.keys(OF_NO_RUN), ...OF_THE_CORE].sort()).toEqual([...new Set(given)].sort());
});

test.each(['pulumi/of-tomorrow', 'fleet/of-tomorrow', 'user/of-tomorrow', 'gcp/NotFound'])(
  'one that nobody has looked at (%s) may have',
  (code) => {
    expect(goesBack(code)).toBe(true);
  },
);

test.each(Object.keys(DECIDED))('whatever the second attempt says (%s), the first was lost in the midst of its run', (code) => {
  expect(goesBack(code, 2)).toBe(true);
});

test('a resource that is named, or a change that is told, is one whatever the code is', () => {
  for (const more of [
    { error: { ...boom, code: 'pulumi/locked' } },
    { error: { ...boom, code: 'pulumi/locked', resource: null }, changes: { ...noChanges, delete: 1 } },
  ]) {
    const played = HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: ['a', 'b'] }])).answer('before', 'w', 'pass');
    expect(played.end('a', 'blocked', more).answer('during', 'w', 'fail').end('b', 'unchanged').sentBack).toEqual(['a']);
  }
});

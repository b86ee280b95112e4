import { join } from 'node:path';

import type { EngineEvent } from '../../fleet/ports';

import { emittedCodes } from './emitted-codes';
import { namedInFirstCells, page, repeated, root, section } from './page';

const text = page('messages.md');
const emitted = emittedCodes(join(root, 'fleet'));
/** `satisfies` keeps this in step with the port. */
const engineEvents = Object.keys({
  'resource-started': true,
  'resource-done': true,
  'resource-retried': true,
} satisfies Record<EngineEvent['kind'], true>);

const sorted = (codes: Iterable<string>) => [...new Set(codes)].sort();
const endsVerb = namedInFirstCells(section(text, 'Errors that end a verb'));
const endsTarget = namedInFirstCells(section(text, 'Errors of a target'));

describe('docs/messages.md', () => {
  test('lists the code of every message, and no other', () => {
    expect(sorted(namedInFirstCells(section(text, 'Messages')))).toEqual(sorted([...emitted.messages.keys(), ...engineEvents]));
  });

  test('gives every message its levels', () => {
    const rows = section(text, 'Messages').split('\n').filter((line) => line.startsWith('| `')); // prettier-ignore
    const written = rows.map((line) => line.split('|').slice(1, 3).map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))); // prettier-ignore
    const levels = Object.fromEntries(written.map(([[code = ''] = [], named = []]) => [code, sorted(named)]));
    const used = [...emitted.messages].map(([code, set]) => [code, sorted(set)] as const);

    expect(levels).toEqual(Object.fromEntries([...used, ...engineEvents.map((code) => [code, ['debug']] as const)]));
  });

  test('lists every error code, and no other', () => {
    expect(sorted([...endsVerb, ...endsTarget])).toEqual(sorted(emitted.errors));
  });

  test('lists no code twice in a table', () => {
    expect(repeated(endsVerb)).toEqual([]);
    expect(repeated(endsTarget)).toEqual([]);
  });
});

test('codes of messages are literals, but for an error being told and an event of the engine', () => {
  expect(sorted(emitted.computed)).toEqual(['code', 'event.kind']);
});

test('the scan finds what it is meant to find', () => {
  expect([...emitted.messages.keys()]).toEqual(expect.arrayContaining(['result', 'wave-ended', 'discovery-incomplete']));
  expect([...emitted.errors]).toEqual(
    expect.arrayContaining(['user/fleet-file', 'user/plan-file', 'fleet/locked', 'fleet/timeout', 'pulumi/crashed', 'aws/<name>']),
  );
});

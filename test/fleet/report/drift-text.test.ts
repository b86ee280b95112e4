import * as fc from 'fast-check';

import { driftTable, shownValue, type KeepableDifference } from '../../../fleet/report/drift-text';

const one = (difference: Partial<KeepableDifference>): KeepableDifference => ({
  ...{ urn: 'urn:pulumi:s::regional::aws:sqs/queue:Queue::jobs', type: 'aws:sqs/queue:Queue', name: 'jobs', kind: 'changed' },
  ...{ path: 'delaySeconds', deployed: 5, found: 9, keep: null },
  ...difference,
});
const table = (...differences: readonly KeepableDifference[]) =>
  driftTable([{ id: 'regional/1/r', state: 'drifted', differences }]).split('\n');

describe('the table of what differs', () => {
  test('has a line for each difference, with what was deployed and what is found', () => {
    expect(table(one({}), one({ path: 'tags.Team', deployed: 'a', found: null }), one({ kind: 'gone', path: null, deployed: null, found: null }))).toEqual([
      expect.stringMatching(/^TARGET +STATE +RESOURCE +WHAT +DEPLOYED -> FOUND$/),
      expect.stringMatching(/^regional\/1\/r +changed +aws:sqs\/queue:Queue jobs +delaySeconds +5 -> 9$/),
      expect.stringMatching(/ changed .* tags\.Team +"a" -> none$/),
      expect.stringMatching(/ gone +aws:sqs\/queue:Queue jobs$/),
    ]);
  }); // prettier-ignore

  test('says which setting would keep what was found', () => {
    expect(table(one({ keep: 'order.memoryMb: 512' }))[1]).toMatch(/5 -> 9 +keep: set order\.memoryMb: 512 in fleet\.yaml$/);
  });

  test('says why a target could not be looked at, and is nothing where nothing differs', () => {
    expect(driftTable([{ id: 'regional/1/r', state: 'not checked', reason: 'no role' }])).toMatch(/regional\/1\/r +NOT CHECKED +no role$/);
    expect(driftTable([{ id: 'regional/1/r', state: 'clean', differences: [] }])).toBe('');
  });

  test.each([
    [12, 12],
    [13, 12],
    [500, 12],
  ])('has for %i differences of a resource %i lines, the last one of which counts the rest', (count, lines) => {
    const rows = table(...Array.from({ length: count }, (_, index) => one({ path: `widgets[${index}]` }))).slice(1);

    expect(rows).toHaveLength(lines);
    if (count > lines) expect(rows.at(-1)).toContain(`and ${count - 11} more; --json tells all`);
  });

  test.each<[unknown, string]>([
    [null, 'none'],
    ['none', '"none"'],
    ['', '""'],
    ['[secret]', '[secret]'],
    [{ a: [1, true] }, '{"a":[1,true]}'],
    ['x'.repeat(100), `"${'x'.repeat(27)}...${'x'.repeat(27)}"`],
    ['\u{1F600}'.repeat(100), `"${'\u{1F600}'.repeat(27)}...${'\u{1F600}'.repeat(27)}"`],
  ])('shows %j as %s', (value, shown) => {
    expect(shownValue(value)).toBe(shown);
  });

  test('never has a line of its own from outside, nor a character that steers', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (path, found) => {
        const lines = table(one({ path, found }));
        expect(lines).toHaveLength(2);
        expect(lines.join('')).not.toMatch(/[\p{Cc}\u2028-\u202e]/u);
      }),
      { numRuns: 30 },
    );
  });
});

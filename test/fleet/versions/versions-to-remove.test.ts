import * as fc from 'fast-check';

import { versionsToRemove, type NeededVersion } from '../../../fleet/versions/versions-to-remove';

const LIVE = { version: '8', by: 'alias live' };
const PREVIOUS = { version: '7', by: 'alias previous' };
const upTo = (last: number) => Array.from({ length: last }, (_, index) => String(index + 1));

describe('the versions that go', () => {
  test.each<[string, readonly string[], readonly NeededVersion[], number, readonly string[]]>([
    ['are those that nothing needs', upTo(8), [LIVE, PREVIOUS], 0, upTo(6)],
    ['leave as many of the newest as are wanted, needed ones among them', upTo(8), [LIVE, PREVIOUS], 4, upTo(4)],
    ['are none where more are wanted than there are', upTo(8), [LIVE], 9, []],
    ['leave an old one that is needed between two that go', upTo(8), [LIVE, { version: '3', by: 'alias pinned' }], 0, ['1', '2', '4', '5', '6', '7']], // prettier-ignore
    ['are never newer than the newest that is needed: 9 may be about to serve', upTo(10), [LIVE], 0, upTo(7)],
    ['are none where nothing says which one serves', upTo(8), [], 0, []],
    ['are none where what is needed is not there', upTo(8), [{ version: '12', by: 'alias live' }], 0, []],
    ['are compared as numbers', ['9', '10', '11'], [{ version: '10', by: 'alias live' }], 0, ['9']],
    ['are never the unpublished code', ['$LATEST', '1', '2'], [{ version: '2', by: 'alias live' }], 0, ['1']],
    ['are none of a function that has none', [], [], 3, []],
  ])('%s', (_name, published, needed, keep, expected) => {
    expect(versionsToRemove(published, { needed, keep }).remove).toEqual(expected);
  });

  test('and of those that stay every reason is told, once', () => {
    const needed = [LIVE, LIVE, { version: '8', by: 'last good' }, PREVIOUS];

    expect(versionsToRemove(['5', '6', '7', '8', '9'], { needed, keep: 4 })).toEqual({
      keep: [
        { version: '6', why: ['one of the 4 newest'] },
        { version: '7', why: ['alias previous'] },
        { version: '8', why: ['alias live', 'last good'] },
        { version: '9', why: ['newer than all that are needed', 'one of the 4 newest'] },
      ],
      remove: ['5'],
    });
  });

  const version = fc.integer({ min: 1, max: 12 }).map(String);
  const published = fc.uniqueArray(fc.oneof(version, fc.constant('$LATEST')), { maxLength: 12 });
  const needed = fc.array(fc.record({ version, by: fc.constantFrom('alias live', 'last good') }), { maxLength: 5 });
  const keep = fc.integer({ min: 0, max: 6 });

  test('whatever there is: none that is needed, none newer than that, none of the newest, never the unpublished code', () => {
    fc.assert(
      fc.property(published, needed, keep, (versions, wanted, newest) => {
        const { keep: kept, remove } = versionsToRemove(versions, { needed: wanted, keep: newest });
        const numbers = versions.filter((one) => one !== '$LATEST').map(Number).sort((a, b) => a - b); // prettier-ignore
        const there = wanted.map((one) => Number(one.version)).filter((one) => numbers.includes(one));

        for (const gone of remove.map(Number)) {
          expect(there).not.toContain(gone);
          expect(gone).toBeLessThan(Math.max(...there));
          expect(numbers.filter((one) => one > gone).length).toBeGreaterThanOrEqual(newest);
        }
        expect([...kept.map((one) => one.version), ...remove].map(Number).sort((a, b) => a - b)).toEqual(numbers);
        expect(kept.every(({ why }) => why.length > 0)).toBe(true);
      }),
    );
  });

  test('once they are gone, nothing more goes', () => {
    fc.assert(
      fc.property(published, needed, keep, (versions, wanted, newest) => {
        const { remove } = versionsToRemove(versions, { needed: wanted, keep: newest });
        const left = versions.filter((one) => !remove.includes(one));

        expect(versionsToRemove(left, { needed: wanted, keep: newest }).remove).toEqual([]);
      }),
    );
  });
});

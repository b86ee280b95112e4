import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import type { RolloutEvent } from '../../../fleet/rollout/state';
import { appendToJournal, readJournal } from '../../../fleet/state/journal-file';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('journal');
const event = (index: number): RolloutEvent => ({ type: 'bake-over', at: new Date(index).toISOString(), wave: `wave ${index} – ü\n` });

let count = 0;
function journalOf(entries: number): string {
  count += 1;
  const path = join(folder, `${count}`, 'journal.ndjson');
  for (let index = 0; index < entries; index += 1) appendToJournal(path, { event: event(index) });
  return path;
}

const wholeEntries = (entries: number) => Array.from({ length: entries }, (_, index) => ({ event: event(index) }));

describe('a journal', () => {
  test('gives its entries in order; none where there is no file', () => {
    expect(readJournal(journalOf(3))).toEqual(wholeEntries(3));
    expect(readJournal(join(folder, 'nowhere'))).toEqual([]);
  });

  test('cut anywhere, as a killed process leaves it, gives every entry that was whole', () => {
    const path = journalOf(4);
    const bytes = readFileSync(path);
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 0x0a);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length }), (length) => {
        writeFileSync(path, bytes.subarray(0, length));
        expect(readJournal(path)).toEqual(wholeEntries(ends.filter((end) => end < length).length));
      }),
      { numRuns: 60 },
    );
  });

  test.each(['{"event":', 'null', '7', '{"other":1}', ''])('with a line %j inside is refused, naming the line', (damage) => {
    const path = journalOf(1);
    appendFileSync(path, `${damage}\n`);
    appendToJournal(path, { event: event(1) });

    expect(() => readJournal(path)).toThrow(
      expect.objectContaining({ code: 'fleet/journal-damaged', message: `${path} is damaged at line 2` }),
    );
  });
});

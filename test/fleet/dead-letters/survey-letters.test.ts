import { deadLetterClasses } from '../../../contracts/order-message';
import type { LetterQuery } from '../../../fleet/dead-letters/dead-letters';
import { countLetters, showLetters, surveyRedrive } from '../../../fleet/dead-letters/survey-letters';

import { FakeOrderSystem } from './fake-order-system';

const everything: LetterQuery = { classes: deadLetterClasses, since: null, until: null };
const { signal } = new AbortController();
const canary = 'Mrs Canary, 0711';

/** Letters of three classes over three days, one of them sent again, one of them no letter. */
function archive(): FakeOrderSystem {
  const letters = new FakeOrderSystem();
  const sent = letters.put({ id: 'b', day: '2026-03-02', archivedAt: '2026-03-02T08:00:00.000Z', payloads: [canary] });
  letters.put({ id: 'a', day: '2026-03-01', archivedAt: '2026-03-01T08:00:00.000Z', redrives: 1 });
  letters.put({ id: 'c', day: '2026-03-03', archivedAt: '2026-03-03T08:00:00.000Z', redrives: 3 });
  letters.put({ id: 'd', day: '2026-03-03', archivedAt: '2026-03-03T09:00:00.000Z' });
  letters.put({ id: 'e', class: 'malformed', archivedAt: '2026-03-04T08:00:00.000Z', content: canary });
  void letters.mark(sent, { kind: 'redriven', at: '2026-03-02T09:00:00.000Z', redrives: 1 });
  return letters;
}

describe('letters of a target', () => {
  test('are counted by class, with the oldest, the newest and how many were sent again', async () => {
    expect(await countLetters(archive(), everything, { signal })).toEqual([
      { class: 'malformed', letters: 1, redriven: 0, oldest: '2026-03-04T08:00:00.000Z', newest: '2026-03-04T08:00:00.000Z' },
      { class: 'transient', letters: 4, redriven: 1, oldest: '2026-03-01T08:00:00.000Z', newest: '2026-03-03T09:00:00.000Z' },
    ]);
  });

  test.each<[Partial<LetterQuery>, number]>([
    [{ since: '2026-03-02' }, 4],
    [{ until: '2026-03-02' }, 2],
    [{ since: '2026-03-03', until: '2026-03-03' }, 2],
    [{ classes: ['malformed'] }, 1],
    [{ classes: ['rejected'] }, 0],
  ])('of %j are %i: both days belong to it', async (query, count) => {
    const counts = await countLetters(archive(), { ...everything, ...query }, { signal });

    expect(counts.reduce((total, { letters }) => total + letters, 0)).toBe(count);
  });

  test('that are gone since they were listed are not counted', async () => {
    const letters = archive();
    letters.before = (call) => {
      if (call === 'state') letters.archive.clear();
    };

    expect(await countLetters(letters, everything, { signal })).toEqual([]);
  });

  test('are shown oldest first, with nothing of what they hold', async () => {
    const shown = await showLetters(archive(), everything, { signal });

    expect(shown.map(({ id, class: letterClass, redrivenAt }) => [id, letterClass, redrivenAt])).toEqual([
      ['a', 'transient', null],
      ['b', 'transient', '2026-03-02T09:00:00.000Z'],
      ['c', 'transient', null],
      ['d', 'transient', null],
      ['e', 'malformed', null],
    ]);
    expect(shown.map(({ cause }) => cause?.slice(0, 16) ?? null)).toEqual([...Array<string>(4).fill('a readable order'), null]);
    expect(JSON.stringify(shown)).not.toMatch(/Canary|0711|order of/);
  });

  test.each<[boolean, readonly string[], object]>([
    [false, ['d'], { marked: 1, again: 1, spent: 1, unreadable: 1 }],
    [true, ['a', 'd'], { marked: 1, again: 0, spent: 1, unreadable: 1 }],
  ])('that a redrive would send (again: %p) are %j, and the others are told why not', async (again, ids, refused) => {
    const letters = archive();
    const survey = await surveyRedrive(letters, everything, { signal, again });

    expect(survey.letters.map(({ messageId }) => messageId)).toEqual(ids);
    expect(survey.refused).toMatchObject(refused);
    expect(letters.sent).toEqual([]);
    expect(letters.marked()).toHaveLength(1);
  });

  test('that carry a mark are not opened', async () => {
    const letters = archive();
    await surveyRedrive(letters, everything, { signal, again: false });

    expect(letters.calls.filter((call) => call.startsWith('read') && call.endsWith('/b.json'))).toEqual([]);
  });

  test('are looked at no more once somebody stops it', async () => {
    const letters = archive();
    const stop = new AbortController();
    letters.before = () => stop.abort(new Error('stopped'));

    await expect(countLetters(letters, everything, { signal: stop.signal })).rejects.toThrow('stopped');
  });
});

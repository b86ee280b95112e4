import fc from 'fast-check';

import { markBody, unmarkBody } from '../../../fleet/state/marked-body';

const mark = '0b7e1c1e-5a55-4a52-8a52-3f2f0a0b1c2d';

test('any body comes back with the mark of its write', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), (body, one) => {
      expect(unmarkBody(markBody({ body, mark: one }))).toEqual({ body, mark: one });
    }),
  );
});

test('one that looks like a mark itself comes back, too', () => {
  const body = markBody({ body: '{}\n', mark });
  expect(unmarkBody(markBody({ body, mark: mark.replace('0', '1') }))).toEqual({ body, mark: mark.replace('0', '1') });
});

test('two writes of one body differ', () => {
  expect(markBody({ body: '{}', mark })).not.toBe(markBody({ body: '{}', mark: mark.replace('0', '1') }));
});

test('lines of JSON stay lines of JSON', () => {
  const lines = markBody({ body: '{"epoch":1}\n', mark }).split('\n').filter((line) => line !== ''); // prettier-ignore
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ epoch: 1 }, mark]);
});

test.each([
  ['nothing', ''],
  ['a body alone', '{"epoch":1}\n'],
  ['a mark that is cut short', markBody({ body: '{}', mark }).slice(0, -1)],
  ['something behind the mark', `${markBody({ body: '{}', mark })} `],
  ['a mark that is no UUID', '{}\n"somebody"\n'],
])('%s has no mark', (_what, text) => {
  expect(unmarkBody(text)).toBeUndefined();
});

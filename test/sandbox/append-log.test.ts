import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { AppendLog } from '../../sandbox/append-log';

describe('an append log', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'append-log-'));
    path = join(directory, 'below', 'log.ndjson');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const open = () => new AppendLog<unknown>(path);

  test('is empty where there is no file, and reading makes none', () => {
    expect(open().read()).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('keeps entries in order for whoever opens it next', () => {
    const log = open();
    log.append({ a: 1 });
    log.append({ text: 'line\nbreak é' });

    expect(open().read()).toEqual([{ a: 1 }, { text: 'line\nbreak é' }]);
  });

  test('cut off anywhere reads as the entries that were whole, and takes new ones after them', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), fc.nat(), (entries, cut) => {
        const log = open();
        log.compact(entries);
        const bytes = readFileSync(path);
        const kept = bytes.subarray(0, cut % (bytes.length + 1));
        writeFileSync(path, kept);
        const whole = kept.toString('latin1').split('\n').length - 1;

        const reopened = open();
        const before = JSON.parse(JSON.stringify(entries.slice(0, whole))) as unknown[];
        expect(reopened.read()).toEqual(before);
        reopened.append('next');
        expect(open().read()).toEqual([...before, 'next']);
      }),
    );
  });

  test('is not changed by reading, since another process may be in mid-write', () => {
    open().append('whole');
    appendFileSync(path, '"to');

    expect(open().read()).toEqual(['whole']);
    appendFileSync(path, 'rn"\n');
    expect(open().read()).toEqual(['whole', 'torn']);
  });

  test.each([
    ['a line that is no JSON', 'garbage\n'],
    ['an empty line', '\n'],
  ])('refuses %s before the end, and names file and line', (_what, damage) => {
    const log = open();
    log.append(1);
    appendFileSync(path, damage);
    log.append(2);

    expect(() => open().read()).toThrow(`${path} is damaged at line 2`);
  });

  test('compacted holds the new entries alone and no file beside it', () => {
    const log = open();
    log.append('old');
    log.compact(['new']);
    log.append('newer');

    expect(open().read()).toEqual(['new', 'newer']);
    expect(readdirSync(join(directory, 'below'))).toEqual(['log.ndjson']);
  });
});

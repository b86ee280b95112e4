import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { AppendLog, diskLogs, NotWritten, StaleWriter } from '../../sandbox/append-log';
import { DiskLogFile } from '../../sandbox/log-file';
import { MemoryLogs } from '../../sandbox/memory-logs';

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

  test.each<[string, (log: AppendLog<unknown>) => void]>([
    ['append', (log) => log.append('more')],
    ['replace', (log) => log.compact(['more'])],
    ['remove', (log) => log.remove()],
    ['takeOver', (log) => log.append('more')],
  ])('that cannot be written says so, with what the disk said, and goes on once it can: %s', (call, write) => {
    const file = new DiskLogFile(path);
    const log = new AppendLog<unknown>(file);
    if (call !== 'takeOver') log.append('first');
    const spy = jest.spyOn(file, call as 'append').mockImplementationOnce(() => {
      throw new Error('ENOSPC: no space left on device');
    });

    expect(() => write(log)).toThrow(NotWritten);
    spy.mockImplementationOnce(() => {
      throw new Error('ENOSPC: no space left on device');
    });
    expect(() => write(log)).toThrow(`${path} could not be written: ENOSPC: no space left on device; see to that, then resume`);
    write(log);
    expect(open().read()).toEqual(call === 'remove' ? [] : call === 'append' ? ['first', 'more'] : ['more']);
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
    appendFileSync(path, `${damage}2\n`);

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

  test('names the line that is damaged also where it was read bit by bit', () => {
    const [writer, reader] = [open(), open()];
    writer.append(1);
    expect(reader.readNew().entries).toEqual([1]);
    appendFileSync(path, '2\ngarbage\n');

    expect(() => reader.readNew()).toThrow(`${path} is damaged at line 3`);
  });
});

describe.each([
  ['on disk', (path: string) => (): AppendLog<unknown> => new AppendLog(path)],
  ['in memory', () => inMemory()],
])('logs %s of which only one may write', (_where, opener) => {
  let directory: string;
  let open: () => AppendLog<unknown>;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'append-log-'));
    open = opener(join(directory, 'log.ndjson'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test.each<[string, (other: AppendLog<unknown>) => void]>([
    ['appended to', (other) => other.append('other')],
    ['written anew', (other) => other.compact(['other'])],
    ['written anew, as long as before', (other) => other.compact(['own'])],
    ['removed', (other) => other.remove()],
    ['removed and made again', (other) => [other.remove(), other.append('another')]],
  ])('where another process has it %s, a writer writes nothing more, ever', (_how, write) => {
    const [own, other] = [open(), open()];
    own.append('own');
    write(other);
    const after = open().read();

    expect(() => own.append('late')).toThrow(StaleWriter);
    expect(() => own.append('later')).toThrow('another process wrote');
    expect(() => own.compact([])).toThrow(StaleWriter);
    expect(() => own.remove()).toThrow(StaleWriter);
    expect(open().read()).toEqual(after);
    other.append('goes on');
  });

  test('one that read and has not written goes no further than what it read', () => {
    const [own, other] = [open(), open()];
    other.append(1);
    own.read();
    other.append(2);

    expect(() => own.append('late')).toThrow(StaleWriter);
    expect(open().read()).toEqual([1, 2]);
  });

  test('one that takes in what is new may write', () => {
    const [own, other] = [open(), open()];
    own.read();
    other.append(1);
    own.readNew();
    own.append(2);

    expect(open().read()).toEqual([1, 2]);
    expect(() => other.append('late')).toThrow(StaleWriter);
  });

  test('a reader gets what is new once, and all of it where the file was written anew', () => {
    const [reader, writer] = [open(), open()];
    expect(reader.readNew()).toEqual({ entries: [], fromStart: false });
    writer.append(1);
    writer.append(2);
    expect(reader.readNew().entries).toEqual([1, 2]);
    writer.append(3);
    expect(reader.readNew()).toEqual({ entries: [3], fromStart: false });
    expect(reader.readNew()).toEqual({ entries: [], fromStart: false });
    writer.compact([6]);
    expect(reader.readNew()).toEqual({ entries: [6], fromStart: true });
    writer.remove();
    expect(reader.readNew()).toEqual({ entries: [], fromStart: true });
    writer.append(7);
    expect(reader.readNew()).toEqual({ entries: [7], fromStart: true });
  });

  test('a writer that reads what another wrote has lost', () => {
    const [own, other] = [open(), open()];
    own.append(1);
    other.append(2);

    expect(own.readNew().entries).toEqual([]);
    expect(own.read()).toEqual([1, 2]);
    expect(() => own.append('late')).toThrow(StaleWriter);
    other.append(3);
    expect(own.readNew().entries).toEqual([3]);
  });

  test('whatever the order, the file holds what was not refused, and who was overtaken never writes again', () => {
    const step = fc.record({ who: fc.nat({ max: 2 }), what: fc.constantFrom('append', 'readNew', 'read') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        open().compact([]);
        const logs = [open(), open(), open()];
        let last: number | undefined;
        const overtaken = new Set<number>();
        const held: number[] = [];
        steps.forEach(({ who, what }, index) => {
          const log = logs[who]!;
          if (what === 'read') expect(log.read()).toEqual(held);
          if (what === 'readNew') log.readNew();
          if (what !== 'append') return;
          try {
            log.append(index);
          } catch (error) {
            expect(error).toBeInstanceOf(StaleWriter);
            expect(last).not.toBe(who);
            overtaken.add(who);
            return;
          }
          held.push(index);
          expect(overtaken).not.toContain(who);
          if (last !== undefined && last !== who) overtaken.add(last);
          last = who;
        });
        expect(open().read()).toEqual(held);
      }),
      { numRuns: 60 },
    );
  });
});

describe('logs on disk', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'append-log-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test('that were opened together write nothing more once one of them was overtaken', () => {
    const [mine, others] = [diskLogs(), diskLogs()];
    const [first, second] = ['a', 'b'].map((name) => mine(join(directory, name))) as [AppendLog<unknown>, AppendLog<unknown>];
    first.append(1);
    second.append(1);
    others(join(directory, 'a')).append(2);

    expect(() => first.append('late')).toThrow(StaleWriter);
    expect(() => second.append('late')).toThrow(`another process wrote ${join(directory, 'a')}; this one writes nothing more`);
    expect(others(join(directory, 'b')).read()).toEqual([1]);
  });

  test('are not cut where what is torn came after an own line', () => {
    const path = join(directory, 'a');
    const log = new AppendLog<unknown>(path);
    log.append(1);
    appendFileSync(path, '"in mid-wri');

    expect(() => log.append('late')).toThrow(StaleWriter);
    expect(readFileSync(path, 'utf8')).toBe('1\n"in mid-wri');
  });

  test('that are gone are not made again by who was overtaken', () => {
    const path = join(directory, 'a');
    const log = new AppendLog<unknown>(path);
    log.append(1);
    rmSync(path);

    expect(() => log.append('late')).toThrow(StaleWriter);
    expect(readdirSync(directory)).toEqual([]);
  });
});

/** Logs of one memory, whoever opened it last. */
function inMemory(): () => AppendLog<unknown> {
  const openLog = new MemoryLogs().takeOver();
  return () => openLog('log');
}

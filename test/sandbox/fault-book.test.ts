import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FaultBook, type Strikeable } from '../../sandbox/fault-book';
import { organizationSchema, type Fault } from '../../sandbox/organization';

const QUEUE = 'aws:sqs/queue:Queue';
const operation: Strikeable = {
  target: 'regional/111111111111/eu-west-1',
  type: QUEUE,
  op: 'create',
  purpose: 'forward',
  fingerprint: 'f1',
};

const parse = (faults: readonly unknown[]): readonly Fault[] =>
  organizationSchema.parse({
    id: 'o-sandbox0001',
    managementAccount: '100000000000',
    accounts: [{ id: '100000000000', name: 'management' }],
    faults,
  }).faults;

describe('the fault book', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'fault-book-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const open = (fault: Readonly<Record<string, unknown>>, promoted: readonly string[] = []) =>
    new FaultBook({ directory, faults: parse([{ target: '**', kind: 'create-fails', ...fault }]), promoted });
  const strikes = (book: FaultBook, over: Partial<Strikeable> = {}) => book.strikes({ ...operation, ...over }).length === 1;

  test.each<[string, readonly Strikeable['op'][]]>([
    ['create-fails', ['create']],
    ['update-fails', ['update']],
    ['delete-fails', ['delete']],
    ['throttle', ['create', 'update', 'delete']],
    ['hang', ['create', 'update', 'delete']],
    ['crash', ['create', 'update', 'delete']],
    ['alarm', []],
    ['gate-error', []],
    ['no-traffic', []],
    ['role-missing', []],
  ])('%s strikes %j', (kind, ops) => {
    const book = open({ kind });

    expect((['create', 'update', 'delete'] as const).filter((op) => strikes(book, { op }))).toEqual(ops);
  });

  test.each<[string, Readonly<Record<string, unknown>>, Partial<Strikeable>, boolean]>([
    ['its own type', { on: QUEUE }, {}, true],
    ['another type', { on: QUEUE }, { type: 'aws:sns/topic:Topic' }, false],
    ['a target of its pattern', { target: 'regional/*/eu-west-1' }, {}, true],
    ['a target outside it', { target: 'regional/*/us-east-1' }, {}, false],
    ['the way it is for', { phase: 'rollback' }, { purpose: 'rollback' }, true],
    ['the other way', { phase: 'rollback' }, {}, false],
  ])('for %s: %j against %j is %s', (_what, fault, over, expected) => {
    expect(strikes(open(fault), over)).toBe(expected);
  });

  test.each([
    [{ times: 2 }, [true, true, false, false, false]],
    [{ after: 2 }, [false, false, true, true, true]],
    [{ after: 1, times: 2 }, [false, true, true, false, false]],
  ])('%j strikes %j, with a restart before each', (fault, expected) => {
    expect(expected.map(() => strikes(open(fault)))).toEqual(expected);
  });

  test('counts matches of each target alone, and only those that fit', () => {
    const book = open({ times: 1, on: QUEUE });

    expect(strikes(book, { type: 'aws:sns/topic:Topic' })).toBe(false);
    expect(strikes(book, { target: 'regional/222222222222/eu-west-1' })).toBe(true);
    expect(strikes(book)).toBe(true);
    expect(strikes(book)).toBe(false);
  });

  test('counts of an edited fault start anew', () => {
    expect(strikes(open({ times: 1 }))).toBe(true);
    expect(strikes(open({ times: 1 }))).toBe(false);
    expect(strikes(open({ times: 1, seconds: 1 }))).toBe(true);
  });

  test('a fault for new releases spares what was promoted when it was first read, for ever', () => {
    expect(strikes(open({ release: 'new' }, ['good']), { fingerprint: 'new' })).toBe(true);
    const later = open({ release: 'new' }, ['good', 'promoted-since']);

    expect(strikes(later, { fingerprint: 'good' })).toBe(false);
    expect(strikes(later, { fingerprint: 'promoted-since' })).toBe(true);
  });

  test('a book that is only opened, as by who looks beside a rollout, writes nothing', () => {
    open({ release: 'new' }, ['good']);

    expect(strikes(open({ release: 'new' }, ['good', 'later']), { fingerprint: 'later' })).toBe(false);
  });

  test('a lasting fault stands for the targets of its pattern', () => {
    const book = open({ kind: 'alarm', target: 'regional/111111111111/*' });

    expect(book.stands('alarm', operation.target)).toBe(true);
    expect(book.stands('no-traffic', operation.target)).toBe(false);
    expect(book.stands('alarm', 'regional/222222222222/eu-west-1')).toBe(false);
  });
});

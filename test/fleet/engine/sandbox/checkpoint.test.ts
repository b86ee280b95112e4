import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { targetSchema } from '../../../../contracts/target';
import { Checkpoint, instanceOf, type StackResource } from '../../../../fleet/engine/sandbox/checkpoint';
import { noChanges } from '../../../../fleet/ports';
import { StaleWriter } from '../../../../sandbox/append-log';

const target = targetSchema.parse('regional/111111111111/eu-west-1');
const resource = (name: string, over: Partial<StackResource> = {}): StackResource => ({
  urn: `urn:${name}`,
  type: 'aws:cloudwatch/logGroup:LogGroup',
  name,
  custom: true,
  parent: null,
  provider: null,
  protect: false,
  retainOnDelete: false,
  dependencies: [],
  origin: `urn:${name}`,
  generation: 0,
  id: name,
  key: name,
  place: { account: target.account, region: target.region, organizationId: 'o-sandbox0001' },
  inputs: {},
  outputs: {},
  secretOutputs: [],
  ...over,
});

describe('a checkpoint', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const open = () => new Checkpoint(directory, target);
  const file = () => join(directory, 'regional', '111111111111.eu-west-1.ndjson');
  const seen = (checkpoint: Checkpoint) => ({
    resources: [...checkpoint.resources.values()],
    superseded: [...checkpoint.superseded.values()],
    pending: [...checkpoint.pending.values()].map(({ op, urn }) => `${op} ${urn}`),
    outputs: checkpoint.outputs,
    lastAttempt: checkpoint.lastAttempt,
  });

  test('is the same for whoever opens it next', () => {
    const checkpoint = open();
    checkpoint.started({ id: 'first', action: 'up', startedAt: '2026-01-01T00:00:00.000Z' });
    checkpoint.begin({ urn: 'urn:a', op: 'create', resource: resource('a') });
    checkpoint.done(resource('a'));
    checkpoint.begin({ urn: 'urn:b', op: 'create', resource: resource('b') });
    checkpoint.setOutputs({ x: 1 });
    checkpoint.ended({
      result: 'failed',
      endedAt: '2026-01-01T00:00:01.000Z',
      changes: { ...noChanges, create: 1 },
      error: { code: 'aws/InternalFailure', message: 'no', resource: 'urn:b' },
    });

    expect(seen(open())).toEqual(seen(checkpoint));
    expect(seen(open())).toMatchObject({
      resources: [{ name: 'a' }],
      pending: ['create urn:b'],
      outputs: { x: 1 },
      lastAttempt: {
        id: 'first',
        result: 'failed',
        endedAt: '2026-01-01T00:00:01.000Z',
        changes: { create: 1 },
        error: { resource: 'urn:b' },
      },
    });
  });

  test('passes over a torn last line, and the next writer cuts it off', () => {
    const checkpoint = open();
    checkpoint.done(resource('a'));
    const before = readFileSync(file(), 'utf8');
    appendFileSync(file(), '{"done":{"urn":"urn:b"');

    const reopened = open();
    expect([...reopened.resources.keys()]).toEqual(['urn:a']);
    reopened.done(resource('c'));
    expect(readFileSync(file(), 'utf8').startsWith(`${before}{"done":`)).toBe(true);
    expect([...open().resources.keys()]).toEqual(['urn:a', 'urn:c']);
  });

  test('keeps the old instance of a replacement until that very one is gone', () => {
    const [old, fresh] = [resource('a'), resource('a', { generation: 1, key: 'new' })];
    const checkpoint = open();
    checkpoint.done(old);
    checkpoint.done(fresh, { superseded: old });
    expect(seen(open())).toMatchObject({ resources: [{ key: 'new' }], superseded: [{ key: 'a' }] });

    checkpoint.begin({ urn: old.urn, op: 'delete', resource: old });
    checkpoint.gone(old);
    expect(seen(open())).toMatchObject({ resources: [{ key: 'new' }], superseded: [], pending: [] });
  });

  test('takes a rename as one write', () => {
    const checkpoint = open();
    checkpoint.done(resource('before'));
    const lines = readFileSync(file(), 'utf8').split('\n').length;
    checkpoint.done(resource('after'), { renamedFrom: 'urn:before' });

    expect([...open().resources.keys()]).toEqual(['urn:after']);
    expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(lines + 1);
  });

  test('forgets an operation that had no effect', () => {
    const checkpoint = open();
    checkpoint.begin({ urn: 'urn:a', op: 'create', resource: resource('a') });
    checkpoint.settled(resource('a'));

    expect(seen(open())).toMatchObject({ resources: [], pending: [] });
  });

  test('grown long is written anew by the next run, not by a reader, and says the same', () => {
    const checkpoint = open();
    checkpoint.started({ id: 'first', action: 'up', startedAt: '2026-01-01T00:00:00.000Z' });
    for (let round = 0; round < 300; round += 1) checkpoint.done(resource('a', { inputs: { round } }));
    checkpoint.done(resource('a', { generation: 1 }), { superseded: resource('a') });
    checkpoint.begin({ urn: 'urn:b', op: 'create', resource: resource('b') });
    checkpoint.setOutputs({ x: 1 });
    const before = seen(checkpoint);

    const lines = () => readFileSync(file(), 'utf8').split('\n').length;
    expect(seen(open())).toEqual(before);
    expect(lines()).toBeGreaterThan(300);

    open().started({ id: 'first', action: 'up', startedAt: '2026-01-01T00:00:00.000Z' });
    expect(lines()).toBeLessThan(10);
    expect(seen(open())).toEqual(before);
  });

  test('stood down has no outputs, and still knows the former ones', () => {
    const checkpoint = open();
    checkpoint.setOutputs({ topic: 'arn' });
    checkpoint.standDown();

    expect(open()).toMatchObject({ outputs: null, formerOutputs: { topic: 'arn' } });
    checkpoint.standDown();
    expect(open()).toMatchObject({ outputs: null, formerOutputs: { topic: 'arn' } });
    checkpoint.setOutputs({ topic: 'new' });
    expect(open()).toMatchObject({ outputs: { topic: 'new' } });
  });

  test('removed is gone from disk and can be used again', () => {
    const checkpoint = open();
    checkpoint.started({ id: 'first', action: 'destroy', startedAt: '2026-01-01T00:00:00.000Z' });
    checkpoint.done(resource('a'));
    checkpoint.remove();
    expect(checkpoint.exists).toBe(false);
    expect(open().exists).toBe(false);

    checkpoint.done(resource('b'));
    expect([...open().resources.keys()]).toEqual(['urn:b']);
  });

  test('goes along with what another process records, and forgets what that one forgot', () => {
    const [reader, writer] = [open(), open()];
    const first = { id: 'first', action: 'up', startedAt: '2026-01-01T00:00:00.000Z' } as const;
    writer.started(first);
    writer.begin({ urn: 'urn:a', op: 'create', resource: resource('a') });
    writer.done(resource('a'));
    writer.setOutputs({ x: 1 });
    reader.refresh();
    expect(seen(reader)).toEqual(seen(writer));

    writer.remove();
    reader.refresh();
    expect(seen(reader)).toEqual({ resources: [], superseded: [], pending: [], outputs: null, lastAttempt: null });
    writer.started({ ...first, id: 'second' });
    reader.refresh();
    expect(reader.lastAttempt).toMatchObject({ id: 'second', result: null });
  });

  test('changes nothing, on disk or in memory, once another process recorded something', () => {
    const checkpoint = open();
    checkpoint.done(resource('a'));
    open().done(resource('b'));
    const text = readFileSync(file(), 'utf8');

    expect(() => checkpoint.done(resource('c'))).toThrow(StaleWriter);
    expect(() => checkpoint.remove()).toThrow(StaleWriter);
    expect([...checkpoint.resources.keys()]).toEqual(['urn:a']);
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });

  test('has a draft of the same state, whose changes stay its own', () => {
    const checkpoint = open();
    checkpoint.started({ id: 'first', action: 'up', startedAt: '2026-01-01T00:00:00.000Z' });
    checkpoint.done(resource('a', { generation: 1 }), { superseded: resource('a') });
    checkpoint.begin({ urn: 'urn:b', op: 'create', resource: resource('b') });
    checkpoint.setOutputs({ x: 1 });
    const [before, text] = [seen(checkpoint), readFileSync(file(), 'utf8')];

    const draft = checkpoint.draft(target);
    expect(seen(draft)).toEqual(before);
    draft.done(resource('b'));
    expect(seen(draft)).toMatchObject({ pending: [] });
    expect(seen(checkpoint)).toEqual(before);
    expect(readFileSync(file(), 'utf8')).toBe(text);
  });

  test.each<[string, Partial<StackResource>]>([
    ['generation', { generation: 1 }],
    ['name', { key: 'other' }],
    ['region', { place: { account: target.account, region: targetSchema.parse('a/111111111111/us-east-1').region, organizationId: 'o' } }],
  ])('tells instances of one URN apart by their %s', (_what, over) => {
    expect(instanceOf(resource('a', over))).not.toBe(instanceOf(resource('a')));
  });
});

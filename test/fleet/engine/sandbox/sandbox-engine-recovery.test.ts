import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { logGroup, type GraphResource } from './graph';
import { accounts, TestSandbox, told } from './test-sandbox';

const unchanged = { create: 0, update: 0, replace: 0, delete: 0 };

describe('a run that was killed', () => {
  let sandbox: TestSandbox;
  const checkpointFile = () => join(sandbox.directory, 'stacks', 'regional', `${accounts.workload}.eu-west-1.ndjson`);

  /** Cuts the stack's record off before its last line that fits, as a kill between the world's change and the record leaves it. */
  const forgetFrom = (fits: (entry: Readonly<Record<string, unknown>>) => boolean) => {
    const lines = readFileSync(checkpointFile(), 'utf8').split('\n').slice(0, -1);
    const cut = lines.findLastIndex((line) => fits(JSON.parse(line) as Record<string, unknown>));
    expect(cut).toBeGreaterThan(-1);
    writeFileSync(
      checkpointFile(),
      lines
        .slice(0, cut)
        .map((line) => `${line}\n`)
        .join(''),
    );
    sandbox.restart();
  };
  /** Cuts the world off after so many changes of resources. */
  const keepChanges = (file: string, changes: number) => {
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    const isChange = (line: string) => !line.startsWith('{"deployed"');
    const last = lines.findIndex((_line, index) => lines.slice(0, index + 1).filter(isChange).length === changes);
    writeFileSync(file, `${lines.slice(0, last + 1).join('\n')}\n`);
  };
  const recordOf = (kind: string, name: string) => (entry: Readonly<Record<string, unknown>>) => {
    const inner = entry[kind] as { readonly name?: string } | undefined;
    return inner?.name === name;
  };
  const beginOf = (op: string, name: string) => (entry: Readonly<Record<string, unknown>>) => {
    const begin = entry.begin as { readonly op: string; readonly resource: { readonly name: string } } | undefined;
    return begin?.op === op && begin.resource.name === name;
  };
  const operations = () => sandbox.events.filter(({ kind }) => kind === 'resource-started').length;

  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.close());

  test('after a create that was not recorded creates nothing twice', async () => {
    await sandbox.up([logGroup('app')]);
    forgetFrom(recordOf('done', 'app'));
    expect((await sandbox.inspect()).pending).toEqual([{ urn: expect.stringContaining('::app') as string, op: 'create' }]);

    const result = await sandbox.up([logGroup('app')]);

    expect(told(result.steps)).toEqual(['same app']);
    expect(operations()).toBe(1);
    expect((await sandbox.inspect()).pending).toEqual([]);
  });

  test('in the middle of writing its last line is read without it', async () => {
    await sandbox.up([logGroup('app')]);
    const text = readFileSync(checkpointFile(), 'utf8');
    forgetFrom(recordOf('done', 'app'));
    const whole = readFileSync(checkpointFile(), 'utf8');
    writeFileSync(checkpointFile(), text.slice(0, whole.length + 40));

    expect(told((await sandbox.up([logGroup('app')])).steps)).toEqual(['same app']);
    sandbox.restart();
    expect((await sandbox.up([logGroup('app')])).changes).toMatchObject(unchanged);
  });

  test('with several creates under way creates none of them twice', async () => {
    const graph = [logGroup('a'), logGroup('b'), logGroup('c', {}, { dependsOn: ['a', 'b'] })];

    expect(await sandbox.upKilledAfter(0, graph)).toBe(true);
    expect(sandbox.world()).toEqual(['LogGroup a', 'LogGroup b']);

    const result = await sandbox.up(graph);
    expect(told(result.steps)).toEqual(['same a', 'same b', 'create c']);
    expect(sandbox.started()).toEqual(['create a', 'create b', 'create c']);
  });

  test('before the world changed makes the resource after all', async () => {
    await sandbox.up([logGroup('app')]);
    forgetFrom(recordOf('done', 'app'));
    writeFileSync(join(sandbox.directory, 'world', `${accounts.workload}.ndjson`), '');

    expect(told((await sandbox.up([logGroup('app')])).steps)).toEqual(['create app']);
    expect(sandbox.world()).toEqual(['LogGroup app']);
  });

  test('after an update that was not recorded takes it as done', async () => {
    await sandbox.up([logGroup('app', { retentionInDays: 7 })]);
    await sandbox.up([logGroup('app', { retentionInDays: 30 })]);
    forgetFrom(recordOf('done', 'app'));

    expect(told((await sandbox.up([logGroup('app', { retentionInDays: 30 })])).steps)).toEqual(['same app']);
    expect(told((await sandbox.up([logGroup('app', { retentionInDays: 7 })])).steps)).toEqual(['update app']);
  });

  test('after an update that was not recorded goes back when the old program runs', async () => {
    await sandbox.up([logGroup('app', { retentionInDays: 7 })]);
    await sandbox.up([logGroup('app', { retentionInDays: 30 })]);
    forgetFrom(recordOf('done', 'app'));

    expect(told((await sandbox.up([logGroup('app', { retentionInDays: 7 })])).steps)).toEqual(['update app']);
  });

  test('after a delete that was not recorded deletes nothing twice', async () => {
    await sandbox.up([logGroup('app'), logGroup('kept')]);
    await sandbox.up([logGroup('kept')]);
    forgetFrom(recordOf('gone', 'app'));

    expect(told((await sandbox.up([logGroup('kept')])).steps)).toEqual(['same kept']);
    expect(operations()).toBe(3);
  });

  const old = [logGroup('app', { name: 'old' })];
  const fresh = [logGroup('app', { name: 'new' })];

  test.each<[string, (entry: Readonly<Record<string, unknown>>) => boolean]>([
    ['the new one was made and not recorded', recordOf('done', 'app')],
    ['the old one was about to go', beginOf('delete', 'app')],
    ['the old one had gone and that was not recorded', recordOf('gone', 'app')],
  ])('in a replacement where %s ends with the new one alone', async (_when, fits) => {
    await sandbox.up(old);
    await sandbox.up(fresh);
    const gone = fits({ gone: { name: 'app' } });
    const file = join(sandbox.directory, 'world', `${accounts.workload}.ndjson`);
    // Before the last step of the three, the old one stood still.
    if (!gone) keepChanges(file, 2);
    forgetFrom(fits);

    await sandbox.up(fresh);

    expect(sandbox.world()).toEqual(['LogGroup new']);
    expect((await sandbox.up(fresh)).changes).toMatchObject(unchanged);
    expect((await sandbox.inspect()).pending).toEqual([]);
  });

  test('between the two halves of a delete-first replacement makes the new one', async () => {
    const after = [logGroup('app', { logGroupClass: 'INFREQUENT_ACCESS' })];
    await sandbox.up([logGroup('app')]);
    await sandbox.up(after);
    const file = join(sandbox.directory, 'world', `${accounts.workload}.ndjson`);
    keepChanges(file, 2);
    forgetFrom(beginOf('create', 'app'));

    expect(told((await sandbox.up(after)).steps)).toEqual(['create app']);
    expect((await sandbox.up(after)).changes).toMatchObject(unchanged);
  });

  test('while a resource was renamed under an alias keeps it', async () => {
    const after = [logGroup('after', { name: 'app' }, { aliases: ['before'] })];
    await sandbox.up([logGroup('before', { name: 'app' })]);
    await sandbox.up(after);
    forgetFrom(recordOf('done', 'after'));

    expect(told((await sandbox.up(after)).steps)).toEqual(['same after']);
    expect(sandbox.world()).toEqual(['LogGroup app']);
  });

  describe('by a failure, with an old instance left behind', () => {
    const graph = (name: string): GraphResource[] => [
      logGroup('app', { name }),
      logGroup('fails', { name: `${name}-dependent` }, { dependsOn: ['app'] }),
    ];
    const strikeSecond = [{ target: '**', kind: 'create-fails', after: 1, times: 1 }];

    const failHalfway = async () => {
      await sandbox.up(graph('old'));
      sandbox.restart(strikeSecond);
      const failed = await sandbox.run('up', graph('new'));
      expect(told(failed.steps)).toEqual(['replace app']);
      expect(sandbox.world()).toEqual(['LogGroup new', 'LogGroup old', 'LogGroup old-dependent']);
      sandbox.restart(strikeSecond);
    };

    test('deletes it in the next run', async () => {
      await failHalfway();

      const result = await sandbox.up(graph('new'));

      expect(result.changes).toMatchObject({ create: 0, replace: 1, delete: 1 });
      expect(sandbox.world()).toEqual(['LogGroup new', 'LogGroup new-dependent']);
    });

    test('tells of it in a preview', async () => {
      await failHalfway();

      expect(told((await sandbox.run('preview', graph('new'))).steps)).toEqual(['same app', 'replace fails', 'delete app']);
    });

    test('makes room when the old name is wanted again', async () => {
      await failHalfway();

      await sandbox.up(graph('old'));

      expect(sandbox.world()).toEqual(['LogGroup old', 'LogGroup old-dependent']);
      expect((await sandbox.up(graph('old'))).changes).toMatchObject(unchanged);
    });

    test('deletes it in a destroy', async () => {
      await failHalfway();

      await sandbox.run('destroy', graph('new'));

      expect(sandbox.world()).toEqual([]);
    });
  });
});

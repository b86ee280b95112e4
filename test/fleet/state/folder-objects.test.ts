import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FolderObjects } from '../../../fleet/state/folder-objects';
import { postMessage, readInbox } from '../../../fleet/state/inbox';
import { temporaryFolder } from '../../helpers/temporary-folder';

import { bundleScript, ended, start } from './child-script';
import { objectStoreContract } from './object-store-contract';

const folder = temporaryFolder('objects');

let count = 0;
function freshFolder(): string {
  count += 1;
  return join(folder, `${count}`);
}

objectStoreContract(() => {
  const directory = freshFolder();
  return [new FolderObjects(directory), new FolderObjects(directory)];
});

/** An object's files with times other than now, as a process that died some hours ago left them. */
function leave(path: string, body = 'partial'): void {
  writeFileSync(path, body);
  const then = new Date(Date.now() - 7_200_000);
  utimesSync(path, then, then);
}

/** A store with an object that was replaced, and where its files are. */
async function replaced() {
  const directory = freshFolder();
  const store = new FolderObjects(directory);
  const first = (await store.replace('a', '1', null)) ?? null;
  const second = (await store.replace('a', '2', first)) ?? '';
  return { directory, store, second, versions: join(directory, 'a~') };
}

describe('the folder', () => {
  test('is not made by looking into it', async () => {
    const directory = freshFolder();
    const store = new FolderObjects(directory);
    expect([await store.read('a'), await store.list(''), await store.remove('a/b')]).toEqual([undefined, [], undefined]);

    expect(existsSync(directory)).toBe(false);
  });

  test('holds an object in the file of its name, and nothing else', async () => {
    const directory = freshFolder();
    const store = new FolderObjects(directory);
    await store.create('a/b.json', '1');
    await store.create('a/b.json', '2');

    expect(readdirSync(directory, { recursive: true }).sort()).toEqual(['a', join('a', 'b.json')]);
  });

  test('holds one version of an object that is replaced again and again', async () => {
    const { directory, store, versions } = await replaced();
    for (let round = 3; round <= 9; round += 1) await store.replace('a', `${round}`, (await store.read('a'))?.version ?? null);

    expect(readdirSync(directory).sort()).toEqual(['a', 'a~']);
    expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('');
    expect(readdirSync(versions).sort()).toEqual([expect.stringMatching(/^0000000009\./), expect.stringMatching(/^body\./)]);
  });

  test('that cannot be read or written is said to be so, never taken for empty', async () => {
    const directory = freshFolder();
    const store = new FolderObjects(directory);
    mkdirSync(join(directory, 'a'), { recursive: true });
    writeFileSync(join(directory, 'b'), '');

    await expect(store.read('a')).rejects.toMatchObject({
      code: 'fleet/state-io',
      message: expect.stringContaining('state a cannot be read') as string,
    });
    await expect(store.create('b/c', '')).rejects.toMatchObject({ code: 'fleet/state-io' });
  });
});

describe('a process that died', () => {
  test('before its draft had its name leaves what is not listed, and what the next writer removes once it is old', async () => {
    const directory = freshFolder();
    await new FolderObjects(directory).create('a/b', '1');
    leave(join(directory, 'a', '.draft-old'));
    writeFileSync(join(directory, 'a', '.draft-young'), 'partial');

    const store = new FolderObjects(directory);
    expect(await store.list('')).toEqual(['a/b']);
    await store.create('a/c', '2');
    expect(readdirSync(join(directory, 'a')).sort()).toEqual(['.draft-young', 'b', 'c']);
  });

  test('before or after the rename that decides leaves the version before or after', async () => {
    const { store, second, versions } = await replaced();
    leave(join(versions, 'body.never-named'));
    expect(await store.read('a')).toEqual({ body: '2', version: second });

    const third = await store.replace('a', '3', second);
    expect(await store.read('a')).toEqual({ body: '3', version: third });
    expect(readdirSync(versions)).toHaveLength(2);
  });

  test('before it emptied the first version leaves the second', async () => {
    const { directory, store, second } = await replaced();
    writeFileSync(join(directory, 'a'), '1');

    expect(await store.read('a')).toEqual({ body: '2', version: second });
    expect(await store.create('a', '3')).toBe(false);
  });

  test('in the middle of a removal leaves the object', async () => {
    const { directory, store, second } = await replaced();
    rmSync(join(directory, 'a'));

    expect(await store.create('a', '3')).toBe(false);
    expect(await store.read('a')).toEqual({ body: '2', version: second });
  });
});

test('an object whose versions are gone is damaged, not absent', async () => {
  const { store, second, versions } = await replaced();
  rmSync(join(versions, second));

  await expect(store.read('a')).rejects.toMatchObject({ code: 'user/state-damaged' });
});

test('processes that race for one object lose no count', async () => {
  const directory = freshFolder();
  mkdirSync(directory, { recursive: true });
  const script = bundleScript(
    `import { FolderObjects } from './fleet/state/folder-objects';
     const store = new FolderObjects(process.argv[2]);
     (async () => {
       for (let counted = 0; counted < 40; ) {
         const found = await store.read('count');
         const next = String(Number(found?.body ?? 0) + 1);
         if ((await store.replace('count', next, found?.version ?? null)) !== undefined) counted += 1;
       }
     })();`,
    directory,
  );
  const ends = await Promise.all([1, 2, 3].map(() => ended(start(script, [directory]))));

  expect(ends).toEqual([0, 0, 0]);
  expect((await new FolderObjects(directory).read('count'))?.body).toBe('120');
});

describe('what is no file of the state', () => {
  /** A store, and what is none of its business. */
  function withSecret() {
    const directory = freshFolder();
    const outside = freshFolder();
    mkdirSync(join(directory, 'r', 'inbox'), { recursive: true });
    mkdirSync(outside);
    writeFileSync(join(outside, 'secret'), 'canary');
    return { directory, outside, store: new FolderObjects(directory) };
  }
  const isLink = {
    code: 'user/state-damaged',
    message: expect.stringMatching(/ is a link, and the state has files of its own alone: see who put it there/) as string,
  };

  test('a link is not followed, and is told; a message in its place is passed over by its name', async () => {
    const { directory, outside, store } = withSecret();
    symlinkSync(join(outside, 'secret'), join(directory, 'r', 'inbox', 'x.json'));
    symlinkSync(join(outside, 'nothing'), join(directory, 'r', 'inbox', 'y.json'));
    await postMessage(store, 'r', { id: 'z' });

    await expect(store.read('r/inbox/x.json')).rejects.toMatchObject(isLink);
    const items = await readInbox(store, 'r');
    expect(items.map(({ kind, key }) => [kind, key])).toEqual([
      ['unreadable', 'r/inbox/x.json'],
      ['unreadable', 'r/inbox/y.json'],
      ['message', 'r/inbox/z.json'],
    ]);
    expect(JSON.stringify(items)).not.toContain('canary');
  });

  test('a pipe is not waited for', async () => {
    const { directory, store } = withSecret();
    execFileSync('mkfifo', [join(directory, 'r', 'inbox', 'x.json')]);

    expect(await readInbox(store, 'r')).toMatchObject([
      { kind: 'unreadable', reason: expect.stringMatching(/x\.json is no file, and/) as string },
    ]);
  });

  test('nothing is listed, read or kept behind a folder that is a link', async () => {
    const { directory, outside, store } = withSecret();
    rmSync(join(directory, 'r', 'inbox'), { recursive: true });
    symlinkSync(outside, join(directory, 'r', 'inbox'));

    await expect(store.list('r/inbox/')).rejects.toMatchObject(isLink);
    await expect(store.read('r/inbox/secret')).rejects.toMatchObject(isLink);
    await expect(postMessage(store, 'r', { id: 'z' })).rejects.toMatchObject(isLink);
    await expect(store.replace('r/inbox/z', '1', null)).rejects.toMatchObject(isLink);
    expect(readdirSync(outside)).toEqual(['secret']);
  });

  test('a link in the place of a version is not followed either', async () => {
    const { versions, store, second } = await replaced();
    const { outside } = withSecret();
    const body = join(versions, `body.${second.slice(second.indexOf('.') + 1)}`);
    rmSync(body);
    symlinkSync(join(outside, 'secret'), body);

    await expect(store.read('a')).rejects.toMatchObject(isLink);
  });

  test('the folder itself may be a link', async () => {
    const { directory } = withSecret();
    const linked = freshFolder();
    symlinkSync(directory, linked);
    const store = new FolderObjects(linked);
    await store.create('a/b', '1');

    expect(await store.read('a/b')).toMatchObject({ body: '1' });
    expect(await store.list('a/')).toEqual(['a/b']);
  });
});

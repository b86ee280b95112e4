import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makeWhole, type MakeWhole } from '../../../../../fleet/engine/pulumi/cli/make-whole';
import { processOf, thisProcess } from '../../../../../fleet/state/process-identity';
import { temporaryFolder } from '../../../../helpers/temporary-folder';

const root = temporaryFolder('make-whole');

/** A place of its own: where the folder belongs, and what lies beside it. */
function newPlace() {
  const parent = mkdtempSync(join(root, 'place-'));
  const folder = join(parent, 'tool-1.0');
  return {
    folder,
    beside: () => readdirSync(parent).sort(),
    text: () => readFileSync(join(folder, 'whole'), 'utf8'),
    /** What a run left that did not end. */
    leave: (name: string, maker: unknown) => {
      const making = join(parent, `tool-1.0.making-${name}`);
      mkdirSync(join(making, 'content'), { recursive: true });
      if (maker !== undefined) writeFileSync(join(making, 'maker.json'), JSON.stringify(maker));
      return making;
    },
  };
}

/** Whole is a folder with a file `whole`. */
const making = (text: string): MakeWhole => ({
  make: async ({ content, scratch }) => {
    writeFileSync(join(scratch, 'part'), 'x');
    writeFileSync(join(content, 'whole'), text);
  },
  isWhole: async (folder) => existsSync(join(folder, 'whole')),
});

function deadProcess() {
  const { pid } = spawnSync('/bin/true');
  return { ...thisProcess(), pid };
}

describe('a folder', () => {
  test('is there whole, and nothing beside it', async () => {
    const place = newPlace();
    await makeWhole(join(place.folder, 'below', 'tool'), making('first'));

    expect(readdirSync(join(place.folder, 'below'))).toEqual(['tool']);
    expect(readdirSync(join(place.folder, 'below', 'tool'))).toEqual(['whole']);
  });

  test('that could not be made is not there, nor what was begun of it', async () => {
    const place = newPlace();
    const failing: MakeWhole = {
      ...making('never'),
      make: async ({ content }) => {
        writeFileSync(join(content, 'half'), 'x');
        throw new Error('no network');
      },
    };

    await expect(makeWhole(place.folder, failing)).rejects.toThrow('no network');
    expect(place.beside()).toEqual([]);
  });

  test('is not seen before it is whole', async () => {
    const place = newPlace();
    const seen: boolean[] = [];
    await makeWhole(place.folder, {
      ...making('first'),
      make: async (folders) => {
        await making('first').make(folders);
        seen.push(existsSync(place.folder));
      },
    });

    expect(seen).toEqual([false]);
    expect(place.text()).toBe('first');
  });

  test('that two make at once is the one that was whole first', async () => {
    const place = newPlace();
    await makeWhole(place.folder, {
      ...making('slow'),
      make: async (folders) => {
        await makeWhole(place.folder, making('quick'));
        await making('slow').make(folders);
      },
    });

    expect(place.text()).toBe('quick');
    expect(place.beside()).toEqual(['tool-1.0']);
  });

  test.each([
    ['a broken folder', (folder: string) => mkdirSync(join(folder, 'broken'), { recursive: true })],
    ['an empty folder', (folder: string) => mkdirSync(folder)],
    ['a file', (folder: string) => writeFileSync(folder, 'not a folder')],
  ])('takes the place of %s', async (_what, plant) => {
    const place = newPlace();
    plant(place.folder);
    await makeWhole(place.folder, making('new'));

    expect(place.text()).toBe('new');
    expect(place.beside()).toEqual(['tool-1.0']);
  });
});

describe('what an earlier run has begun', () => {
  const day = 24 * 3600;

  test('is removed where its process was killed', async () => {
    const place = newPlace();
    place.leave('killed', deadProcess());
    await makeWhole(place.folder, making('new'));

    expect(place.beside()).toEqual(['tool-1.0']);
  });

  test.each([
    ['its process runs', () => processOf(process.ppid)],
    ['its process is on another host', () => ({ ...deadProcess(), host: 'elsewhere' })],
    ['nobody knows whose it is', () => undefined],
  ])('is left alone where %s, until it is older than a day', async (_what, maker) => {
    const place = newPlace();
    const left = place.leave('left', maker());
    await makeWhole(place.folder, making('new'));
    expect(place.beside()).toEqual(['tool-1.0', 'tool-1.0.making-left']);

    const old = Date.now() / 1000 - day - 60;
    utimesSync(left, old, old);
    await makeWhole(place.folder, making('newer'));
    expect(place.beside()).toEqual(['tool-1.0']);
  });

  test('is left alone where it is of another folder', async () => {
    const place = newPlace();
    mkdirSync(join(place.folder, '..', 'tool-1.0.1'));
    mkdirSync(join(place.folder, '..', 'tool-2.0.making-x'));
    await makeWhole(place.folder, making('new'));

    expect(place.beside()).toEqual(['tool-1.0', 'tool-1.0.1', 'tool-2.0.making-x']);
  });
});

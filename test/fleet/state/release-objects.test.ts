import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { digestOf, sha256Hex } from '../../../fleet/digest';
import type { ReleaseHandle, ReleaseManifest } from '../../../fleet/ports';
import { openRelease, storeRelease } from '../../../fleet/release/release-folder';
import { FleetStore } from '../../../fleet/state/fleet-store';
import { MemoryObjects } from '../../../fleet/state/memory-objects';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { sealVersion1 } from './version-1';

const folder = temporaryFolder('release-objects');

let machines = 0;
/** A machine with a folder of its own and the state that all of them share. */
function machine(objects: MemoryObjects, more: { readonly sharesReleases?: boolean } = { sharesReleases: true }): FleetStore {
  return new FleetStore(objects, {
    fleet: 'orders',
    directory: join(folder, `${(machines += 1)}`),
    location: 'state s3://acme/orders',
    ...more,
  });
}

/** A release that is built on a machine, with a program that says something. */
function builtOn(store: FleetStore, text: string): ReleaseHandle {
  const program = Buffer.from(`module.exports = ${JSON.stringify(text)};`);
  const [code, map] = [Buffer.from([0, 255, 128, 10]), Buffer.from('map')];
  const manifest: ReleaseManifest = {
    version: 1,
    layers: { regional: { digest: sha256Hex(program), lambdas: ['order'] } },
    lambdas: { order: { digest: sha256Hex(Buffer.concat([code, map])), bytes: code.byteLength } },
    providerVersion: '7.48.0',
  };
  return storeRelease(store.releases, {
    digest: digestOf(manifest),
    manifest,
    files: new Map<string, Uint8Array>([
      ['regional/index.js', program],
      ['lambda/order/index.js', code],
      ['lambda/order/index.js.map', map],
      ['manifest.json', Buffer.from(JSON.stringify(manifest))],
    ]),
  });
}

const filesOf = ({ directory }: ReleaseHandle) =>
  Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(directory.length), readFileSync(path).toString('hex')]),
  );

describe('a release that is shared', () => {
  test('is on another machine as it was built, byte for byte', async () => {
    const objects = new MemoryObjects();
    const [first, second] = [machine(objects), machine(objects)];
    const release = await first.shareRelease(builtOn(first, 'one'));
    await second.fetchReleases([release.digest]);

    const fetched = openRelease(second.releases, release.digest);
    expect(fetched).toEqual({ ...release, directory: join(second.releases, release.digest) });
    expect(filesOf(fetched)).toEqual(filesOf(release));
    expect(Object.keys(filesOf(fetched))).toHaveLength(4);
  });

  test('is kept once, whoever shares it', async () => {
    let writes = 0;
    const objects = new MemoryObjects({ onWritten: () => (writes += 1) });
    for (const store of [machine(objects), machine(objects)]) {
      const release = builtOn(store, 'one');
      await store.shareRelease(release);
      await store.shareRelease(release);
    }

    expect(writes).toBe(1);
  });

  test('is found by the beginning of its digest; what a machine has already is left', async () => {
    const objects = new MemoryObjects();
    const [first, second] = [machine(objects), machine(objects)];
    const release = await first.shareRelease(builtOn(first, 'one'));
    await second.fetchReleases([release.digest.slice(0, 8)]);
    await second.fetchReleases([release.digest.slice(0, 8)]);

    expect(openRelease(second.releases, release.digest.slice(0, 8)).digest).toBe(release.digest);
    expect(readdirSync(second.releases)).toEqual([release.digest]);
  });

  test('comes again where the machine has it damaged', async () => {
    const objects = new MemoryObjects();
    const store = machine(objects);
    const release = await store.shareRelease(builtOn(store, 'one'));
    appendFileSync(join(release.directory, 'regional/index.js'), ' ');
    await store.fetchReleases([release.digest]);

    expect(openRelease(store.releases, release.digest)).toEqual(release);
  });

  test.each(['f'.repeat(64), 'abc', '', '../../etc', '*'])('is not asked for, nor found, by %j', async (digest) => {
    const store = machine(new MemoryObjects());
    await store.fetchReleases([digest]);

    expect(existsSync(store.releases)).toBe(false);
  });
});

describe('what is no release', () => {
  const compressed = (text: string) => gzipSync(text).toString('base64');
  const digest = 'a'.repeat(64);

  test.each<[string, (other: string) => string]>([
    ['another release', (other) => other],
    ['one that lost its end', (other) => other.slice(0, -20)],
    ['one with a path out of its folder', () => sealVersion1({ '../../escaped.js': compressed('x') })],
    ['one with an absolute path', () => sealVersion1({ '/escaped.js': compressed('x') })],
    ['one whose files are not compressed', () => sealVersion1({ 'manifest.json': 'AAAA' })],
    ['none', () => sealVersion1({})],
  ])('is refused and leaves nothing: %s', async (_what, body) => {
    const objects = new MemoryObjects();
    const [first, second] = [machine(objects), machine(objects)];
    const release = await first.shareRelease(builtOn(first, 'one'));
    const kept = (await objects.read(`releases/${release.digest}.json`))?.body ?? '';
    await objects.create(`releases/${digest}.json`, body(kept));

    await expect(second.fetchReleases([digest])).rejects.toMatchObject({
      code: 'user/state-damaged',
      message: `releases/${digest}.json is no release ${digest.slice(0, 12)}: remove it and build that release again`,
    });
    expect(existsSync(join(second.releases, digest))).toBe(false);
    expect(readdirSync(folder, { recursive: true }).filter((path) => String(path).includes('escaped'))).toEqual([]);
  });
});

test('a state whose releases are in its own folder keeps no other copy of them', async () => {
  const objects = new MemoryObjects();
  const store = machine(objects, {});
  const release = await store.shareRelease(builtOn(store, 'one'));
  await store.fetchReleases(['f'.repeat(64)]);

  expect(objects.bodies.size).toBe(0);
  expect(openRelease(store.releases, release.digest)).toEqual(release);
});

test('a state that belongs to another fleet is named as fleet.yaml names it', async () => {
  const objects = new MemoryObjects({ objects: new Map([['fleet.json', sealVersion1('invoices')]]) });

  await expect(machine(objects).claim()).rejects.toMatchObject({
    code: 'user/state-of-another-fleet',
    message: 'state s3://acme/orders belongs to fleet invoices, not orders: set another `state`',
  });
});

import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkPlace } from '../../../fleet/doctor/check-place';
import { FleetError, userError } from '../../../fleet/errors';
import type { ObjectStore } from '../../../fleet/ports';
import { MemoryObjects } from '../../../fleet/state/memory-objects';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('check-place');
const bucket = { kind: 's3', bucket: 'acme', prefix: 'orders' } as const;

const checkFolder = (path: string, open: () => Promise<ObjectStore> = async () => new MemoryObjects()) =>
  checkPlace({ place: { kind: 'folder', path }, location: `state folder ${path}`, setting: 'state', open });

describe('a folder', () => {
  test.each([
    ['that is there', 'there', true],
    ['that comes with the first write, with those above it', 'not/yet/there', false],
  ])('%s can be written, and nothing is', async (_what, name, isThere) => {
    const path = join(folder, name);
    if (isThere) mkdirSync(path, { mode: 0o700 });

    expect(await checkFolder(path)).toMatchObject({ name: 'state', status: 'ok' });
    expect(existsSync(path)).toBe(isThere);
    if (isThere) expect(readdirSync(path)).toEqual([]);
  });

  test.each([0o755, 0o750, 0o701])('that others can read is told, with what to do: mode %i', async (mode) => {
    const path = join(folder, `mode-${mode}`);
    mkdirSync(path);
    chmodSync(path, mode);

    expect(await checkFolder(path)).toEqual({
      name: 'state',
      status: 'warning',
      detail: `state folder ${path} is no other fleet's, and can be written, but others can read it (mode ${mode.toString(8)})`,
      advice: `chmod -R go= ${path}`,
      code: null,
    });
  });

  test.each([
    ['is a file', 'file'],
    ['would be below a file', 'file/below/state'],
  ])('that %s is told in one line', async (_what, name) => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, name);

    expect(await checkFolder(path)).toEqual({
      name: 'state',
      status: 'failed',
      detail: `state folder ${path} cannot be written: ${join(folder, 'file')} is no folder: correct it, or set another \`state\``,
      advice: null,
      code: 'fleet/state-io',
    });
  });

  // Whoever is root may write everywhere.
  (process.getuid?.() === 0 ? test.skip : test)('that may not be written is told', async () => {
    const path = join(folder, 'locked');
    mkdirSync(path);
    chmodSync(path, 0o500);

    expect(await checkFolder(path)).toMatchObject({ status: 'failed', code: 'fleet/state-io' });
  });

  test('of another fleet is told with its code', async () => {
    const open = () => Promise.reject(userError('state-of-another-fleet', 'it belongs to fleet invoices: set another `state`'));

    expect(await checkFolder(folder, open)).toMatchObject({ status: 'failed', code: 'user/state-of-another-fleet' });
  });
});

describe('a bucket', () => {
  test('is written, and what was written is removed', async () => {
    const objects = new MemoryObjects();
    const written: string[] = [];
    const create = objects.create.bind(objects);
    objects.create = (key, body) => {
      written.push(key);
      return create(key, body);
    };
    const check = await checkPlace({ place: bucket, location: 'state s3://acme/orders', setting: 'state', open: async () => objects });

    expect(check).toMatchObject({ status: 'ok', detail: "state s3://acme/orders is no other fleet's, and can be written" });
    expect(written).toEqual([expect.stringMatching(/^doctor-/)]);
    expect(await objects.list('')).toEqual([]);
  });

  test('of the backend that cannot be written is told as the backend', async () => {
    const objects = new MemoryObjects();
    objects.create = () =>
      Promise.reject(
        new FleetError('aws/AccessDenied', 'state s3://acme/doctor-1 cannot be written: Access Denied: or set `state` to another'),
      );
    const check = await checkPlace({ place: bucket, location: 'Pulumi backend s3://acme', setting: 'backend', open: async () => objects });

    expect(check).toMatchObject({
      name: 'backend',
      status: 'failed',
      code: 'aws/AccessDenied',
      detail: 'Pulumi backend s3://acme/doctor-1 cannot be written: Access Denied: or set `backend` to another',
    });
  });
});

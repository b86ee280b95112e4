import {
  CopyObjectCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';

import { regionSchema } from '../../contracts/ids';
import { createS3Client } from '../../fleet/state/s3-client';
import { reportSchema } from '../fleet/report/report-schema';
import { describeWithMoto } from '../helpers/engine-tier';

import { FleetMachine } from './fleet-machine';
import { motoServer } from './moto-server';
import { s3Behind } from './s3-door';

/** The calls of docs/recovery.md, "Bring the versions back", against a versioned bucket with the state of a fleet that was rolled out. */
const moto = motoServer();
const { bucket: Bucket } = s3Behind(moto);
const client = () => createS3Client({ region: regionSchema.parse('eu-west-1'), credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, endpoint: moto() }); // prettier-ignore

describeWithMoto('a versioned state bucket', () => {
  let fleet: FleetMachine;

  beforeAll(async () => {
    await client().send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    fleet = new FleetMachine(moto());
    await fleet.run('init', '.', '--sandbox', '--accounts', '1', '--regions', 'eu-west-1');
    fleet.configure({ state: `s3://${Bucket}/orders`, waves: [{ name: 'all', bake: '1s' }] });
    expect((await fleet.run('rollout', '--yes')).exitCode).toBe(0);
  }, 120_000);
  afterAll(() => fleet.remove());

  test('gives back everything that was deleted, once the delete markers are taken away', async () => {
    const before = reportSchema.parse((await fleet.run('status')).result);
    const { Contents = [] } = await client().send(new ListObjectsV2Command({ Bucket, Prefix: 'orders/' }));
    for (const { Key } of Contents) await client().send(new DeleteObjectCommand({ Bucket, Key }));
    expect(await fleet.run('status')).toMatchObject({ exitCode: 2, err: [expect.stringMatching(/^user\/unknown-rollout/)] });

    const { DeleteMarkers = [] } = await client().send(new ListObjectVersionsCommand({ Bucket, Prefix: 'orders/' }));
    for (const { Key, VersionId } of DeleteMarkers.filter(({ IsLatest }) => IsLatest))
      await client().send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    expect(reportSchema.parse((await fleet.run('status')).result).rollout).toBe(before.rollout);
    expect(reportSchema.parse((await fleet.run('rollout', '--yes')).result).counts).toMatchObject({ total: 3, unchanged: 3 });
  }, 60_000);

  test('gives back an object that was damaged, once its last good version is put on top', async () => {
    const Key = 'orders/records.json';
    const { Versions = [] } = await client().send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const good = Versions.find(({ IsLatest }) => IsLatest)?.VersionId ?? '';
    await client().send(new PutObjectCommand({ Bucket, Key, Body: 'damaged' }));
    expect(await fleet.run('plan')).toMatchObject({ exitCode: 2, err: [expect.stringMatching(/^user\/state-damaged: records\.json/)] });

    await client().send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}?versionId=${good}` }));
    expect(reportSchema.parse((await fleet.run('rollout', '--yes')).result).counts).toMatchObject({ total: 3, unchanged: 3 });
  }, 60_000);
});

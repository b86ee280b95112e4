import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { organizationConfigSchema } from '../../contracts/organization';
import { openBootstrapClients } from '../../fleet/bootstrap/open-bootstrap-clients';
import { readOrganizationFacts } from '../../fleet/bootstrap/organization-facts';
import { StateBucket } from '../../fleet/bootstrap/state-bucket';
import { stateBucketPolicy } from '../../fleet/bootstrap/state-bucket-policy';
import { systemClock } from '../../fleet/system-clock';
import { describeWithMoto } from '../helpers/engine-tier';
import { organizationConfig } from '../organization/render-organization';

import { makeOrganization } from './make-organization';
import { motoServer } from './moto-server';

const REGION = regionSchema.parse('eu-west-1');
const SHARED = accountIdSchema.parse('111111111111');
const OTHER = accountIdSchema.parse('222222222222');
const ALL = ['public access block', 'policy', 'versioning', 'encryption', 'tags'];

describeWithMoto('what fleet bootstrap asks of AWS', () => {
  const moto = motoServer();
  const environment = { ...process.env };
  const clients: S3Client[] = [];
  let names = 0;

  beforeAll(() => {
    Object.assign(process.env, { AWS_ENDPOINT_URL: moto(), AWS_ACCESS_KEY_ID: 'AKIASTATE', AWS_SECRET_ACCESS_KEY: 'secret' });
  });
  afterAll(() => {
    for (const client of clients) client.destroy();
    process.env = environment;
  });

  async function s3Of(shared: typeof SHARED): Promise<S3Client> {
    const opened = openBootstrapClients({ homeRegion: REGION, shared, bootstrapRole: 'OrganizationAccountAccessRole', clock: systemClock });
    const client = await opened.sharedS3();
    clients.push(client);
    return client;
  }

  /** A bucket's name that nobody has yet, and all that goes with it. */
  async function place(region = REGION) {
    names += 1;
    const bucket = `acme-state-${names}`;
    const config = organizationConfigSchema.parse(organizationConfig({ state: { bucket, keyAlias: 'alias/acme' } }));
    const client = await s3Of(SHARED);
    const make = (by = client) =>
      by.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    return { bucket, config, client, make, state: new StateBucket(client, { bucket, account: SHARED, region }) };
  }

  /** Every write is an error: what changes nothing sends none. */
  const readOnly = (client: S3Client) =>
    client.middlewareStack.add(
      (next) => (args) => {
        const { method } = args.request as { readonly method: string };
        if (method !== 'GET' && method !== 'HEAD') throw new Error(`${method} was sent`);
        return next(args);
      },
      { step: 'finalizeRequest' },
    );

  describe('of the state bucket', () => {
    test('it is made in the shared account with all that it needs, and is left alone from then on', async () => {
      const { bucket: Bucket, client, config, state } = await place();
      expect(await state.look()).toEqual({ exists: false, createdAt: null, missing: ALL });
      await state.complete(await state.look(), config);

      expect(await client.send(new GetBucketVersioningCommand({ Bucket }))).toMatchObject({ Status: 'Enabled' });
      expect(await client.send(new GetPublicAccessBlockCommand({ Bucket }))).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
      expect(await client.send(new GetBucketEncryptionCommand({ Bucket }))).toMatchObject({
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      });
      const { Policy = '' } = await client.send(new GetBucketPolicyCommand({ Bucket }));
      expect(JSON.parse(Policy)).toEqual(stateBucketPolicy(config));

      readOnly(client);
      expect(await state.look()).toEqual({ exists: true, createdAt: config.createdAt, missing: [] });
      await state.complete(await state.look(), { ...config, createdAt: '2030-01-01T00:00:00.000Z' });
    });

    test('what the program has made of it since stays', async () => {
      const { bucket: Bucket, client, config, state } = await place();
      await state.complete(await state.look(), config);
      const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'key' } }];
      await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
      await client.send(new PutBucketPolicyCommand({ Bucket, Policy: '{"Version":"2012-10-17","Statement":[]}' }));
      readOnly(client);

      expect((await state.look()).missing).toEqual([]);
    });

    test('what a run that was cut short left out is made up for, and nothing else', async () => {
      const { bucket: Bucket, client, config, state, make } = await place();
      await make();
      expect(await state.look()).toMatchObject({ exists: true, createdAt: null });
      await state.complete(await state.look(), config);
      await client.send(new DeleteBucketPolicyCommand({ Bucket }));
      await client.send(new PutObjectCommand({ Bucket, Key: 'state', Body: 'x' }));

      const found = await state.look();
      expect(found).toEqual({ exists: true, createdAt: config.createdAt, missing: ['policy'] });
      await state.complete(found, config);
      expect((await state.look()).missing).toEqual([]);
    });

    test('one of another account is refused, and not touched', async () => {
      const { bucket: Bucket, config, state, make } = await place();
      const theirs = await s3Of(OTHER);
      await make(theirs);

      await expect(state.look()).rejects.toMatchObject({ code: 'user/state-bucket', message: expect.stringContaining(`bucket ${Bucket} is another account's`) as string }); // prettier-ignore
      await expect(state.complete({ exists: false, createdAt: null, missing: ALL }, config)).rejects.toMatchObject({
        code: 'user/state-bucket',
      });
      await expect(theirs.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });
      expect((await theirs.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    });

    test('one of the shared account that holds something else, or is tagged by somebody else, is refused', async () => {
      for (const taken of [
        (client: S3Client, Bucket: string) => client.send(new PutObjectCommand({ Bucket, Key: 'invoices', Body: 'x' })),
        (client: S3Client, Bucket: string) =>
          client.send(
            new PutBucketTaggingCommand({
              Bucket,
              Tagging: {
                TagSet: [
                  { Key: 'ManagedBy', Value: 'finance' },
                  { Key: 'CreatedAt', Value: 'today' },
                ],
              },
            }),
          ),
      ]) {
        const { bucket, client, state, make } = await place();
        await make();
        await taken(client, bucket);
        readOnly(client);

        await expect(state.look()).rejects.toMatchObject({ code: 'user/state-bucket', message: expect.stringMatching(/was not made by fleet bootstrap/) as string }); // prettier-ignore
      }
    });

    test('one in another region is refused', async () => {
      const { state, make } = await place(regionSchema.parse('us-east-1'));
      await make();

      await expect(state.look()).rejects.toThrow(/is in eu-west-1, and homeRegion is us-east-1/);
    });

    test('one whose tags were taken away while it holds state is not taken for new', async () => {
      const { bucket: Bucket, client, config, state } = await place();
      await state.complete(await state.look(), config);
      // moto reads a policy without its conditions: as if nobody may do anything.
      await client.send(new DeleteBucketPolicyCommand({ Bucket }));
      await client.send(new PutObjectCommand({ Bucket, Key: 'state', Body: 'x' }));
      await client.send(new DeleteBucketTaggingCommand({ Bucket }));

      await expect(state.look()).rejects.toMatchObject({ code: 'user/state-bucket' });
    });
  });

  test('of the organisation: who asks, the root, and every account with its unit', async () => {
    const organizations = new OrganizationsClient({ region: 'us-east-1' });
    const sts = new STSClient({ region: REGION });
    const made = await makeOrganization(organizations, 2);
    const facts = await readOrganizationFacts({ organizations, sts }, new AbortController().signal);
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));

    expect(facts).toMatchObject({
      caller: { account: Account, arn: Arn },
      organizationId: made.id,
      managementAccount: Account,
      rootId: expect.stringMatching(/^r-/) as string,
    });
    const units = Object.fromEntries(facts.accounts.map(({ id, unit }) => [id, unit]));
    expect(units).toMatchObject({ [made.shared]: 'Platform', ...Object.fromEntries(made.workloads.map((id) => [id, 'Workloads/Prod'])) });
    expect(facts.accounts.filter(({ managementAccount }) => managementAccount).map(({ id }) => id)).toEqual([Account]);
    [organizations, sts].forEach((client) => client.destroy());
  });

  test('of a place that does not answer: the network’s own error, and what to do', async () => {
    const organizations = new OrganizationsClient({ region: 'us-east-1', endpoint: 'http://127.0.0.1:9', maxAttempts: 1 });
    const sts = new STSClient({ region: REGION });

    await expect(readOrganizationFacts({ organizations, sts }, new AbortController().signal)).rejects.toMatchObject({
      code: expect.stringMatching(/^aws\//) as string,
      message: expect.stringMatching(/^organizations:DescribeOrganization failed: .*ECONNREFUSED.*; run with credentials of/) as string,
    });
  });
});

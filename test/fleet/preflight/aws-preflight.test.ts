import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetPolicyCommand } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import { FleetError } from '../../../fleet/errors';
import { awsPreflight } from '../../../fleet/preflight/aws-preflight';
import { readClients } from '../../../fleet/preflight/aws-preflight-clients';
import { systemClock } from '../../../fleet/system-clock';

const home = regionSchema.parse('eu-west-1');
const target = targetAt({ layer: 'regional', account: accountIdSchema.parse('200000000001'), region: home });
const real = readClients({ homeRegion: home, deployRole: 'fleet/deploy', clock: systemClock }).at(target);
const sts = new STSClient({ region: home });
const mocks = {
  cloudwatch: mockClient(real.cloudwatch),
  iam: mockClient(real.iam),
  lambda: mockClient(real.lambda),
  quotas: mockClient(real.quotas),
  s3: mockClient(real.s3),
  sqs: mockClient(real.sqs),
  sts: mockClient(sts),
};
const nothing = () => undefined;
const openSource = () =>
  awsPreflight({
    clients: { at: () => real, role: 'fleet/preview', close: nothing },
    deployers: { at: () => sts, role: 'fleet/deploy', close: nothing },
    deployRole: 'fleet/deploy',
  });
const options = { signal: new AbortController().signal };
const named = (name: string, message = name) => Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

beforeEach(() => {
  for (const mock of Object.values(mocks) as readonly Pick<typeof mocks.sts, 'reset' | 'onAnyCommand'>[]) {
    mock.reset();
    mock.onAnyCommand().rejects(new Error('this command is not expected here'));
  }
});

describe('the deploy role', () => {
  test('is asked once an account, also by targets that ask at the same time', async () => {
    mocks.sts.on(GetCallerIdentityCommand).resolves({ Account: '200000000001' });
    const source = openSource();
    const answers = await Promise.all([source.deployRole(target, options), source.deployRole(target, options)]);

    expect(answers[0]).toEqual({ kind: 'assumed', arn: 'arn:aws:iam::200000000001:role/fleet/deploy', account: '200000000001' });
    expect(mocks.sts.commandCalls(GetCallerIdentityCommand)).toHaveLength(1);
  });

  test('that AWS refuses is refused; what leaves it open is no answer, and is asked again', async () => {
    const source = openSource();
    mocks.sts.on(GetCallerIdentityCommand).rejectsOnce(new FleetError('aws/ThrottlingException', 'sts:AssumeRole failed: Rate exceeded'));
    await expect(source.deployRole(target, options)).rejects.toMatchObject({ code: 'aws/ThrottlingException' });
    mocks.sts.on(GetCallerIdentityCommand).rejects(new FleetError('aws/AccessDenied', 'sts:AssumeRole failed: not authorized'));

    expect(await source.deployRole(target, options)).toMatchObject({ kind: 'refused', message: 'sts:AssumeRole failed: not authorized' });
  });
});

test('the boundary is not there only where AWS says so', async () => {
  mocks.iam.on(GetPolicyCommand).rejects(named('NoSuchEntityException'));
  expect(await openSource().boundary(target, options)).toBe(false);
  mocks.iam.on(GetPolicyCommand).rejects(named('AccessDenied', 'User is not authorized'));

  await expect(openSource().boundary(target, options)).rejects.toMatchObject({
    code: 'aws/AccessDenied',
    message: expect.stringMatching(
      /^iam:GetPolicy in account 200000000001, eu-west-1 failed: User is not authorized; .*fleet\/preview/,
    ) as string,
  });
});

test.each([
  ['limit', { AccountLimit: { UnreservedConcurrentExecutions: 1, TotalCodeSize: 1 }, AccountUsage: { TotalCodeSize: 1 } }],
  ['code size', { AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 }, AccountUsage: {} }],
])('settings of Lambda without their %s are no answer', async (_what, settings) => {
  mocks.lambda.on(GetAccountSettingsCommand).resolves(settings);

  await expect(openSource().lambda(target, options)).rejects.toThrow(/lambda:GetAccountSettings .* the answer lacks/);
});

describe('a quota', () => {
  beforeEach(() => {
    mocks.cloudwatch
      .on(DescribeAlarmsCommand)
      .resolvesOnce({ MetricAlarms: [{}, {}], NextToken: 'more' })
      .resolves({ CompositeAlarms: [{}] });
  });

  test('is the one that was granted, and used by alarms of both kinds over all pages', async () => {
    mocks.quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 9000 } });

    expect(await openSource().quota(target, 'alarms', options)).toEqual({ limit: 9000, used: 3 });
  });

  test('that nobody changed is the default; one that AWS does not know is null', async () => {
    mocks.quotas.on(GetServiceQuotaCommand).rejects(named('NoSuchResourceException'));
    mocks.quotas
      .on(GetAWSDefaultServiceQuotaCommand)
      .resolvesOnce({ Quota: { Value: 5000 } })
      .rejects(named('NoSuchResourceException'));

    expect((await openSource().quota(target, 'alarms', options)).limit).toBe(5000);
    expect((await openSource().quota(target, 'alarms', options)).limit).toBeNull();
  });

  test('that AWS throttles is no answer', async () => {
    mocks.quotas.on(GetServiceQuotaCommand).rejects(named('TooManyRequestsException'));

    await expect(openSource().quota(target, 'alarms', options)).rejects.toMatchObject({ code: 'aws/TooManyRequestsException' });
  });
});

describe('names', () => {
  const queue = { kind: 'queue', name: 'orders-order-queue' } as const;
  const bucket = { kind: 'bucket', name: 'orders-archive' } as const;

  test('are taken where AWS finds them, and free where it says that there is none', async () => {
    mocks.sqs.on(GetQueueUrlCommand).resolvesOnce({ QueueUrl: 'https://q' }).rejects(named('QueueDoesNotExist'));

    expect(await openSource().standing(target, [queue], options)).toEqual([queue]);
    expect(await openSource().standing(target, [queue], options)).toEqual([]);
  });

  test('of which AWS refuses to speak are no answer: a bucket that says 403 may be anybody’s', async () => {
    mocks.s3.on(HeadBucketCommand).rejects(named('Forbidden'));

    await expect(openSource().standing(target, [bucket], options)).rejects.toMatchObject({ code: 'aws/Forbidden' });
  });
});

test('a call that was stopped is stopped, and no answer', async () => {
  const stopped = new AbortController();
  mocks.iam.on(GetPolicyCommand).callsFake(() => {
    stopped.abort(new Error('interrupted'));
    throw named('AbortError');
  });

  await expect(openSource().boundary(target, { signal: stopped.signal })).rejects.toThrow('interrupted');
});

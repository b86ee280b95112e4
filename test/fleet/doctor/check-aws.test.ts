import { accountIdSchema, type AccountId } from '../../../contracts/ids';
import type { AwsDoor } from '../../../fleet/doctor/aws-door';
import { checkAws, type SampleAccount } from '../../../fleet/doctor/check-aws';
import { FleetError } from '../../../fleet/errors';

const [shared, monitoring, workload] = ['111111111111', '222222222222', '333333333333'].map((id) => accountIdSchema.parse(id)) as [
  AccountId,
  AccountId,
  AccountId,
];
const accounts: readonly SampleAccount[] = [
  { what: 'shared', account: shared },
  { what: 'monitoring', account: monitoring },
  { what: 'workload', account: workload },
];
const caller = { account: '999999999999', arn: 'arn:aws:iam::999999999999:role/control' };

/** AWS with some accounts whose role cannot be assumed. */
function doorWithout(...refused: readonly AccountId[]): AwsDoor & { readonly asked: AccountId[] } {
  const asked: AccountId[] = [];
  return {
    asked,
    caller: async () => caller,
    confirm: async (account) => {
      asked.push(account);
      if (refused.includes(account)) throw new FleetError('aws/AccessDenied', `sts:AssumeRole in ${account} failed: not authorized`);
    },
  };
}

const check = (door: AwsDoor, sample = accounts) => checkAws({ door, deployRole: 'fleet/deploy', accounts: sample });

test('credentials that lead into each sample account are well', async () => {
  expect(await check(doorWithout())).toMatchObject([
    { name: 'credentials', status: 'ok', detail: 'arn:aws:iam::999999999999:role/control, of account 999999999999' },
    { name: 'role shared', status: 'ok', detail: 'arn:aws:iam::111111111111:role/fleet/deploy can be assumed' },
    { name: 'role monitoring', status: 'ok' },
    { name: 'role workload', status: 'ok' },
  ]);
});

test('a role that cannot be assumed fails alone, with what to do', async () => {
  expect(await check(doorWithout(monitoring))).toMatchObject([
    { status: 'ok' },
    { status: 'ok' },
    {
      name: 'role monitoring',
      status: 'failed',
      code: 'aws/AccessDenied',
      advice: expect.stringContaining('correct `deployRole`') as string,
    },
    { status: 'ok' },
  ]);
});

test('a role that leads elsewhere says itself what to do', async () => {
  const door: AwsDoor = {
    caller: async () => caller,
    confirm: () => Promise.reject(new FleetError('aws/wrong-account', 'it leads into account 4: see who owns that role')),
  };

  expect(await check(door, accounts.slice(0, 1))).toMatchObject([{}, { status: 'failed', code: 'aws/wrong-account', advice: null }]);
});

test('an account that is not known is not asked', async () => {
  const door = doorWithout();
  const [, role] = await check(door, [{ what: 'workload', account: { unknown: 'no inventory yet' } }]);

  expect(role).toMatchObject({ name: 'role workload', status: 'skipped', detail: 'no inventory yet' });
  expect(door.asked).toEqual([]);
});

test.each([
  ['aws/ExpiredToken', /renew the AWS credentials/],
  ['aws/CredentialsProviderError', /renew the AWS credentials/],
  ['aws/InvalidClientTokenId', /renew the AWS credentials/],
  ['aws/TimeoutError', /way to AWS/],
  ['aws/ENOTFOUND', /way to AWS/],
] as const)('without an answer (%s) no role is tried, and the advice fits', async (code, advice) => {
  const door = { ...doorWithout(), caller: () => Promise.reject(new FleetError(code, 'sts:GetCallerIdentity failed: it did')) };
  const checks = await check(door);

  expect(checks[0]).toMatchObject({ name: 'credentials', status: 'failed', code, advice: expect.stringMatching(advice) as string });
  expect(checks.slice(1).map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped']);
  expect(door.asked).toEqual([]);
});

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
const caller = { account: '999999999999', userId: 'AROAEXAMPLE:me', arn: 'arn:aws:iam::999999999999:role/control' };

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

test('a role that cannot be assumed fails alone, as AWS said', async () => {
  expect(await check(doorWithout(monitoring))).toMatchObject([
    { status: 'ok' },
    { status: 'ok' },
    {
      name: 'role monitoring',
      status: 'failed',
      code: 'aws/AccessDenied',
      detail: `sts:AssumeRole in ${monitoring} failed: not authorized`,
      advice: null,
    },
    { status: 'ok' },
  ]);
});

test('an account that is not known is not asked', async () => {
  const door = doorWithout();
  const [, role] = await check(door, [{ what: 'workload', account: { unknown: 'no inventory yet' } }]);

  expect(role).toMatchObject({ name: 'role workload', status: 'skipped', detail: 'no inventory yet' });
  expect(door.asked).toEqual([]);
});

test('without an answer no role is tried', async () => {
  const door = { ...doorWithout(), caller: () => Promise.reject(new FleetError('aws/ExpiredToken', 'it has expired; renew it')) };
  const checks = await check(door);

  expect(checks[0]).toMatchObject({
    name: 'credentials',
    status: 'failed',
    code: 'aws/ExpiredToken',
    detail: 'it has expired; renew it',
    advice: null,
  });
  expect(checks.slice(1).map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped']);
  expect(door.asked).toEqual([]);
});

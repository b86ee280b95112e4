import { ListFunctionsCommand } from '@aws-sdk/client-lambda';

import { describeWithEngineAndMoto } from '../helpers/engine-tier';
import { reportSchema, type CheckedReport } from '../fleet/report/report-schema';

import { AwsFleet, type Ran } from './aws-fleet';
import { emulatedAws, type AwsUnderTest } from './aws-under-test';
import { motoServer } from './moto-server';
import { RoleTroubles } from './role-troubles';

/** One rollout over five accounts, three of which cannot be entered as they should be. */
describeWithEngineAndMoto('accounts that cannot be entered', () => {
  const moto = motoServer();
  let aws: AwsUnderTest;
  let door: RoleTroubles;
  let fleet: AwsFleet;
  let ran: Ran;
  let report: CheckedReport;
  let accounts: readonly string[];

  beforeAll(async () => {
    aws = await emulatedAws(moto(), { workloads: 5, regions: ['eu-west-1'] });
    door = await new RoleTroubles(aws.environment.AWS_ENDPOINT_URL ?? '', 'fleet/orders/orders-deploy').listen();
    const waves = [{ name: 'all', bake: '1s', shortBake: true, minOrders: 0 }];
    const config = { ...aws.config, waves, limits: { mode: 'soft', failureTolerance: '100%' } };
    const environment = { ...aws.environment, FLEET_PULUMI: process.env.FLEET_PULUMI, AWS_ENDPOINT_URL: door.endpoint };
    fleet = new AwsFleet({ config, environment, attachProvider: aws.attachProvider });
    const found = (await fleet.run('discover')).result as { readonly workloads: readonly { readonly account: string }[] };
    accounts = found.workloads.map(({ account }) => account);
    const [first = '', second = '', third = '', fourth = ''] = accounts;
    door.troubles
      .set(second, { is: 'no-such-role' })
      .set(third, { is: 'other-account', account: first })
      .set(fourth, { is: 'credentials-ended' });
    ran = await fleet.run('rollout', '--yes');
    report = reportSchema.parse(ran.result);
  }, 180_000);

  afterAll(async () => {
    fleet.remove();
    await door.close();
    await aws.close();
  });

  const regional = (account: string | undefined) =>
    report.targets.find((target) => target.layer === 'regional' && target.account === account);

  test.each([
    [
      1,
      'aws/AccessDenied',
      /^sts:AssumeRole of .*role\/fleet\/orders\/orders-deploy failed: .*; see that the role is there .* and trusts these credentials$/,
    ],
    [
      2,
      'aws/wrong-account',
      /^.*role\/fleet\/orders\/orders-deploy leads into account \d{12}, not \d{12}: nothing was deployed; see who owns that role$/,
    ],
    [3, 'aws/ExpiredToken', /^sts:AssumeRole of .* failed: .* is expired; set or renew the AWS credentials of this environment$/],
  ])('account %i of the fleet fails with %s, one line and what to do', (index, code, line) => {
    expect(regional(accounts[index])).toMatchObject({ outcome: 'failed', error: { code, message: expect.stringMatching(line) as string } });
  });

  test('the other targets go on', () => {
    expect([ran.exitCode, report.outcome]).toEqual([1, 'failed']);
    expect([regional(accounts[0]), regional(accounts[4])].map((target) => target?.outcome)).toEqual(['succeeded', 'succeeded']);
    expect(report.targets.filter(({ layer }) => layer !== 'regional').map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
  });

  test('nothing is made in the account that a role led into by mistake', async () => {
    const { lambda } = await aws.clients(accounts[0] ?? '', 'eu-west-1');
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));

    expect(Functions.map(({ FunctionName }) => FunctionName).sort()).toEqual(['orders-dead-letter', 'orders-order']);
  });

  test('once the roles are right again, a rollout does what is left', async () => {
    door.troubles.clear();
    const next = reportSchema.parse((await fleet.run('rollout', '--yes')).result);

    expect(next.outcome).toBe('succeeded');
    expect(accounts.map((account) => next.targets.find((target) => target.id === `regional/${account}/eu-west-1`)?.outcome)).toEqual([
      'unchanged',
      'succeeded',
      'succeeded',
      'succeeded',
      'unchanged',
    ]);
  }, 180_000);
});

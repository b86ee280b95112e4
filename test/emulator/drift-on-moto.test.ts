import type { TargetDifference } from '../../fleet/engine/target-differences';
import { changesOf, type BroughtBack } from '../helpers/bring-back';
import { describeWithEngineAndMoto } from '../helpers/engine-tier';

import { AwsFleet, type Ran } from './aws-fleet';
import { emulatedAws, type AwsUnderTest } from './aws-under-test';
import { changesByHand } from './change-by-hand';
import { motoServer } from './moto-server';
import { readRegional, type RegionalTarget } from './read-back';

/** The fleet is changed and brought back once: the tests look at what was seen. */
describeWithEngineAndMoto('what people changed by hand in AWS', () => {
  const moto = motoServer();
  let aws: AwsUnderTest;
  let fleet: AwsFleet;
  let target = '';
  let before: RegionalTarget;
  let drifted: Ran;
  let broughtBack: readonly BroughtBack[];
  let mended: Ran;
  let after: RegionalTarget;

  beforeAll(async () => {
    aws = await emulatedAws(moto(), { workloads: 1, regions: ['eu-west-1'] });
    const environment = { ...aws.environment, FLEET_PULUMI: process.env.FLEET_PULUMI };
    fleet = new AwsFleet({ config: aws.config, environment, attachProvider: aws.attachProvider });
    const { targets } = await fleet.rollOut();
    target = targets.find(({ layer }) => layer === 'regional')?.id ?? '';
    const [, account = '', region = ''] = target.split('/');
    const clients = await aws.clients(account, region);
    before = await readRegional(clients, { account, region });
    for (const { carryOut } of changesByHand) await carryOut(clients, { account, region });
    drifted = await fleet.run('drift', '--detailed-exitcode');
    broughtBack = await fleet.bringBack([target]);
    mended = await fleet.run('drift', '--detailed-exitcode');
    after = await readRegional(clients, { account, region });
  }, 300_000);

  afterAll(async () => {
    fleet.remove();
    await aws.close();
  });

  test('is told with what was deployed and what is found, and nothing else is', () => {
    const { targets } = drifted.result as { readonly targets: readonly { readonly id: string; readonly differences?: readonly TargetDifference[] }[] }; // prettier-ignore
    const told = targets.flatMap(({ id, differences = [] }) =>
      differences.map(({ kind, name, path, deployed, found }) => [id, kind, name, path, deployed, found]),
    );
    const lines = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(lines(told)).toEqual(lines(changesByHand.map((one) => [target, ...one.told])));
    expect(drifted.exitCode).toBe(4);
  });

  test('is brought back by a run that reads first what AWS has, which touches nothing else', () => {
    const changed = changesByHand.map(({ told: [kind, name] }) => `${kind === 'gone' ? 'create' : 'update'} ${name}`);
    expect(broughtBack).toMatchObject([{ target, status: 'succeeded' }]);
    expect(changesOf(broughtBack)).toEqual([...new Set(changed)].sort());
    expect(mended).toMatchObject({ exitCode: 0, result: { counts: { drifted: 0, notChecked: 0 } } });
  });

  test('is in AWS as it was before', () => {
    const seen = ({ alarms, queues, access, archive, logGroups = [], schedule, aliases, ...rest }: RegionalTarget) => ({
      alarms: alarms.map(({ AlarmName, Threshold }) => `${AlarmName} ${Threshold}`).sort(),
      queues: [queues.orders.attributes.VisibilityTimeout, queues.orders.tags],
      ...{ access, aliases, publicAccess: archive.publicAccess, schedule: schedule.ScheduleExpression },
      function: [rest.function.Configuration?.MemorySize, rest.function.Tags],
      logs: logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]),
    });
    expect(seen(after)).toEqual(seen(before));
  });
});

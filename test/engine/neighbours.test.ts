import { pulumiFleet, untilQuiet } from './pulumi-fleet';
import type { FleetRunner } from '../cli/fleet-runner';
import { rollOut } from '../cli/sandbox-fleet';
import { describeWithEngine } from '../helpers/engine-tier';

describeWithEngine('targets that fail beside others', () => {
  let fleet: FleetRunner;

  afterEach(async () => {
    await untilQuiet(fleet);
    fleet.remove();
  });

  test('targets that crash their provider, hang or lack a role end alone and say why; their neighbours succeed', async () => {
    fleet = await pulumiFleet(5, { concurrent: 5 });
    fleet.configure((config) => (config.limits.targetTimeout = '25s'));
    fleet.plant(
      { target: 'regional/200000000001/*', kind: 'crash', on: 'aws:sqs/queue:Queue' },
      { target: 'regional/200000000002/*', kind: 'hang', on: 'aws:sqs/queue:Queue' },
      { target: 'regional/200000000003/*', kind: 'role-missing' },
      { target: 'regional/200000000004/*', kind: 'create-fails', on: 'aws:sqs/queue:Queue' },
    );

    const { report, exitCode } = await rollOut(fleet);

    const ended = Object.fromEntries(report.targets.map(({ id, outcome, error }) => [id, [outcome, error?.code]]));
    expect(exitCode).toBe(1);
    expect(ended).toMatchObject({
      'regional/200000000001/eu-west-1': ['failed', 'pulumi/crashed'],
      'regional/200000000002/eu-west-1': ['failed', 'fleet/timeout'],
      'regional/200000000003/eu-west-1': ['failed', 'aws/AccessDenied'],
      'regional/200000000004/eu-west-1': ['failed', 'aws/InternalFailure'],
      'regional/200000000005/eu-west-1': ['succeeded', undefined],
    });

    fleet.organize((organization) => delete organization.faults);
    const repaired = await rollOut(fleet);
    expect([repaired.exitCode, repaired.report.counts]).toMatchObject([0, { succeeded: expect.any(Number) as number, failed: 0 }]);
  }, 180_000);
});

import { backendFiles, askPulumi, clisOf, pulumiFleet } from './pulumi-fleet';
import { comparable } from './comparable-resources';
import { FleetRunner } from '../cli/fleet-runner';
import { drive, rollOut, type RolledOut } from '../cli/sandbox-fleet';
import { describeWithEngine } from '../helpers/engine-tier';

describeWithEngine('a fleet on the real engine', () => {
  const TARGETS = [
    'foundation/100000000002/eu-west-1',
    'foundation/100000000002/us-east-1',
    'observability/100000000003/us-east-1',
    'regional/200000000001/eu-west-1',
    'regional/200000000004/us-east-1',
  ];

  let fleet: FleetRunner;
  let first: RolledOut;

  beforeAll(async () => {
    fleet = await pulumiFleet(4, { regions: 'eu-west-1,us-east-1' });
    first = await rollOut(fleet);
  }, 180_000);
  afterAll(() => fleet.remove());

  /** A target as `show` tells it. */
  async function shown(
    runner: FleetRunner,
    target: string,
  ): Promise<{ readonly resources: Parameters<typeof comparable>[0]; readonly outputs: unknown }> {
    const { result, err } = await runner.run('show', target, '--json');
    if (result === undefined) throw new Error(err.join('\n'));
    return result as { readonly resources: Parameters<typeof comparable>[0]; readonly outputs: unknown };
  }

  test('the real CLI deploys a whole fleet into the sandbox, and then nothing runs any more', async () => {
    expect([first.exitCode, first.report.outcome, first.report.counts]).toMatchObject([0, 'succeeded', { succeeded: 12 }]);
    const updates = backendFiles(fleet, '.history.json').length;

    const second = await rollOut(fleet);

    expect([second.exitCode, second.report.counts]).toMatchObject([0, { unchanged: 12 }]);
    expect(second.report.targets.map(({ attempts }) => attempts)).toEqual(Array.from({ length: 12 }, () => 0));
    expect(backendFiles(fleet, '.history.json')).toHaveLength(updates);
    expect(clisOf(fleet)).toEqual([]);
    expect(backendFiles(fleet, '/locks/').filter((path) => path.endsWith('.json'))).toEqual([]);
  }, 180_000);

  test('the CLI reads the checkpoints, and references between stacks resolve in them', async () => {
    const exported = JSON.parse(await askPulumi(fleet, 'regional', ['stack', 'export', '--stack', '200000000001.eu-west-1'])) as {
      readonly deployment: { readonly resources: readonly { readonly type: string; readonly id?: string; readonly outputs?: object }[] };
    };
    const references = exported.deployment.resources.filter(({ type }) => type === 'pulumi:pulumi:StackReference');

    expect(references.map(({ outputs }) => outputs)).toEqual([
      expect.objectContaining({
        name: 'organization/foundation/100000000002.eu-west-1',
        outputs: expect.objectContaining({ version: 1 }) as object,
      }),
    ]);
    expect(await askPulumi(fleet, 'observability', ['stack', 'output', '--stack', '100000000003.us-east-1', '--json'])).toContain(
      'orders-region-us-east-1',
    );
  }, 60_000);

  test('both engines deploy the same resources', async () => {
    const simulated = new FleetRunner('spawned').copyFrom(fleet);
    simulated.configure((config) => {
      config.engine = 'sandbox';
      config.state = 'simulated';
    });
    expect((await drive(simulated, ['rollout', '--yes'])).exitCode).toBe(0);

    for (const target of TARGETS) {
      const [real, other] = [await shown(fleet, target), await shown(simulated, target)];
      expect(comparable(real.resources)).toEqual(comparable(other.resources));
      expect(real.outputs).toEqual(other.outputs);
    }
    simulated.remove();
  }, 120_000);
});

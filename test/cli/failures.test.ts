import { join } from 'node:path';

import { accountIdSchema, type AccountId } from '../../contracts/ids';
import { resourceTypes } from '../../sandbox/types';
import { World } from '../../sandbox/world';
import { reportSchema, type CheckedReport } from '../fleet/report/report-schema';

import { FleetRunner } from './fleet-runner';
import { stopWorker } from './running-fleet';

const idsWith = (report: CheckedReport, outcome: string) => report.targets.filter((one) => one.outcome === outcome).map(({ id }) => id);

/** Types of what an account holds in the simulated organisation, whatever any stack says. */
function worldOf(fleet: FleetRunner, account: AccountId): readonly string[] {
  const world = new World({
    directory: join(fleet.directory, '.fleet/sandbox/world'),
    types: new Map(resourceTypes.map((type) => [type.type, type])),
    now: () => 0,
    secondsBetween: () => 0,
    members: new Map(),
  });
  return world.resourcesOf(account).map((resource) => resource.type);
}

/** Three accounts in one region: with its release built, and rolled out as well. Tests change copies. */
const built = new FleetRunner('worker');
const rolledOut = new FleetRunner('worker');
let fleet: FleetRunner;

beforeAll(async () => {
  await built.run('init', '.', '--sandbox', '--accounts', '3', '--regions', 'eu-west-1');
  built.edit('fleet.yaml', (text) => text.replaceAll('bake: 2s', 'bake: 1s'));
  await built.run('build');
  await rollOut(rolledOut.copyFrom(built));
}, 60_000);
afterAll(() => {
  [built, rolledOut].forEach((one) => one.remove());
  stopWorker();
});
beforeEach(() => (fleet = new FleetRunner('worker')));
afterEach(() => fleet.remove());

const plant = (fleet: FleetRunner, ...faults: readonly string[]) =>
  fleet.edit('organization.yaml', (text) => `${text}faults:\n${faults.map((fault) => `  - ${fault}\n`).join('')}`);

async function rollOut(fleet: FleetRunner, ...flags: readonly string[]) {
  const { exitCode, result, err } = await fleet.run('rollout', '--yes', '--json', ...flags);
  if (exitCode === 2) throw new Error(err.join('\n'));
  return { exitCode, report: reportSchema.parse(result) };
}

test('a fault that stands fails its target in each rollout, and once it is gone only what is not done is done', async () => {
  const target = 'regional/200000000002/eu-west-1';
  const fault = `{ target: ${target}, kind: create-fails, on: "aws:lambda/function:Function" }`;
  fleet.copyFrom(built);
  fleet.edit('fleet.yaml', (text) => text.replace('failureTolerance: "10%"', 'failureTolerance: 1'));
  plant(fleet, fault);
  const first = await rollOut(fleet);
  expect([first.exitCode, idsWith(first.report, 'failed')]).toEqual([1, [target]]);
  expect(first.report.targets.find(({ id }) => id === target)?.error).toEqual({
    code: 'aws/InternalFailure',
    message: expect.stringMatching(/\S/) as string,
    resource: expect.stringMatching(/^urn:pulumi:200000000002\.eu-west-1::regional::.*aws:lambda\/function:Function::/) as string,
  });

  const second = await rollOut(fleet);
  expect([second.exitCode, idsWith(second.report, 'failed')]).toEqual([1, [target]]);
  expect(second.report.counts).toMatchObject({ failed: 1, unchanged: 4 });

  fleet.edit('organization.yaml', (text) => text.replace(`faults:\n  - ${fault}\n`, ''));
  const third = await rollOut(fleet);
  expect(third.exitCode).toBe(0);
  expect(idsWith(third.report, 'succeeded').sort()).toEqual(['observability/100000000003/eu-west-1', target]);
  // What the failed runs had made was kept and not made again.
  expect(third.report.targets.find(({ id }) => id === target)?.changes.same).toBeGreaterThan(0);
  expect(worldOf(fleet, accountIdSchema.parse('200000000002')).filter((type) => type === 'aws:dynamodb/table:Table')).toHaveLength(1);
}, 60_000);

describe('an account that left', () => {
  const account = accountIdSchema.parse('200000000002');
  const orphan = `regional/${account}/eu-west-1`;
  const orphansOf = async () => ((await fleet.run('plan', '--json')).result as { orphans: unknown }).orphans;

  test('is an orphan that stays, also where it can no longer be reached, until a destroy that names it succeeds', async () => {
    fleet.copyFrom(rolledOut);
    const destroy = () => fleet.run('destroy', '--account', account, '--confirm', 'orders', '--delete-data');

    fleet.edit('organization.yaml', (text) => text.replace('    name: workload-0002', '    name: workload-0002\n    state: SUSPENDED'));
    const left = await rollOut(fleet);
    expect(left.report.targets.map((one) => one.account)).not.toContain(account);
    const refused = await destroy();
    expect([refused.exitCode, refused.err.join()]).toEqual([1, expect.stringMatching(`${orphan} was not destroyed: .*AssumeRole`)]);
    expect(await orphansOf()).toEqual([orphan]);
    expect(worldOf(fleet, account).length).toBeGreaterThan(20);

    fleet.edit('organization.yaml', (text) => text.replace('    state: SUSPENDED\n', ''));
    fleet.edit('fleet.yaml', (text) =>
      text.replace('    - Workloads/**\n', `    - Workloads/**\n  exclude:\n    accounts: ["${account}"]\n`),
    );
    expect(await orphansOf()).toEqual([orphan]);
    expect((await destroy()).exitCode).toBe(0);
    expect(worldOf(fleet, account)).toEqual([]);
    expect(await orphansOf()).toEqual([]);
    expect((await rollOut(fleet)).report.counts).toMatchObject({ total: 4, unchanged: 4 });
  }, 60_000);
});

test('destroying the whole fleet leaves of the world what holds data, and with --delete-data nothing at all', async () => {
  const accounts = ['100000000002', '100000000003', '200000000001', '200000000002', '200000000003'].map((id) => accountIdSchema.parse(id));
  const left = () => [...new Set(accounts.flatMap((account) => worldOf(fleet, account)))];
  fleet.copyFrom(rolledOut);

  expect((await fleet.run('destroy', '--confirm', 'orders')).exitCode).toBe(0);
  expect(left().filter((type) => !/^aws:(dynamodb\/table|s3\/bucket|cloudwatch\/log|kms\/key)/.test(type))).toEqual([]);
  expect(left()).toContain('aws:dynamodb/table:Table');

  expect((await fleet.run('destroy', '--confirm', 'orders', '--delete-data')).exitCode).toBe(0);
  expect(left()).toEqual([]);
}, 60_000);

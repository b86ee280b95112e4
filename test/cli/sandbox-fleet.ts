import { reportSchema, type CheckedReport } from '../fleet/report/report-schema';

import { FleetRunner } from './fleet-runner';
import { skipInWorker, stopWorker, type Ran } from './running-fleet';

/** A rollout's end, as its `--json` result tells it. */
export interface RolledOut extends Ran {
  readonly report: CheckedReport;
}

/** What a base fleet is. */
export interface BaseFleet {
  readonly accounts: number;
  readonly regions?: string;
  /** Where its copies are run. @default worker */
  readonly place?: 'worker' | 'spawned';
  /** What differs from the fleet that `init` writes, beside the waves. */
  readonly configure?: Parameters<FleetRunner['configure']>[0];
  /** Nothing asks for {@link SandboxFleets.deployed}. */
  readonly onlyBuilt?: boolean;
}

/** What makes copies of a base fleet for a test. */
export interface SandboxFleets {
  /** Its release is built. */
  built(): FleetRunner;
  /** It is rolled out as well, with every gate passed. */
  deployed(): FleetRunner;
}

/** Two waves, the first of one target; bakes as short as there are. */
export const twoWaves = [
  { name: 'canary', pick: { count: 1 }, bake: '1s', failureTolerance: 0 },
  { name: 'rest', bake: '1s' },
];

/** A small sandbox fleet, made before the first test of a file. Copies go with their test, the fleet and the worker with the file. */
export function sandboxFleet({
  accounts,
  regions = 'eu-west-1',
  place = 'worker',
  configure,
  onlyBuilt = false,
}: BaseFleet): SandboxFleets {
  const built = new FleetRunner('worker');
  const deployed = new FleetRunner('worker');
  let copies: FleetRunner[] = [];
  beforeAll(async () => {
    await built.run('init', '.', '--sandbox', '--accounts', String(accounts), '--regions', regions);
    built.configure((fleet) => (fleet.waves = twoWaves));
    if (configure) built.configure(configure);
    await built.run('build');
    if (!onlyBuilt) expect((await rollOut(deployed.copyFrom(built))).exitCode).toBe(0);
  }, 60_000);
  afterEach(() => {
    copies.forEach((copy) => copy.remove());
    copies = [];
  });
  afterAll(() => {
    [built, deployed].forEach((fleet) => fleet.remove());
    stopWorker();
  });
  const copyOf = (base: FleetRunner) => () => {
    const copy = new FleetRunner(place).copyFrom(base);
    copies.push(copy);
    return copy;
  };
  return { built: copyOf(built), deployed: copyOf(deployed) };
}

/** Rolls out without a question. Throws where the report is not as its schema says. */
export async function rollOut(fleet: FleetRunner, ...flags: readonly string[]): Promise<RolledOut> {
  return drive(fleet, ['rollout', '--yes', ...flags]);
}

/** Runs a verb whose result is a report. */
export async function drive(fleet: FleetRunner, argv: readonly string[]): Promise<RolledOut> {
  const ran = await fleet.run(...argv, '--json');
  const report = reportSchema.safeParse(ran.result);
  if (!report.success) throw new Error(`${argv.join(' ')} gave no report: ${ran.err.join('\n') || report.error.message}`);
  return { ...ran, report: report.data };
}

/** Plants metrics from now on, and lets some seconds pass over them. */
export async function plantTraffic(fleet: FleetRunner, traffic: readonly Record<string, unknown>[], seconds: number): Promise<void> {
  fleet.organize((organization) => (organization.traffic = traffic));
  await fleet.run('status', '--health');
  skipInWorker(seconds);
}

/** Another memory size: a change of every regional target. */
export function changeMemory(fleet: FleetRunner, memoryMb: number): void {
  fleet.configure((config) => (config.order.memoryMb = memoryMb));
}

/** A resource as `show` tells it. */
export interface ShownResource {
  readonly name: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a target has, as it is deployed. */
export async function resourcesOf(fleet: FleetRunner, target: string): Promise<readonly ShownResource[]> {
  const { result } = await fleet.run('show', target, '--json');
  return (result as { readonly resources: readonly ShownResource[] }).resources;
}

/** Memory of a target's order function, as it is deployed. */
export async function memoryOf(fleet: FleetRunner, target: string): Promise<unknown> {
  return (await resourcesOf(fleet, target)).find(({ name }) => name === 'order-function')?.inputs.memorySize;
}

/** Ids of the targets that ended in an outcome. */
export const idsWith = ({ targets }: CheckedReport, outcome: string | null): readonly string[] =>
  targets.filter((one) => one.outcome === outcome).map(({ id }) => id);

/** One wave of a report. */
export const waveOf = ({ waves }: CheckedReport, name: string) => waves.find((wave) => wave.name === name);

/** Codes of what a `--json` run told, in order. */
export const codesOf = ({ out }: Pick<Ran, 'out'>): readonly string[] =>
  out.map((line) => (JSON.parse(line) as { readonly code: string }).code);

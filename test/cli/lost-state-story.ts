import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { FleetRunner } from './fleet-runner';
import { standingIn } from './recreate-story';
import { codesOf, resourcesOf, rollOut } from './sandbox-fleet';

/** What holds the world and the stacks, whichever engine made them; all else in the state folder is the fleet's own memory. */
const KEPT = ['sandbox', 'pulumi'];

/** Loses all that the fleet keeps beside the simulated organisation and its stacks. */
export function loseState(fleet: FleetRunner): void {
  const folder = join(fleet.directory, '.fleet');
  for (const name of readdirSync(folder).filter((one) => !KEPT.includes(one))) rmSync(join(folder, name), { recursive: true });
}

/** What may not change where state is lost: what stands, since when, under which tags, and the version that is gone back to. */
async function kept(fleet: FleetRunner, target: string) {
  return {
    standing: standingIn(fleet).map(({ type, key, madeAt, inputs: { tags } }) => ({ type, key, madeAt, tags })),
    previous: (await resourcesOf(fleet, target)).find(({ name }) => name === 'order-previous')?.inputs.functionVersion,
  };
}

/** Loses the state of a fleet and rolls out again. */
export async function loseStateAndRollOut(fleet: FleetRunner, target: string) {
  const before = await kept(fleet, target);
  loseState(fleet);
  const again = await rollOut(fleet);
  return {
    exitCode: again.exitCode,
    told: codesOf(again).includes('stacks-found'),
    changes: again.report.targets.map(({ changes: { create, update, replace, delete: deleted } }) => create + update + replace + deleted),
    before,
    after: await kept(fleet, target),
    then: (await rollOut(fleet)).report.counts,
  };
}

/** Nothing was made, changed or dated anew, and all is on record again. */
export function expectTakenOver(seen: Awaited<ReturnType<typeof loseStateAndRollOut>>): void {
  expect([seen.exitCode, seen.told]).toEqual([0, true]);
  expect(seen.changes).toEqual(seen.changes.map(() => 0));
  expect(seen.after).toEqual(seen.before);
  expect(seen.then.unchanged).toBe(seen.changes.length);
}

/** Loses the stacks of a fleet, in a folder below its state, and asks for drift. */
export async function driftWithoutStacks(fleet: FleetRunner, stacks: string) {
  rmSync(join(fleet.directory, '.fleet', stacks), { recursive: true });
  const { exitCode, out } = await fleet.run('drift');
  return { exitCode, text: out.join('\n') };
}

/** No target is called clean. */
export function expectNotClean({ exitCode, text }: Awaited<ReturnType<typeof driftWithoutStacks>>): void {
  expect([exitCode, text]).toEqual([
    1,
    expect.stringMatching(/^0 of (\d+) targets are as they were deployed, 0 drifted, \1 not checked$/m),
  ]);
  expect(text).toContain('its stack is not there: bring the backend back');
}

import { join } from 'node:path';

import { targetSchema } from '../../contracts/target';
import { openFleet } from '../../fleet/commands/context';
import type { RolloutReport } from '../../fleet/report/rollout-report';

import type { Ended } from './fleet-process';
import { stackSizes, type StackSize } from './stack-sizes';

/** A fleet that was killed, and how to ask it. */
export interface KilledFleet {
  readonly directory: string;
  readonly run: (argv: readonly string[]) => Promise<Ended>;
  /** What stands of each target where it stands whole. */
  readonly whole: ReadonlyMap<string, StackSize>;
}

/**
 * What `plan` and `status` say otherwise than it is, after a process was killed. A target that `plan` calls unchanged must stand whole; one
 * that `status` calls destroyed must hold nothing that a destroy takes.
 */
export async function liesOf({ directory, run, whole }: KilledFleet): Promise<readonly string[]> {
  const { store } = await openFleet(join(directory, 'fleet.yaml'));
  const kept = await store.loadRollout();
  if (!kept) return [];
  const records = await store.loadRecords();
  const sizes = sizesOf(directory, store.sandbox);
  const [plan, status] = [await run(['plan']), await run(['status'])];
  if (plan.exitCode !== 0 || status.exitCode !== 0)
    return [`plan ended ${String(plan.exitCode)}, status ${String(status.exitCode)}: ${[...plan.errors, ...status.errors].join('; ')}`];
  const { waves } = resultOf(plan) as { readonly waves: readonly { readonly targets: readonly { readonly id: string }[] }[] };
  const changed = new Set(waves.flatMap(({ targets }) => targets.map(({ id }) => id)));
  const report = resultOf(status) as RolloutReport;
  const lies: string[] = [];
  for (const { target } of kept.plan.targets) {
    const [now, all] = [sizes, whole].map((known) => known.get(target.id)?.now ?? 0);
    if (!changed.has(target.id) && now !== all) lies.push(`plan calls ${target.id} unchanged, and ${now} of ${all} resources stand`);
  }
  for (const { id, wave, outcome } of report.targets) {
    if (outcome !== 'succeeded' || wave?.startsWith('destroy/') !== true) continue;
    const left = sizes.get(targetSchema.parse(id).id)?.unprotected ?? 0;
    if (left > 0) lies.push(`status calls ${id} destroyed, and ${left} of its resources stand`);
    if (records.get(targetSchema.parse(id).id)?.good) lies.push(`${id} is destroyed, and its record calls it good`);
  }
  return lies;
}

function resultOf({ lines }: Ended): unknown {
  return (JSON.parse(lines.at(-1) ?? '{}') as { readonly data?: unknown }).data;
}

/** What stands of a fleet's stacks now. */
export async function standing(directory: string): Promise<ReadonlyMap<string, StackSize>> {
  const { store } = await openFleet(join(directory, 'fleet.yaml'));
  return sizesOf(directory, store.sandbox);
}

function sizesOf(directory: string, sandbox: string): ReadonlyMap<string, StackSize> {
  return stackSizes({ sandbox, pulumi: join(directory, '.fleet/pulumi') });
}

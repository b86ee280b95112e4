import { join } from 'node:path';

import { targetSchema } from '../../contracts/target';
import { openFleet } from '../../fleet/commands/context';
import type { RolloutReport } from '../../fleet/report/rollout-report';

import type { Ended } from './fleet-process';
import { stackSizes } from './read-fleet';

type Run = (argv: readonly string[]) => Promise<Ended>;

/**
 * What `plan` and `status` say otherwise than it is, after a process was killed. A target that `plan` calls unchanged must stand whole; one
 * that `status` calls destroyed must hold nothing that a destroy takes.
 */
export async function liesOf(directory: string, run: Run): Promise<readonly string[]> {
  const { store } = await openFleet(join(directory, 'fleet.yaml'));
  const kept = await store.loadRollout();
  if (!kept) return [];
  const records = await store.loadRecords();
  const sizes = stackSizes(store.sandbox);
  const [plan, status] = [await run(['plan']), await run(['status'])];
  if (plan.exitCode !== 0 || status.exitCode !== 0)
    return [`plan ended ${String(plan.exitCode)}, status ${String(status.exitCode)}: ${[...plan.errors, ...status.errors].join('; ')}`];
  const { waves } = resultOf(plan) as { readonly waves: readonly { readonly targets: readonly { readonly id: string }[] }[] };
  const changed = new Set(waves.flatMap(({ targets }) => targets.map(({ id }) => id)));
  const report = resultOf(status) as RolloutReport;
  const lies: string[] = [];
  for (const { target } of kept.plan.targets) {
    const { whole = 0, now = 0 } = sizes.get(target.id) ?? {};
    if (!changed.has(target.id) && now < whole) lies.push(`plan calls ${target.id} unchanged, and ${now} of ${whole} resources stand`);
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

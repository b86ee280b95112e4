import { checkReport, isClear } from '../checks/check-result';
import { keepKnown } from '../discovery/keep-known';
import type { Discovery } from '../discovery/inventory';
import { asIfOptedIn, judgeAccounts, judgeMoves } from '../preflight/judge-places';
import { runPreflight } from '../preflight/run-preflight';
import { checksText } from '../report/checks-text';

import { takeInventory, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { EXIT_FAILED } from './exit-codes';
import { openPreflight } from './open-checks';
import { makePlan, type PlanFlags } from './plan';

/**
 * What a rollout would meet, asked before anything is deployed: nothing is planned for keeps, and nothing changed. Exit 1 where a check
 * failed or could not be asked.
 */
export async function preflight(flags: PlanFlags, context: CommandContext): Promise<CommandOutcome> {
  let discovery: Discovery | undefined;
  const discover = async (fleet: OpenFleet, asking: CommandContext) => {
    discovery = await takeInventory(fleet.config, asking);
    const { inventory } = keepKnown(discovery, await fleet.store.loadInventory());
    return asIfOptedIn(inventory, fleet.config.regions);
  };
  const made = await makePlan(flags, context, { discover });
  if (discovery === undefined) throw new Error('no inventory was taken');
  const records = await made.store.loadRecords();
  const { plan, config, release, secrets } = made;
  const ports = await openPreflight(made, { context, standing: plan.targets.some(({ target }) => records.has(target.id)) });
  try {
    const results = [
      ...judgeAccounts(config, discovery),
      ...judgeMoves(plan.warnings),
      ...(await runPreflight({
        targets: plan.targets,
        records,
        secrets: secrets.known,
        manifest: release.manifest,
        inventory: discovery.inventory,
        signal: context.interrupt,
        ...ports,
      })),
    ];
    const report = checkReport(results, { targets: plan.targets.length, notChecked: [] });
    return { exitCode: isClear(report) ? 0 : EXIT_FAILED, text: checksText('preflight', report), data: report };
  } finally {
    await ports.close();
  }
}

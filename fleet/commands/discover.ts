import { counted } from '../../contracts/counted';
import { selectPlaces } from '../discovery/select-targets';
import { textTable } from '../report/terminal-text';

import { discoverAnew, openFleet, type CommandContext, type CommandOutcome } from './context';
import { whereAllowed } from './where-allowed';

/** Takes an inventory, keeps it, and tells who is in and who is out, and why. */
export async function discover(configPath: string, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(configPath);
  const inventory = await discoverAnew(fleet, context);
  const { workloads, excluded } = selectPlaces({ config: fleet.config, inventory, unmatched: 'refused' });
  await whereAllowed(
    'this inventory is not kept',
    context,
  )(async () => {
    await fleet.store.claim();
    await fleet.store.saveInventory(inventory);
  });
  const perRegion = fleet.config.regions.map((region) => [region, workloads.filter((place) => place.region === region).length] as const);
  const text = [
    `organisation ${inventory.organizationId} (${inventory.source}): ${counted(inventory.accounts.length, 'account')}, ${counted(workloads.length, 'workload target')}, inventory ${inventory.digest.slice(0, 12)}`,
    textTable(['REGION', 'WORKLOAD ACCOUNTS'], perRegion),
    ...(excluded.length > 0
      ? [
          textTable(
            ['EXCLUDED', 'REGION', 'WHY'],
            excluded.map(({ account, region, reason }) => [account, region ?? 'all', reason]),
          ),
        ]
      : []),
  ].join('\n\n');
  const data = {
    inventory,
    workloads: workloads.map(({ account, region }) => ({ account: account.id, name: account.name, region })),
    excluded,
  };
  return { exitCode: 0, text, data };
}

import { deployRoleArn } from '../../contracts/names';
import { layers } from '../../contracts/layers';
import { targetAt, type Target } from '../../contracts/target';
import { lostPlaces } from '../discovery/departures';
import { FleetError, messageOf } from '../errors';

import { takeInventory, type CommandContext, type OpenFleet } from './context';
import { openPreflight } from './open-checks';

/**
 * Why a target cannot be reached any more, as the organisation says now, or its deploy role. Throws `fleet/still-reached` where it can be, and
 * `fleet/reach-unknown` where nobody can tell: what cannot be asked is not lost.
 */
export async function whyNotReached(target: Target, fleet: OpenFleet, context: CommandContext): Promise<string> {
  const { config } = fleet;
  // Also of a region that fleet.yaml does not name any more.
  const regions = [...new Set([...config.regions, target.region])];
  const asking = { ...config, regions };
  const { inventory } = await takeInventory(asking, context).catch((error: unknown) => {
    throw unknown(target, `the organisation cannot be read: ${messageOf(error)}`);
  });
  const lost = lostPlaces(inventory)(target);
  if (lost !== null) return lost;
  const account = inventory.accounts.find(({ id }) => id === target.account);
  if (account?.state !== 'ACTIVE' || account.regions[target.region] !== 'enabled')
    throw unknown(target, `whether account ${target.account} is ACTIVE and region ${target.region} enabled in it could not be read`);
  const refused = await whyRefused(target, fleet, context);
  if (refused !== null) return refused;
  const { layer, region } = target;
  throw new FleetError(
    'fleet/still-reached',
    `${target.id} can still be reached: account ${target.account} is ACTIVE, region ${region} is enabled, and ${deployRoleArn(target.account, config.deployRole)} lets itself be assumed; fleet destroy --layer ${layer} --account ${target.account} --region ${region} takes it away`,
  );
}

/** Why the role that deploys there is not to be had, though it is elsewhere; null: it lets itself be assumed. */
async function whyRefused(target: Target, fleet: OpenFleet, context: CommandContext): Promise<string | null> {
  const { source, close } = await openPreflight(fleet, { context, standing: false });
  const ask = (where: Target) =>
    source.deployRole(where, { signal: context.interrupt }).catch((error: unknown) => {
      throw unknown(target, messageOf(error));
    });
  try {
    const role = await ask(target);
    if (role.kind === 'assumed') return null;
    // Whoever may assume no role at all would take the whole fleet for lost.
    const elsewhere = await ask(anotherPlace(target, fleet));
    if (elsewhere.kind === 'refused')
      throw unknown(target, `${role.message}, and neither may the role be assumed elsewhere: ${elsewhere.message}`);
    return `${role.arn} cannot be assumed: ${role.message}`;
  } finally {
    await close();
  }
}

/** A target of an account that is certain to be another one. */
function anotherPlace({ account }: Target, { config }: OpenFleet): Target {
  const placement = config.accounts.shared === account ? 'monitoring' : 'shared';
  const layer = layers.find((one) => one.placement === placement)?.name;
  if (layer === undefined) throw new Error(`no layer stands in the ${placement} account`);
  return targetAt({ layer, account: config.accounts[placement], region: config.homeRegion });
}

function unknown({ id }: Target, why: string): FleetError {
  return new FleetError('fleet/reach-unknown', `nobody can tell whether ${id} can be reached: ${why}; ask again once that can be read`);
}

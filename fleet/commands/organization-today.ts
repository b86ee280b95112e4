import type { Inventory } from '../discovery/inventory';
import { messageOf } from '../errors';

import { discoverOrganization, type CommandContext, type OpenFleet } from './context';

/**
 * The organisation as it is now, for what must go on in an incident: where it cannot be read, as the last inventory knew it, and that is told,
 * for what cannot be read has not left. Null: there is no inventory either.
 */
export async function organizationToday(fleet: OpenFleet, context: CommandContext): Promise<Inventory | null> {
  try {
    return await discoverOrganization(fleet, context);
  } catch (error) {
    context.interrupt.throwIfAborted();
    const kept = (await lastInventory(fleet)) ?? null;
    const instead = kept === null ? 'no account is taken for one that left' : `it is taken to be as it was at ${kept.takenAt}`;
    context.reporter.report({
      level: 'warning',
      code: 'organization-not-read',
      message: `the organisation cannot be read, and ${instead}: ${messageOf(error)}`,
      data: { takenAt: kept?.takenAt ?? null },
    });
    return kept;
  }
}

/** The last inventory that was taken; undefined where there is none that can be read. */
export async function lastInventory({ store }: Pick<OpenFleet, 'store'>): Promise<Inventory | undefined> {
  try {
    return await store.loadInventory();
  } catch {
    return undefined;
  }
}

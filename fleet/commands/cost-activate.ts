import { activateTags, costTagKeys, lookAtTags, type TagState } from '../cost/tag-activation';
import { costTagsText } from '../report/cost-tags-text';

import { confirmed } from './confirmed';
import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { parseCostRole, payerOf } from './cost-flags';
import { EXIT_FAILED } from './exit-codes';
import { inventoryOf, openCosts, refuseRecorded } from './open-costs';

/** Flags of `cost activate`. */
export interface CostActivateFlags {
  readonly config: string;
  readonly role?: string;
  readonly yes?: boolean;
}

/**
 * Activates the cost allocation tags of the tagging standard that billing has seen. Asks first. Exit 1 as long as one of them is not active:
 * nobody said yes, AWS refused, or billing has not seen it yet.
 */
export async function costActivate(flags: CostActivateFlags, context: CommandContext): Promise<CommandOutcome> {
  const role = parseCostRole(flags.role);
  const fleet = await openFleet(flags.config);
  refuseRecorded(fleet);
  const payer = payerOf(await inventoryOf(fleet, context));
  const records = await fleet.store.loadRecords();
  const { explorer, close } = await openCosts(fleet, context, { payer, role, records });
  const options = { signal: context.interrupt };
  try {
    const found = await lookAtTags(explorer, costTagKeys, options);
    const going = found.flatMap(({ key, state }) => (state === 'inactive' ? [key] : []));
    if (going.length === 0) return outcome(found, []);
    if (flags.yes !== true) {
      context.reporter.report({ level: 'info', code: 'cost-tags', isText: true, message: costTagsText(found), data: { tags: found } });
      if (!(await confirmed(`activate ${going.join(', ')} in account ${payer}? [y/N] `, context)))
        return { exitCode: EXIT_FAILED, text: 'not confirmed: nothing was activated', data: null };
    }
    const tags = await activateTags(explorer, found, options);
    return outcome(
      tags,
      going.filter((key) => tags.some((tag) => tag.key === key && tag.state === 'active')),
    );
  } finally {
    await close();
  }
}

function outcome(tags: readonly TagState[], activated: readonly string[]): CommandOutcome {
  const note =
    activated.length === 0
      ? []
      : [
          `activated ${activated.join(', ')}: AWS tells costs by them within 24 hours; \`fleet cost --refresh\` asks again for days that are kept`,
        ];
  return {
    exitCode: tags.every(({ state }) => state === 'active') ? 0 : EXIT_FAILED,
    text: [costTagsText(tags), ...note].join('\n\n'),
    data: { version: 1, activated, tags },
  };
}

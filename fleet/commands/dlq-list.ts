import { deadLetterClasses } from '../../contracts/order-message';
import type { LetterQuery } from '../dead-letters/dead-letters';
import { letterCounts, type LetterList, type TargetLetterCounts } from '../dead-letters/letter-report';
import { countLetters, showLetters } from '../dead-letters/survey-letters';
import { mapBounded } from '../discovery/bounded';
import { countsText, lettersText } from '../report/dead-letters-text';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { parseClass, parseDays } from './dlq-flags';
import type { FilterFlags } from './filters';
import { atTarget, letterSource, targetsWithLetters, targetWithLetters } from './letter-sources';
import { openDeadLetters } from './open-ports';

/** Flags of `dlq list`. */
export interface DlqListFlags extends FilterFlags {
  readonly config: string;
  /** One target: its letters one by one. */
  readonly target?: string;
  readonly class?: string;
  readonly since?: string;
  readonly until?: string;
}

const AT_ONCE = 8;

/** Dead letters per target and class, or of one target one by one; nothing is changed. Exit 1 where a target could not be read. */
export async function dlqList(flags: DlqListFlags, context: CommandContext): Promise<CommandOutcome> {
  const query: LetterQuery = { classes: flags.class === undefined ? deadLetterClasses : [parseClass(flags.class)], ...parseDays(flags) };
  const fleet = await openFleet(flags.config);
  return flags.target === undefined ? listAll(flags, { fleet, query, context }) : listOne(flags.target, { fleet, query, context });
}

interface Listing {
  readonly fleet: OpenFleet;
  readonly query: LetterQuery;
  readonly context: CommandContext;
}

async function listAll(flags: FilterFlags, { fleet, query, context }: Listing): Promise<CommandOutcome> {
  const chosen = await targetsWithLetters(flags, fleet);
  const { engine, deadLetters, close } = await openDeadLetters(fleet, context);
  const { interrupt } = context;
  try {
    const targets = await mapBounded(chosen, AT_ONCE, async (target): Promise<TargetLetterCounts> => {
      const work = async () => countLetters(deadLetters.at(await letterSource(target, engine)), query, { signal: interrupt });
      const found = await atTarget(target.id, { interrupt, work });
      if ('trouble' in found) return { id: target.id, state: 'not read', error: found.trouble };
      return { id: target.id, state: 'read', classes: found.value };
    });
    const result = letterCounts(targets);
    return { exitCode: result.counts.notRead > 0 ? 1 : 0, text: countsText(result), data: result };
  } finally {
    await close();
  }
}

async function listOne(text: string, { fleet, query, context }: Listing): Promise<CommandOutcome> {
  const target = await targetWithLetters(text, fleet);
  const { engine, deadLetters, close } = await openDeadLetters(fleet, context);
  try {
    const letters = await showLetters(deadLetters.at(await letterSource(target, engine)), query, { signal: context.interrupt });
    const result: LetterList = { version: 1, target: target.id, letters };
    return { exitCode: 0, text: lettersText(result), data: result };
  } finally {
    await close();
  }
}

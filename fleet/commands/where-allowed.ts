import { messageOf } from '../errors';
import { mayNotWrite } from '../state/may-not-write';

import type { CommandContext } from './context';

/** Writes, or tells that it may not: then it gives undefined. */
export type WriteWhereAllowed = <Value>(write: () => Promise<Value>) => Promise<Value | undefined>;

/**
 * For what a verb only keeps for later ones: whoever may read the state and not write it gets the result all the same. The first refusal is
 * told, with what is not kept, and nothing is tried after it. Other failures are thrown.
 */
export function whereAllowed(notKept: string, { reporter }: Pick<CommandContext, 'reporter'>): WriteWhereAllowed {
  let refused = false;
  return async (write) => {
    if (refused) return undefined;
    try {
      return await write();
    } catch (error) {
      if (!mayNotWrite(error)) throw error;
      refused = true;
      reporter.report({
        level: 'warning',
        code: 'not-kept',
        message: `${notKept}: ${messageOf(error)}`,
        data: { reason: messageOf(error) },
      });
      return undefined;
    }
  };
}

import type { CommandContext } from './context';

/** Whether the answer to a question that ends in `[y/N]` is yes. */
export async function confirmed(question: string, { ask }: Pick<CommandContext, 'ask'>): Promise<boolean> {
  return /^y(es)?$/i.test((await ask(question)).trim());
}

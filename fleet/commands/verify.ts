import type { CommandContext, CommandOutcome } from './context';
export async function verify(_flags: object, _context: CommandContext): Promise<CommandOutcome> {
  throw new Error('not yet');
}

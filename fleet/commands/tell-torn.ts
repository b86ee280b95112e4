import type { CommandContext } from './context';

/** Tells of a segment that was cut short: what stood in it is decided again. */
export function tellTorn(torn: { readonly key: string; readonly bytes: number } | null, context: CommandContext): void {
  if (torn === null) return;
  context.reporter.report({
    level: 'warning',
    code: 'journal-recovered',
    message: `the journal's last segment ${torn.key} was cut short (${torn.bytes} bytes): it is passed over, and the rollout goes on from the one before`,
    data: torn,
  });
}

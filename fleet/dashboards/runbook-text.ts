import { linkTarget, type LinkPlaces } from './dashboard-links';
import { markup, type Html } from './html';

/** A text that ends with a runbook's path, taken apart. */
export interface RunbookText {
  readonly says: string;
  /** Path as in the repository; null: the text names none. */
  readonly runbook: string | null;
}

/** Takes `what it says: docs/runbooks/kind.md` apart. */
export function readRunbookText(text: string): RunbookText {
  const match = /^([\s\S]*?)\s*(?:Runbook)?:\s*(\S+\.md)\s*$/.exec(text);
  const [, says = '', runbook = ''] = match ?? [];
  return match ? { says, runbook } : { says: text, runbook: null };
}

/** Link to a runbook's page; its path as text where it has none, and null for no runbook. */
export function runbookLink(runbook: string | null, places: LinkPlaces): Html | null {
  if (runbook === null) return null;
  const target = linkTarget(runbook, places);
  if (target.kind === 'none') return markup`Runbook: ${runbook}`;
  return markup`<a href="${target.kind === 'page' ? target.path : target.url}">Runbook</a>`;
}

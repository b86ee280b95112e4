/** Where a link of a dashboard leads on its page. */
export type LinkTarget =
  /** Another page, relative to the folder of the pages. */
  | { readonly kind: 'page'; readonly path: string }
  | { readonly kind: 'outside'; readonly url: string }
  /** Nowhere from here: its text stays. */
  | { readonly kind: 'none'; readonly why: string };

/** What pages there are. */
export interface LinkPlaces {
  /** Account of the dashboard that has the link. */
  readonly account: string;
  readonly pages: readonly { readonly name: string; readonly account: string; readonly path: string }[];
  /** Runbooks that have a page, as `order-failures`. */
  readonly runbooks: ReadonlySet<string>;
}

const DASHBOARD = /#dashboards(?::name=|\/dashboard\/)([\w-]+)/;
const ACCOUNT = /(?:account(?:Id)?=|https:\/\/)(\d{12})(?!\d)/i;
const RUNBOOK = /(?:^|\/)(?:docs\/)?(?:runbooks\/)?([\w-]+)\.md(?:#.*)?$/;

/** Path of a runbook's page. */
export function runbookPage(kind: string): string {
  return `runbooks/${kind}.html`;
}

/** Where a link leads: dashboards and runbooks that have a page are that page; of dashboards with the same name, the one of the account that is named, else the own account's, else the only one. */
export function linkTarget(href: string, { account, pages, runbooks }: LinkPlaces): LinkTarget {
  const name = DASHBOARD.exec(href)?.[1];
  if (name !== undefined) {
    const named = pages.filter((page) => page.name === name);
    const asked = ACCOUNT.exec(href)?.[1];
    const found =
      asked === undefined ? (named.find((page) => page.account === account) ?? only(named)) : named.find((page) => page.account === asked);
    if (found) return { kind: 'page', path: found.path };
    return isWeb(href) ? { kind: 'outside', url: href } : { kind: 'none', why: `dashboard ${name} is not among these pages` };
  }
  const runbook = RUNBOOK.exec(href)?.[1];
  if (runbook !== undefined && runbooks.has(runbook)) return { kind: 'page', path: runbookPage(runbook) };
  return isWeb(href) ? { kind: 'outside', url: href } : { kind: 'none', why: `${href} is not among these pages` };
}

function only<Item>(items: readonly Item[]): Item | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function isWeb(href: string): boolean {
  return /^https?:\/\//i.test(href);
}

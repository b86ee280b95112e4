import { counted } from '../../contracts/counted';

import { safeText, textTable } from './terminal-text';

/** A dashboard as it is listed. */
export interface ListedDashboard {
  readonly name: string;
  readonly target: string;
  readonly account: string;
  readonly accountName: string;
  readonly region: string;
  readonly widgets: number;
  readonly url: string;
  /** Its page, below the folder of the pages; null where none was asked for. */
  readonly page: string | null;
}

/** What `fleet dashboards` gives. Lists are complete. */
export interface DashboardsResult {
  readonly version: 1;
  readonly dashboards: readonly ListedDashboard[];
  /** Targets whose dashboards are not known, and why. */
  readonly notRead: readonly { readonly target: string; readonly code: string; readonly message: string }[];
  /** Null where no pages were asked for. */
  readonly pages: {
    readonly directory: string;
    readonly written: readonly string[];
    /** Pages of earlier runs that were not written again. */
    readonly left: readonly string[];
    /** Widgets whose metrics or alarms could not be asked for; their pages say so. */
    readonly failures: readonly string[];
  } | null;
}

const SHOWN = 20;

/** The result for people. */
export function dashboardsText({ dashboards, notRead, pages }: DashboardsResult): string {
  const unread = notRead.map(({ target, message }) => safeText(`not read: ${target}: ${message}`));
  if (pages === null) {
    const rows = dashboards.map(({ name, region, account, accountName, widgets, url }) => [
      name,
      region,
      `${account} ${accountName}`,
      String(widgets),
      url,
    ]);
    return [textTable(['DASHBOARD', 'REGION', 'ACCOUNT', 'WIDGETS', 'CONSOLE'], rows), ...unread].join('\n');
  }
  const { directory, written, left, failures } = pages;
  return [
    safeText(`${counted(written.length, 'page')} written to ${directory}; open index.html there`),
    ...written.slice(0, SHOWN).map((path) => safeText(`  ${path}`)),
    ...(written.length > SHOWN ? [`  and ${written.length - SHOWN} more: --json lists all`] : []),
    ...(left.length > 0
      ? [safeText(`left as they are, of an earlier run: ${counted(left.length, 'page')}, ${left.slice(0, 3).join(', ')}`)]
      : []),
    ...failures.slice(0, SHOWN).map((failure) => safeText(`not asked: ${failure}`)),
    ...(failures.length > SHOWN ? [`and ${counted(failures.length - SHOWN, 'more widget')} without an answer`] : []),
    ...unread,
  ].join('\n');
}

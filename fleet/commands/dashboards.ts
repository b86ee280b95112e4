import { resolve } from 'node:path';

import { targetSchema } from '../../contracts/target';
import { dashboardPage, consoleUrl, deployedDashboards, isOverMany, type DeployedDashboard } from '../dashboards/deployed-dashboards';
import { mapBounded } from '../discovery/bounded';
import { toldError } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { Engine } from '../ports';
import { dashboardsText, type DashboardsResult, type ListedDashboard } from '../report/dashboards-text';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { deployedQuery, deployedTargets, inLayerOrder } from './deployed-targets';
import { EXIT_FAILED } from './exit-codes';
import type { FilterFlags } from './filters';
import { openDashboards, type DashboardPorts } from './open-dashboards';
import { openEngine } from './open-ports';

/** Flags of `dashboards`. */
export interface DashboardsFlags extends FilterFlags {
  readonly config: string;
  /** Folder for the pages. */
  readonly html?: string;
}

const AT_ONCE = 8;

/** The deployed dashboards: listed, or drawn as pages. Exit 1 where some target, metric or alarm could not be read. */
export async function dashboards(flags: DashboardsFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const records = deployedTargets(await fleet.store.loadRecords(), await deployedQuery(flags, fleet));
  const result =
    flags.html === undefined ? await list(records, { fleet, context }) : await draw(records, { fleet, context, html: flags.html });
  const failed = result.notRead.length > 0 || (result.pages?.failures.length ?? 0) > 0;
  return { exitCode: failed ? EXIT_FAILED : 0, text: dashboardsText(result), data: result };
}

interface Asked {
  readonly fleet: OpenFleet;
  readonly context: CommandContext;
}

async function list(records: readonly TargetRecord[], { fleet, context }: Asked): Promise<DashboardsResult> {
  const { engine, close } = await openEngine(fleet, context);
  try {
    const { found, notRead } = await readDeployed(records, { engine, context });
    return { version: 1, dashboards: found.map((dashboard) => listed(dashboard, null)), notRead, pages: null };
  } finally {
    await close();
  }
}

async function draw(
  records: readonly TargetRecord[],
  { fleet, context, html }: Asked & { readonly html: string },
): Promise<DashboardsResult> {
  const directory = resolve(context.cwd, html);
  const ports = await openDashboards(fleet, context);
  try {
    return await drawInto(directory, { ports, records, fleet: fleet.config.name, context });
  } finally {
    await ports.close();
  }
}

interface Drawing {
  readonly ports: DashboardPorts;
  readonly records: readonly TargetRecord[];
  readonly fleet: string;
  readonly context: CommandContext;
}

async function drawInto(directory: string, { ports, records, fleet, context }: Drawing): Promise<DashboardsResult> {
  // Loaded here: the chart library takes longer to load than a list takes to make.
  const [{ openPageFolder }, { dashboardPageOf, indexPage, runbookPages }, { fillDashboard }, { readRunbooks }] = await Promise.all([
    import('../dashboards/write-pages'),
    import('../dashboards/all-pages'),
    import('../dashboards/fill-dashboard'),
    import('../dashboards/runbook-files'),
  ]);
  openPageFolder(directory, ['index.html']);
  const { found, notRead } = await readDeployed(records, { engine: ports.engine, context });
  const { source } = ports;
  const site = { fleet, asOf: source.asOf, note: source.note, dashboards: found, runbooks: readRunbooks(context.productRoot) };
  const others = runbookPages(site);
  const index = indexPage(site, notRead);
  const folder = openPageFolder(directory, [...found.map(dashboardPage), ...others.map(({ path }) => path), index.path]);
  const failures: string[] = [];
  const written: string[] = [];
  const write = (page: typeof index) => {
    folder.write(page);
    written.push(page.path);
  };
  // One after the other: a fleet's pages together would not fit into memory, and drawing is work of this process.
  for (const dashboard of found) {
    context.interrupt.throwIfAborted();
    const filled = await fillDashboard(dashboard, { source, signal: context.interrupt });
    failures.push(...filled.failures);
    write(dashboardPageOf(filled, site));
  }
  others.forEach(write);
  // Last: it leads to pages that are there.
  write(index);
  const drawn = found.map((dashboard) => listed(dashboard, dashboardPage(dashboard)));
  return { version: 1, dashboards: drawn, notRead, pages: { directory, written, left: folder.left(), failures } };
}

interface Deployed {
  readonly found: readonly DeployedDashboard[];
  readonly notRead: DashboardsResult['notRead'];
}

/** Dashboards of all targets, those of the monitoring account first. */
async function readDeployed(
  records: readonly TargetRecord[],
  { engine, context }: { readonly engine: Engine; readonly context: CommandContext },
): Promise<Deployed> {
  const ordered = [...records].sort((one, other) => inLayerOrder(one.target, other.target));
  const read = await mapBounded(ordered, AT_ONCE, async (record) => {
    context.interrupt.throwIfAborted();
    const target = targetSchema.parse(record.target);
    try {
      const { resources } = await engine.inspect(target);
      const accountName = (record.current ?? record.good)?.config.account.name ?? target.account;
      return { found: deployedDashboards({ target, accountName }, resources) };
    } catch (error) {
      context.interrupt.throwIfAborted();
      return { trouble: { target: target.id, ...toldError(error) } };
    }
  });
  const found = read.flatMap((one) => ('found' in one ? one.found : []));
  return {
    found: [...found.filter(isOverMany), ...found.filter((one) => !isOverMany(one))],
    notRead: read.flatMap((one) => ('trouble' in one ? [one.trouble] : [])),
  };
}

function listed(dashboard: DeployedDashboard, page: string | null): ListedDashboard {
  const { name, target, account, accountName, region, body } = dashboard;
  return { name, target: target.id, account, accountName, region, widgets: body.widgets.length, url: consoleUrl(dashboard), page };
}

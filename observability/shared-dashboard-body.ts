import type { RegionalNames } from '../contracts/names';
import { dashboardBody, type DashboardChoice } from '../layer-kit/dashboard';
import { orderWidgets } from '../layer-kit/order-widgets';
import type { RegionPart } from './overview-body';

/** What the shared dashboard shows. */
export interface SharedDashboardInput {
  /** Names inside a target; those of its functions are the same in every account. */
  readonly names: RegionalNames;
  readonly homeRegion: string;
  readonly parts: readonly RegionPart[];
}

/** Targets differ in memory; the graph says which one it is for. */
const MEMORY_MB = 1024;

/**
 * Body of the one dashboard for all targets: the eight widgets of the requirements, of the account and region that are chosen above them.
 * Before the first target is there it shows nothing but that.
 */
export function sharedDashboardBody({ names, homeRegion, parts }: SharedDashboardInput): string {
  const members = parts.flatMap((part) => part.members ?? []);
  const accounts = new Map(
    [...members].sort((left, right) => compare(left.account, right.account)).map(({ account, name }) => [account, name]),
  );
  const [first] = accounts.keys();
  if (first === undefined) {
    return dashboardBody([{ type: 'text', width: 24, height: 3, properties: { markdown: 'No target is deployed yet.' } }]);
  }
  const regions = [...new Set(parts.map(({ region }) => region))];
  const choices: readonly DashboardChoice[] = [
    {
      id: 'account',
      label: 'Account',
      text: first,
      values: [...accounts].map(([value, name]) => ({ value, label: `${name} (${value})` })),
    },
    { id: 'region', label: 'Region', text: homeRegion, values: regions.map((value) => ({ value, label: value })) },
  ];
  return dashboardBody(orderWidgets({ names, region: homeRegion, account: first, thresholds: null, memoryMb: MEMORY_MB }), choices);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

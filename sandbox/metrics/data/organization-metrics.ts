import type { AccountId, Region } from '../../../contracts/ids';
import type { SimulatedClock } from '../../simulated-clock';
import { locateArn } from '../../types/common/locate-arn';
import { monitoringTokens } from '../../types/common/monitoring-tokens';
import { readText } from '../../types/common/property-readers';
import type { World } from '../../world';
import type { ConditionsLog } from '../conditions-log';
import { PlaceMetrics } from '../metric-view';
import { readOrderPaths } from '../order-path';
import { segmentsOf } from '../segments';

/** What the metrics of an organisation are made of. */
export interface OrganizationMetricsOptions {
  readonly world: World;
  readonly log: ConditionsLog;
  readonly clock: SimulatedClock;
  readonly organizationId: string;
  readonly accounts: readonly AccountId[];
}

/** Metrics of every account and region, each read once, and who shares them with whom. */
export class OrganizationMetrics {
  readonly #options: OrganizationMetricsOptions;
  readonly #places = new Map<string, PlaceMetrics>();
  /** By region: accounts that are linked to a sink of an account. */
  readonly #links = new Map<Region, ReadonlyMap<AccountId, ReadonlySet<AccountId>>>();

  constructor(options: OrganizationMetricsOptions) {
    this.#options = options;
  }

  /** The metrics of one account and region. */
  at(account: AccountId, region: Region): PlaceMetrics {
    const key = `${account}/${region}`;
    const known = this.#places.get(key) ?? this.#read(account, region);
    this.#places.set(key, known);
    return known;
  }

  /** Accounts whose metrics of a region an account sees: its own, and those linked to a sink of its. */
  visibleFrom(account: AccountId, region: Region): readonly AccountId[] {
    const links = this.#links.get(region) ?? this.#linksIn(region);
    this.#links.set(region, links);
    const linked = links.get(account);
    return linked === undefined ? [account] : this.#options.accounts.filter((other) => other === account || linked.has(other));
  }

  /** All links of a region in one walk: asked account by account, it would go over the whole organisation each time. */
  #linksIn(region: Region): ReadonlyMap<AccountId, ReadonlySet<AccountId>> {
    const { world, accounts, organizationId } = this.#options;
    const links = new Map<AccountId, Set<AccountId>>();
    for (const account of accounts) {
      const place = { account, region, organizationId };
      for (const { outputs } of world.list(monitoringTokens.link, place)) {
        const owner = locateArn(readText(outputs, 'sinkArn') ?? '', place)?.place.account;
        if (owner === undefined) continue;
        const known = links.get(owner) ?? new Set();
        links.set(owner, known.add(account));
      }
    }
    return links;
  }

  #read(account: AccountId, region: Region): PlaceMetrics {
    const { world, log, clock, organizationId } = this.#options;
    const toSimulated = (milliseconds: number) => clock.secondsBetween(0, milliseconds);
    return new PlaceMetrics(
      readOrderPaths(world, { place: { account, region, organizationId }, toSimulated }).map((path) => {
        const deployment = world.deployment({ id: path.target, account });
        return { path, segments: segmentsOf(path, { log, deployment, toSimulated }) };
      }),
    );
  }
}

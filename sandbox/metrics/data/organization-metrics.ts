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
  readonly #shared = new Map<string, readonly AccountId[]>();

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
    const key = `${account}/${region}`;
    const known = this.#shared.get(key) ?? this.#linkedTo(account, region);
    this.#shared.set(key, known);
    return known;
  }

  #linkedTo(account: AccountId, region: Region): readonly AccountId[] {
    const { world, accounts, organizationId } = this.#options;
    const isLinked = (other: AccountId) => {
      const place = { account: other, region, organizationId };
      return world
        .list(monitoringTokens.link, place)
        .some(({ outputs }) => locateArn(readText(outputs, 'sinkArn') ?? '', place)?.place.account === account);
    };
    return accounts.filter((other) => other === account || isLinked(other));
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

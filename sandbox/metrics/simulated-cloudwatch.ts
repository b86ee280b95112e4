import { compositeStates } from '../alarm-states-composite';
import { readAlarmDefinition, readInsightsAlarm, type InsightsAlarmDefinition } from '../alarm-states-definition';
import { insightsAlarmStates } from '../alarm-states-insights';
import { metricAlarmStates, type AlarmTime, type StateChange } from '../alarm-states';
import type { Organization } from '../organization';
import type { Place, WorldResource } from '../resource-type';
import type { SimulatedClock } from '../simulated-clock';
import { alarmNameAt } from '../types/common/alarm-dependants';
import { monitoringTokens } from '../types/common/monitoring-tokens';
import { readText } from '../types/common/property-readers';
import type { World } from '../world';

import type { ConditionsLog } from './conditions-log';
import { insightsGroups } from './data/insights-groups';
import { OrganizationMetrics } from './data/organization-metrics';
import { NotEvaluated } from './data/time-series';
import type { Datapoint } from './datapoint';
import type { MetricId } from './emissions';
import { mergedView } from './merged-view';
import { PlaceMetrics } from './metric-view';
import { readOrderPaths } from './order-path';
import { segmentsOf } from './segments';

/** What the simulated CloudWatch looks at. */
export interface SimulatedCloudWatchOptions {
  readonly world: World;
  readonly log: ConditionsLog;
  readonly clock: SimulatedClock;
  /** Whose accounts may share their metrics with this one: alarms on queries see those. */
  readonly organization: () => Pick<Organization, 'accounts'>;
  /** Metrics of all of them, where they are read already. @default read when first needed */
  readonly metrics?: OrganizationMetrics;
}

/** A time in which an alarm was in one state, in real milliseconds; null: not over yet. */
export interface AlarmPhase extends Pick<StateChange, 'state'> {
  readonly from: number;
  readonly until: number | null;
}

/** An alarm as its history tells it; the last phase is the present one. */
export interface AlarmHistory {
  readonly name: string;
  readonly kind: 'metric' | 'composite';
  readonly phases: readonly AlarmPhase[];
}

/** The simulated CloudWatch of one account and region at one instant: alarms as deployed over metrics of what is deployed. */
export class SimulatedCloudWatch {
  readonly #place: Place;
  readonly #options: SimulatedCloudWatchOptions;
  readonly #metrics: PlaceMetrics;
  readonly #now: number;
  #shared: OrganizationMetrics | undefined;
  readonly #states = new Map<string, readonly StateChange[]>();
  /** Composites that are being worked out: a rule may lead back to itself. */
  readonly #open = new Set<string>();

  constructor(place: Place, options: SimulatedCloudWatchOptions) {
    const { clock, log, world } = options;
    this.#place = place;
    this.#options = options;
    this.#now = this.#simulated(clock.realNow());
    const toSimulated = (milliseconds: number) => this.#simulated(milliseconds);
    this.#metrics = new PlaceMetrics(
      readOrderPaths(world, { place, toSimulated }).map((path) => {
        const deployment = world.deployment({ id: path.target, account: place.account });
        return { path, segments: segmentsOf(path, { log, deployment, toSimulated }) };
      }),
    );
  }

  /** History of an alarm since what it watches was last deployed; undefined where there is no such alarm. Throws where it cannot be evaluated. */
  alarm(name: string): AlarmHistory | undefined {
    const composite = this.#find('compositeAlarm', name) !== undefined;
    const changes = this.#statesOf(name);
    return changes && { name, kind: composite ? 'composite' : 'metric', phases: this.#phases(changes) };
  }

  /** Samples of a series since a real instant, as far as they are known; whole ones. */
  samplesSince(id: MetricId, since: number): number {
    const samples = this.#metrics.view(id).datapoint(this.#simulated(since), this.#now)?.samples ?? 0;
    // Parts of a time add up to a hair less than the whole.
    return Math.floor(samples + 1e-6);
  }

  /** Data of a series over the last simulated seconds, and how many of them are known; undefined data: there is none. */
  last(id: MetricId, seconds: number): { readonly data: Datapoint | undefined; readonly knownSeconds: number } {
    const from = Math.max(this.#now - seconds, this.#metrics.knownFrom);
    if (!(from < this.#now)) return { data: undefined, knownSeconds: 0 };
    return { data: this.#metrics.view(id).datapoint(from, this.#now), knownSeconds: this.#now - from };
  }

  #statesOf(name: string): readonly StateChange[] | undefined {
    const known = this.#states.get(name);
    if (known || this.#open.has(name)) return known;
    this.#open.add(name);
    try {
      const states = this.#evaluate(name);
      if (states) this.#states.set(name, states);
      return states;
    } finally {
      this.#open.delete(name);
    }
  }

  #evaluate(name: string): readonly StateChange[] | undefined {
    const metric = this.#find('metricAlarm', name);
    if (metric) {
      const insights = readInsightsAlarm(metric);
      if (insights) return this.#evaluateInsights(insights, metric);
      const definition = readAlarmDefinition(metric);
      const { namespace, metricName, dimensions, unit } = definition;
      const view = this.#metrics.view({ namespace, metric: metricName, dimensions }, unit);
      return metricAlarmStates(definition, view, this.#timeOf(metric, metric.changedAt));
    }
    const composite = this.#find('compositeAlarm', name);
    if (!composite) return undefined;
    const statesOf = (reference: string) => {
      const child = alarmNameAt(reference, this.#place);
      return child === undefined ? undefined : this.#statesOf(child);
    };
    return compositeStates(readText(composite.outputs, 'alarmRule') ?? '', statesOf, this.#timeOf(composite, composite.madeAt));
  }

  #evaluateInsights({ query, rule }: InsightsAlarmDefinition, alarm: WorldResource): readonly StateChange[] {
    const { account, region } = this.#place;
    const metrics = (this.#shared ??= this.#options.metrics ?? this.#readShared());
    const groups = [...insightsGroups(query, { metrics, account, region }).values()];
    // Which groups are left out of more than that changes with their values.
    if (groups.length > query.limit)
      throw new NotEvaluated(`alarm ${alarm.key} looks at ${query.limit} of ${groups.length} groups: the sandbox evaluates all or none`);
    const views = groups.map((members) => mergedView(members.map((one) => metrics.at(one.account, region).view(one.id))));
    // Data of before a member's last deployment is not kept: the alarm itself stood then, and what is not known is not red.
    return insightsAlarmStates(rule, views, this.#timeOf(alarm, alarm.changedAt));
  }

  #readShared(): OrganizationMetrics {
    const { world, log, clock, organization } = this.#options;
    const accounts = organization().accounts.map(({ id }) => id);
    return new OrganizationMetrics({ world, log, clock, organizationId: this.#place.organizationId, accounts });
  }

  #find(type: 'metricAlarm' | 'compositeAlarm', name: string): WorldResource | undefined {
    return this.#options.world.find(monitoringTokens[type], name, this.#place);
  }

  #timeOf({ madeAt }: WorldResource, since: number): AlarmTime {
    return { madeAt: this.#simulated(madeAt), from: Math.max(this.#simulated(since), this.#metrics.knownFrom), now: this.#now };
  }

  #phases(changes: readonly StateChange[]): readonly AlarmPhase[] {
    return changes.map(({ at, state }, index) => {
      const next = changes[index + 1];
      return { state, from: this.#real(at), until: next ? this.#real(next.at) : null };
    });
  }

  #simulated(milliseconds: number): number {
    return this.#options.clock.secondsBetween(0, milliseconds);
  }

  #real(seconds: number): number {
    return Math.round((seconds * 1000) / this.#options.clock.scale);
  }
}

import {
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type AlarmType,
  type CloudWatchClient,
  type CompositeAlarm,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';

import type { OrderCount } from '../../contracts/health';
import { allPages } from '../discovery/pages';
import { FleetError, isFleetError, messageOf } from '../errors';
import type { Clock, GateTarget } from '../ports';

import type { CloudWatchClients } from './cloudwatch-clients';
import { countWindow, sumOfPages } from './count-orders';
import type { AlarmReading, HealthReader, HealthReading } from './health-reader';
import { alarmStateSchema, parseStateChange, redTimes, type PresentState, type StateChange } from './red-times';

/** Without it CloudWatch speaks of metric alarms only (AWS.md A2). */
const BOTH_KINDS: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
/** CloudWatch: most names in one `DescribeAlarms`, and most records in one page. */
const PAGE = 100;

/**
 * Reads targets from CloudWatch in their own account and region. Every composite and child that a target's health names is read; children
 * that only a composite's rule names are not, as programs list all of them. Rejects with an `aws/...` {@link FleetError} for whatever is
 * refused, incomplete or not understood.
 */
export function cloudwatchReader(clients: CloudWatchClients, { clock }: { readonly clock: Clock }): HealthReader {
  return {
    read: (asked, { signal }) => new TargetRead({ client: clients.at(asked.target), asked, now: clock.now(), signal }).read(),
    close: async () => clients.close(),
  };
}

interface TargetReadParts {
  readonly client: CloudWatchClient;
  readonly asked: GateTarget;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** One reading of one target. */
class TargetRead {
  readonly #parts: TargetReadParts;

  constructor(parts: TargetReadParts) {
    this.#parts = parts;
  }

  async read(): Promise<HealthReading> {
    const { health, ordersSince, target } = this.#parts.asked;
    if (health === null) throw new Error(`the outputs of ${target.id} do not tell what to read`);
    const count = async (metric: OrderCount | null) =>
      metric === null || ordersSince === null ? null : this.#count(metric, new Date(ordersSince));
    const alarms = await this.#alarms([...new Set([...health.composites, ...health.children])]);
    return { alarms, orders: await count(health.orders), synthetic: await count(health.synthetic) };
  }

  async #alarms(names: readonly string[]): Promise<readonly AlarmReading[]> {
    const found: AlarmReading[] = [];
    for (let first = 0; first < names.length; first += PAGE) {
      for (const { name, kind, state, present } of await this.#describe(names.slice(first, first + PAGE))) {
        found.push({ name, kind, state, since: present.since.toISOString(), red: await this.#red(name, present) });
      }
    }
    return found;
  }

  async #describe(names: string[]): Promise<readonly DescribedAlarm[]> {
    return this.#ask('DescribeAlarms', (client, abort) =>
      allPages(async (NextToken) => {
        const input = { AlarmNames: names, AlarmTypes: BOTH_KINDS, MaxRecords: PAGE, NextToken };
        const page = await client.send(new DescribeAlarmsCommand(input), abort);
        const metric = (page.MetricAlarms ?? []).map((alarm) => described('metric', alarm));
        const composite = (page.CompositeAlarms ?? []).map((alarm) => described('composite', alarm));
        return { items: [...metric, ...composite], next: page.NextToken };
      }),
    );
  }

  async #red(name: string, present: PresentState): Promise<AlarmReading['red']> {
    const { alarmsSince } = this.#parts.asked;
    const since = alarmsSince === null ? present.since : new Date(alarmsSince);
    // The history of an alarm that has not changed since then holds nothing of that time.
    const changes = alarmsSince === null || present.since < since ? [] : await this.#changes(name, since);
    return redTimes(changes, { since, present });
  }

  async #changes(AlarmName: string, StartDate: Date): Promise<readonly StateChange[]> {
    const input = { AlarmName, StartDate, AlarmTypes: BOTH_KINDS, HistoryItemType: 'StateUpdate', MaxRecords: PAGE } as const;
    return this.#ask('DescribeAlarmHistory', (client, abort) =>
      allPages(async (NextToken) => {
        const page = await client.send(new DescribeAlarmHistoryCommand({ ...input, ScanBy: 'TimestampAscending', NextToken }), abort);
        const items = (page.AlarmHistoryItems ?? []).map(({ Timestamp, HistoryData }) => {
          const change = Timestamp && HistoryData !== undefined ? parseStateChange(Timestamp, HistoryData) : undefined;
          if (change === undefined) throw new Error(`a state change of alarm ${AlarmName} cannot be understood`);
          return change;
        });
        return { items, next: page.NextToken };
      }),
    );
  }

  async #count(metric: OrderCount, since: Date): Promise<number> {
    const window = countWindow(since, this.#parts.now);
    if (window === null) return 0;
    const Dimensions = Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: metric.namespace, MetricName: metric.metric, Dimensions };
    const MetricDataQueries = [{ Id: 'orders', MetricStat: { Metric, Period: window.periodSeconds, Stat: 'SampleCount' } }];
    return this.#ask('GetMetricData', async (client, abort) => {
      const pages = await allPages(async (NextToken) => {
        const input = { MetricDataQueries, StartTime: window.from, EndTime: window.until, NextToken };
        const page = await client.send(new GetMetricDataCommand(input), abort);
        return { items: page.MetricDataResults, next: page.NextToken };
      });
      return sumOfPages(pages.filter(({ Id }) => Id === 'orders'));
    });
  }

  async #ask<Value>(
    operation: string,
    call: (client: CloudWatchClient, abort: { readonly abortSignal: AbortSignal }) => Promise<Value>,
  ): Promise<Value> {
    const { client, signal, asked } = this.#parts;
    try {
      return await call(client, { abortSignal: signal });
    } catch (cause) {
      if (isFleetError(cause)) throw cause;
      const name = (cause as { readonly name?: string } | null)?.name ?? 'Error';
      const { account, region } = asked.target;
      throw new FleetError(`aws/${name}`, `cloudwatch:${operation} in account ${account}, ${region} failed: ${messageOf(cause)}`, {
        cause,
      });
    }
  }
}

interface DescribedAlarm extends Omit<AlarmReading, 'red' | 'since'> {
  readonly present: PresentState;
}

function described(kind: AlarmReading['kind'], alarm: MetricAlarm | CompositeAlarm): DescribedAlarm {
  const { AlarmName: name, StateValue } = alarm;
  const { data: state } = alarmStateSchema.safeParse(StateValue);
  // The last change of state; an update of its reason is never earlier.
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  if (!name || !state || !since) throw new Error(`alarm ${name} has no state that can be understood: ${StateValue}`);
  // What CloudWatch could not evaluate in full keeps an old state, which says nothing of now.
  const stale = state === 'OK' && 'EvaluationState' in alarm && alarm.EvaluationState !== undefined;
  return { name, kind, state: stale ? 'INSUFFICIENT_DATA' : state, present: { state, since } };
}

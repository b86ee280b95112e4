import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';

import { accountIdSchema } from '../../contracts/ids';
import { fleetRoles } from '../../contracts/names';
import type { MetricQuery, MetricQuestion } from '../../contracts/metric-query';
import { accountClients, type AccountClients, type FleetClientsOptions } from '../aws/account-clients';
import { sdkFailure } from '../aws/sdk-error';
import { allPages } from '../discovery/pages';
import { isFleetError } from '../errors';
import { alarmStateSchema } from '../gates/red-times';
import type { Clock } from '../ports';

import type { AlarmAnswer, AlarmName, MetricSource, SeriesAnswer, ShownSeries } from './metric-source';

/** CloudWatch: most queries of one `GetMetricData`, and most names of one `DescribeAlarms`. */
const QUERIES_A_CALL = 500;
const ALARMS_A_CALL = 100;

/** Metrics and alarms from CloudWatch, asked with the reading role of the account that has the dashboard. Loads the AWS SDK: import it late. */
export function openCloudWatchMetrics(options: FleetClientsOptions): MetricSource {
  const clients = accountClients((settings) => new CloudWatchClient(settings), {
    ...options,
    role: fleetRoles(options.deployRole).preview,
    sessionName: 'fleet-dashboards',
  });
  return cloudwatchMetricSource(clients, options);
}

/** {@link openCloudWatchMetrics} over clients that are there. */
export function cloudwatchMetricSource(clients: AccountClients<CloudWatchClient>, { clock }: { readonly clock: Clock }): MetricSource {
  const asOf = clock.now();
  return {
    note: null,
    asOf,
    ask: async (question, { signal }) => {
      const answers = new Map<string, SeriesAnswer>();
      for (const queries of callsOf(question.queries))
        for (const [id, answer] of await askOnce(
          { ...question, queries },
          { client: clients.at(question), role: clients.role, asOf, signal },
        ))
          answers.set(id, answer);
      return answers;
    },
    alarms: async (names, { signal }) => {
      const answers = new Map<string, AlarmAnswer>();
      for (const group of byPlace(names)) {
        const [first] = group;
        if (!first) continue;
        const client = clients.at({ account: accountIdSchema.parse(first.account), region: first.region });
        for (const [arn, answer] of await describeAlarms(group, { client, role: clients.role, signal })) answers.set(arn, answer);
      }
      return answers;
    },
    close: () => Promise.resolve(clients.close()),
  };
}

interface Asking {
  readonly client: CloudWatchClient;
  /** That asks, to be seen to where AWS refuses. */
  readonly role: string;
  readonly signal: AbortSignal;
}

/** Queries that name others must be asked with them; plain ones can be asked apart. */
function callsOf(queries: readonly MetricQuery[]): readonly (readonly MetricQuery[])[] {
  if (queries.length <= QUERIES_A_CALL || queries.some(({ of }) => of.kind === 'expression')) return [queries];
  return chunks(queries, QUERIES_A_CALL);
}

async function askOnce(
  { account, region, seconds, queries }: MetricQuestion,
  { client, role, asOf, signal }: Asking & { readonly asOf: Date },
): Promise<ReadonlyMap<string, SeriesAnswer>> {
  const visible = queries.filter((query) => query.visible);
  if (visible.length === 0) return new Map();
  const input = {
    MetricDataQueries: queries.map(queryOf),
    StartTime: new Date(asOf.getTime() - seconds * 1000),
    EndTime: asOf,
    ScanBy: 'TimestampAscending',
  } as const;
  const results = await asked('cloudwatch:GetMetricData', { account, region, role }, () =>
    allPages(async (NextToken) => {
      const page = await client.send(new GetMetricDataCommand({ ...input, NextToken }), { abortSignal: signal });
      return { items: page.MetricDataResults, next: page.NextToken };
    }),
  );
  return new Map(
    visible.map((query) => [
      query.id,
      answerOf(
        query,
        results.filter(({ Id }) => Id === query.id),
      ),
    ]),
  );
}

function queryOf({ id: Id, label, visible: ReturnData, period: Period, of }: MetricQuery): MetricDataQuery {
  const common = { Id, ReturnData, ...(label !== null && { Label: label }) };
  // Metric math has the period of what it is over; a query of Metrics Insights has none of its own.
  if (of.kind === 'expression') return { ...common, Expression: of.expression, ...(/^\s*SELECT\b/i.test(of.expression) && { Period }) };
  const Dimensions = Object.entries(of.dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    ...common,
    ...(of.account !== null && { AccountId: of.account }),
    MetricStat: { Metric: { Namespace: of.namespace, MetricName: of.metric, Dimensions }, Period, Stat: of.stat },
  };
}

/** One series may come in several pages, and one query may have several series. */
function answerOf({ id, period }: MetricQuery, results: readonly MetricDataResult[]): SeriesAnswer {
  const failed = results.find(({ StatusCode }) => StatusCode === 'InternalError' || StatusCode === 'Forbidden');
  if (failed) {
    const said = (failed.Messages ?? []).map(({ Code, Value }) => `${Code ?? ''} ${Value ?? ''}`.trim()).join('; ');
    return { kind: 'not evaluated', reason: `CloudWatch says ${failed.StatusCode ?? ''}${said === '' ? '' : `: ${said}`}` };
  }
  // The last page says that all of it is there.
  if (results.at(-1)?.StatusCode === 'PartialData') return { kind: 'not evaluated', reason: 'CloudWatch gave only a part of the data' };
  const series = new Map<string, ShownSeries>();
  for (const { Label = id, Timestamps = [], Values = [] } of results) {
    const points = Timestamps.flatMap((at, index) => {
      const value = Values[index];
      return value === undefined ? [] : [{ at: at.getTime(), value }];
    });
    series.set(Label, { label: Label, period, points: [...(series.get(Label)?.points ?? []), ...points] });
  }
  return { kind: 'series', series: [...series.values()] };
}

async function describeAlarms(names: readonly AlarmName[], { client, role, signal }: Asking): Promise<ReadonlyMap<string, AlarmAnswer>> {
  const found = new Map<string, AlarmAnswer>();
  for (const group of chunks(names, ALARMS_A_CALL)) {
    const [place] = group;
    if (!place) continue;
    const input = {
      AlarmNames: group.map(({ name }) => name),
      AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
      MaxRecords: ALARMS_A_CALL,
    };
    const alarms = await asked('cloudwatch:DescribeAlarms', { ...place, role }, () =>
      allPages(async (NextToken) => {
        const page = await client.send(new DescribeAlarmsCommand({ ...input, NextToken }), { abortSignal: signal });
        return { items: [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])], next: page.NextToken };
      }),
    );
    for (const { AlarmName: name, StateValue, AlarmDescription: description = '' } of alarms) {
      const state = alarmStateSchema.safeParse(StateValue);
      if (name !== undefined)
        found.set(
          name,
          state.success
            ? { kind: 'state', state: state.data, description }
            : { kind: 'not evaluated', reason: `its state is ${StateValue ?? 'not told'}` },
        );
    }
  }
  return new Map(names.map(({ arn, name }) => [arn, found.get(name) ?? { kind: 'not evaluated', reason: 'there is no such alarm' }]));
}

function byPlace(names: readonly AlarmName[]): readonly (readonly AlarmName[])[] {
  const places = new Map<string, AlarmName[]>();
  for (const name of names) {
    const key = `${name.account}/${name.region}`;
    places.set(key, [...(places.get(key) ?? []), name]);
  }
  return [...places.values()];
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

async function asked<Value>(
  call: string,
  { account, region, role }: { readonly account: string; readonly region: string; readonly role: string },
  ask: () => Promise<Value>,
): Promise<Value> {
  try {
    return await ask();
  } catch (cause) {
    if (isFleetError(cause)) throw cause;
    throw sdkFailure(cause, {
      what: `${call} in account ${account}, ${region}`,
      refused: `see that the role ${role} may do it (\`fleet bootstrap\` makes it)`,
    });
  }
}

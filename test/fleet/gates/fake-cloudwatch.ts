import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An alarm as the fake keeps it; what is left out is left out of its answers. Instants are ISO 8601. */
export interface FakeAlarm {
  readonly name: string;
  readonly kind: 'metric' | 'composite';
  readonly state?: string;
  readonly changedAt?: string;
  readonly evaluation?: string;
}

/** A state change in an alarm's history; `data` stands for the whole HistoryData. */
export interface FakeChange {
  readonly alarm: string;
  readonly at: string;
  readonly from?: string;
  readonly to?: string;
  readonly data?: string;
}

/** One account and region. `samples` are by `<namespace>/<metric>/<dimension>=<value>`, one number for each minute given. */
export interface FakePlace {
  alarms: readonly FakeAlarm[];
  changes: readonly FakeChange[];
  samples: Readonly<Record<string, readonly { readonly at: string; readonly count: number }[]>>;
}

/** One request as it came. */
export interface FakeRequest {
  readonly operation: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An answer in place of the true one; `hang`: none ever; `stall`: its beginning, and no more. */
export type PlantedAnswer = 'hang' | 'stall' | { readonly status: number; readonly body: unknown };

const SESSION_SECONDS = 3600;

/** Errors as CloudWatch sends them in AWS JSON 1.0. */
export const awsErrors = {
  throttled: { status: 400, body: { __type: 'com.amazon.coral.availability#ThrottlingException', message: 'Rate exceeded' } },
  internal: { status: 500, body: { __type: 'com.amazonaws.cloudwatch.v2010_08_01#InternalServiceFault', Message: 'internal error' } },
  denied: { status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'not authorized to do that' } },
} as const satisfies Readonly<Record<string, PlantedAnswer>>;

/** CloudWatch (AWS JSON 1.0) and STS's AssumeRole (AWS Query) on a loopback port: shapes, paging and defaults as AWS's. */
export class FakeCloudWatch {
  readonly requests: FakeRequest[] = [];
  /** Items or data points on one page. */
  pageSize = 100;
  /** Accounts whose role may be assumed; undefined: every one. */
  trusted: readonly string[] | undefined;
  /** The fake's own time, for the end of sessions. */
  now = () => new Date();
  readonly #places = new Map<string, FakePlace>();
  readonly #planted = new Map<string, PlantedAnswer[]>();
  readonly #server: Server;
  #sessions = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  at(account: string, region: string): FakePlace {
    const key = `${account}/${region}`;
    const place = this.#places.get(key) ?? { alarms: [], changes: [], samples: {} };
    this.#places.set(key, place);
    return place;
  }

  /** The next answers to an operation, before the true ones. */
  plant(operation: string, ...answers: readonly PlantedAnswer[]): void {
    this.#planted.set(operation, [...(this.#planted.get(operation) ?? []), ...answers]);
  }

  asked(operation: string): readonly FakeRequest[] {
    return this.requests.filter((request) => request.operation === operation);
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const [, key, region] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(message.headers.authorization ?? '') ?? [];
    const target = message.headers['x-amz-target'];
    const json = typeof target === 'string';
    const input = json ? (JSON.parse(body) as Record<string, unknown>) : Object.fromEntries(new URLSearchParams(body));
    const operation = json ? target.replace('GraniteServiceVersion20100801.', '') : String(input.Action);
    const account = /^ASIA(\d{12})/.exec(key ?? '')?.[1];
    this.requests.push({ operation, account, region, input });

    const planted = this.#planted.get(operation)?.shift();
    if (planted === 'hang') return;
    if (planted === 'stall') return void response.writeHead(200, { 'content-length': 1000 }).write('{"MetricAlarms":[');
    const answer = planted ?? (json ? this.#cloudWatch(operation, input, this.at(account ?? '', region ?? '')) : this.#assumeRole(input));
    response.writeHead(answer.status, { 'content-type': json ? 'application/x-amz-json-1.0' : 'text/xml' });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  }

  #assumeRole({ RoleArn = '' }: Readonly<Record<string, unknown>>): { readonly status: number; readonly body: unknown } {
    const account = /^arn:aws:iam::(\d{12}):role\/fleet\/preview$/.exec(String(RoleArn))?.[1];
    if (account === undefined || this.trusted?.includes(account) === false) {
      const text = `not authorized to perform: sts:AssumeRole on resource: ${String(RoleArn)}`;
      return {
        status: 403,
        body: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${text}</Message></Error></ErrorResponse>`,
      };
    }
    const expires = new Date(this.now().getTime() + SESSION_SECONDS * 1000).toISOString();
    const keys = `<AccessKeyId>ASIA${account}${++this.#sessions}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>`;
    const result = `<AssumeRoleResult><Credentials>${keys}<Expiration>${expires}</Expiration></Credentials></AssumeRoleResult>`;
    return { status: 200, body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</AssumeRoleResponse>` };
  }

  #cloudWatch(
    operation: string,
    input: Readonly<Record<string, unknown>>,
    place: FakePlace,
  ): { readonly status: number; readonly body: unknown } {
    // Who does not ask for composites gets none.
    const types = (input.AlarmTypes ?? ['MetricAlarm']) as readonly string[];
    const shown = place.alarms.filter(({ kind }) => types.includes(kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm'));
    switch (operation) {
      case 'DescribeAlarms': {
        const names = input.AlarmNames as readonly string[];
        if (names.length > 100)
          return { status: 400, body: { __type: 'com.amazon.coral.validate#ValidationException', message: '<= 100' } };
        const { items, NextToken } = this.#page(shown.filter(({ name }) => names.includes(name)), input); // prettier-ignore
        const of = (kind: FakeAlarm['kind']) => items.filter((alarm) => alarm.kind === kind).map(wireAlarm);
        return { status: 200, body: { MetricAlarms: of('metric'), CompositeAlarms: of('composite'), NextToken } };
      }
      case 'DescribeAlarmHistory': {
        const since = Number(input.StartDate) * 1000;
        const found = place.changes.filter(
          ({ alarm, at }) => alarm === input.AlarmName && Date.parse(at) >= since && shown.some(({ name }) => name === alarm),
        );
        const sorted = input.ScanBy === 'TimestampAscending' ? found : [...found].reverse();
        const { items, NextToken } = this.#page(sorted, input);
        return { status: 200, body: { AlarmHistoryItems: items.map(wireChange), NextToken } };
      }
      case 'GetMetricData':
        return { status: 200, body: this.#metricData(input as unknown as MetricDataInput, place) };
      default:
        return { status: 400, body: { __type: 'com.amazon.coral.service#UnknownOperationException', message: operation } };
    }
  }

  #metricData(input: MetricDataInput, place: FakePlace): unknown {
    const [query] = input.MetricDataQueries;
    const { Metric, Stat } = query.MetricStat;
    const name = [Metric.Namespace, Metric.MetricName, ...Metric.Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)].join('/');
    const found = (place.samples[name] ?? []).filter(({ at }) => {
      const seconds = Date.parse(at) / 1000;
      return seconds >= input.StartTime && seconds < input.EndTime;
    });
    const { items, NextToken } = this.#page(Stat === 'SampleCount' ? found : [], input);
    const data = { Timestamps: items.map(({ at }) => Date.parse(at) / 1000), Values: items.map(({ count }) => count) };
    const StatusCode = NextToken === undefined ? 'Complete' : 'PartialData';
    return { Messages: [], MetricDataResults: [{ Id: query.Id, Label: Metric.MetricName, StatusCode, ...data }], NextToken };
  }

  #page<Item>(all: readonly Item[], { NextToken, MaxRecords }: { readonly NextToken?: unknown; readonly MaxRecords?: unknown }) {
    const size = Math.min(this.pageSize, Number(MaxRecords ?? this.pageSize));
    const first = Number(NextToken ?? 0);
    const next = first + size < all.length ? String(first + size) : undefined;
    return { items: all.slice(first, first + size), NextToken: next };
  }
}

interface MetricDataInput {
  readonly MetricDataQueries: readonly [
    {
      readonly Id: string;
      readonly MetricStat: {
        readonly Stat: string;
        readonly Metric: {
          readonly Namespace: string;
          readonly MetricName: string;
          readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
        };
      };
    },
  ];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
}

function wireAlarm({ name, state, changedAt, evaluation, kind }: FakeAlarm): unknown {
  const changed = changedAt === undefined ? undefined : Date.parse(changedAt) / 1000;
  return {
    AlarmName: name,
    AlarmArn: `arn:aws:cloudwatch:eu-west-1:200000000001:alarm:${name}`,
    StateValue: state,
    StateReason: 'Threshold Crossed',
    StateUpdatedTimestamp: changed,
    StateTransitionedTimestamp: changed,
    EvaluationState: evaluation,
    ...(kind === 'composite' ? { AlarmRule: 'ALARM("orders-order-failures")' } : { Period: 300, Statistic: 'Average', Threshold: 0.01 }),
  };
}

function wireChange({ alarm, at, from, to, data }: FakeChange): unknown {
  const HistoryData = JSON.stringify({
    version: '1.0',
    oldState: { stateValue: from, stateReason: 'Unchecked: Initial alarm creation' },
    newState: { stateValue: to, stateReason: 'Threshold Crossed', stateReasonData: { version: '1.0', statistic: 'Average', period: 300 } },
  });
  return {
    AlarmName: alarm,
    Timestamp: Date.parse(at) / 1000,
    HistoryItemType: 'StateUpdate',
    HistorySummary: `Alarm updated from ${from} to ${to}`,
    HistoryData: data ?? HistoryData,
  };
}

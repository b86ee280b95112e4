import { DescribeAlarmsCommand, type CompositeAlarm, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { GetAliasCommand, GetFunctionConfigurationCommand, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';

import type { Target } from '../../contracts/target';
import type { AccountClients } from '../aws/account-clients';
import { askAt, orAbsent } from '../aws/ask-at';
import { alarmStateSchema } from '../gates/red-times';
import { findLogGroup, nameQuestions } from '../preflight/aws-names';
import type { ReadClients } from '../preflight/aws-preflight-clients';
import { keyState, topicState } from '../preflight/aws-shared';
import type { AskOptions } from '../preflight/preflight-source';

import type { AlarmFacts, DeployedSource, EventSourceFacts } from './deployed-source';

/** What stands in AWS, asked with the role that reads. */
export function awsDeployed(clients: AccountClients<ReadClients>): Omit<DeployedSource, 'send' | 'fate' | 'counted' | 'pollSeconds'> {
  const at = <Value>(target: Target, { signal }: AskOptions, [operation, call]: Question<Value>) =>
    askAt({ operation, at: target, signal, role: clients.role, call: (abort) => call(clients.at(target), abort) });
  return {
    alarms: (target, { names }, options) =>
      at(target, options, ['cloudwatch:DescribeAlarms', (asked, abort) => describeAlarms(asked, names, abort)]),
    functionOf: (target, name, options) =>
      at(target, options, [
        'lambda:GetFunctionConfiguration',
        async ({ lambda }, abort) => {
          const found = await orAbsent(NOT_FOUND, () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }), abort));
          if (found === undefined) return undefined;
          const { LoggingConfig, TracingConfig } = found;
          return { tracing: TracingConfig?.Mode ?? 'PassThrough', logGroup: LoggingConfig?.LogGroup ?? null };
        },
      ]),
    retention: (target, logGroup, options) =>
      at(target, options, [
        'logs:DescribeLogGroups',
        async ({ logs }, abort) => {
          const found = await findLogGroup(logs, logGroup, abort);
          return found === undefined ? undefined : (found.retentionInDays ?? null);
        },
      ]),
    alias: (target, { functionName: FunctionName, name: Name }, options) =>
      at(target, options, [
        'lambda:GetAlias',
        async ({ lambda }, abort) => {
          const found = await orAbsent(NOT_FOUND, () => lambda.send(new GetAliasCommand({ FunctionName, Name }), abort));
          if (found?.FunctionVersion === undefined) return undefined;
          const { FunctionVersion: version, RoutingConfig } = found;
          const served = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: version }), abort);
          const others = Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {});
          return { version, others, description: served.Description ?? '' };
        },
      ]),
    eventSources: (target, queueArn, options) =>
      at(target, options, ['lambda:ListEventSourceMappings', (asked, abort) => listEventSources(asked, queueArn, abort)]),
    redrive: (target, QueueUrl, options) =>
      at(target, options, [
        'sqs:GetQueueAttributes',
        async ({ sqs }, abort) => {
          const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] });
          const found = await orAbsent(NO_QUEUE, () => sqs.send(command, abort));
          return found === undefined ? undefined : redriveOf(found.Attributes?.RedrivePolicy);
        },
      ]),
    dashboards: (target, names, options) => {
      const { operation, ask } = nameQuestions.dashboard;
      return at(target, options, [operation, (asked, abort) => ask(asked, names, { target, abort })]);
    },
    shared: async (target, { topics, keys }, options) => [
      ...(await Promise.all(topics.map((arn) => at(target, options, ['sns:GetTopicAttributes', (asked, abort) => topicState(asked, arn, abort)])))), // prettier-ignore
      ...(await Promise.all(keys.map((arn) => at(target, options, ['kms:DescribeKey', (asked, abort) => keyState(asked, arn, abort)])))),
    ],
    close: async () => clients.close(),
  };
}

interface Abort {
  readonly abortSignal: AbortSignal;
}

type Question<Value> = readonly [operation: string, call: (clients: ReadClients, abort: Abort) => Promise<Value>];

const NOT_FOUND = ['ResourceNotFoundException'];
const NO_QUEUE = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** Most names in one `DescribeAlarms`. */
const PAGE = 100;

async function describeAlarms({ cloudwatch }: ReadClients, names: readonly string[], abort: Abort): Promise<readonly AlarmFacts[]> {
  const alarms: AlarmFacts[] = [];
  for (let first = 0; first < names.length; first += PAGE) {
    const AlarmNames = names.slice(first, first + PAGE);
    // Without the types CloudWatch speaks of metric alarms only (AWS.md A2).
    const command = new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: PAGE });
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(command, abort);
    const factsOf = (kind: AlarmFacts['kind']) => (alarm: MetricAlarm | CompositeAlarm) => ({
      ...{ kind, name: alarm.AlarmName ?? '', state: stateOf(alarm) },
      ...{ actionsEnabled: alarm.ActionsEnabled === true, actions: alarm.AlarmActions?.length ?? 0 },
    });
    alarms.push(...MetricAlarms.map(factsOf('metric')), ...CompositeAlarms.map(factsOf('composite')));
  }
  return alarms;
}

/** What CloudWatch could not evaluate in full keeps an old state, which says nothing of now. */
function stateOf(alarm: MetricAlarm | CompositeAlarm): AlarmFacts['state'] {
  const state = alarmStateSchema.parse(alarm.StateValue);
  const isStale = state === 'OK' && 'EvaluationState' in alarm && alarm.EvaluationState !== undefined;
  return isStale ? 'INSUFFICIENT_DATA' : state;
}

async function listEventSources({ lambda }: ReadClients, queueArn: string, abort: Abort): Promise<readonly EventSourceFacts[]> {
  const found: EventSourceFacts[] = [];
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, { EventSourceArn: queueArn })) {
    abort.abortSignal.throwIfAborted();
    // `Enabling` and `Updating` are on the way to it; what is `Disabled`, or on its way there or to its end, feeds nobody.
    for (const { FunctionArn = '', State = '' } of EventSourceMappings)
      found.push({
        functionName: FunctionArn.split(':').slice(6).join(':'),
        enabled: /^(Enabled|Enabling|Creating|Updating)$/.test(State),
      });
  }
  return found;
}

function redriveOf(policy: string | undefined) {
  if (policy === undefined || policy === '') return null;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as {
    readonly deadLetterTargetArn?: unknown;
    readonly maxReceiveCount?: unknown;
  };
  if (typeof deadLetterTargetArn !== 'string') return null;
  return { deadLetterQueueArn: deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

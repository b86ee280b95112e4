import { counted } from '../../contracts/counted';
import type { Expectations, ExpectedFunction } from '../../contracts/expectations';
import { judged, type Asked } from '../checks/asked';
import { failed, passed, type CheckFinding } from '../checks/check-result';
import { judgeShared } from '../preflight/judge-target';
import type { SharedPart } from '../preflight/preflight-source';

import type { AlarmFacts, AliasFacts, EventSourceFacts, FunctionFacts, RedriveFacts } from './deployed-source';

/** What was asked about a deployed target. */
export interface DeployedFacts {
  readonly expected: Expectations;
  /** Digest of the bundle that the alias's version must be made from; null: the recorded release does not tell. */
  readonly digest: string | null;
  readonly alarms: Asked<readonly AlarmFacts[]>;
  /** By the function's name. */
  readonly functions: ReadonlyMap<
    string,
    Asked<{ readonly found: FunctionFacts | undefined; readonly retention: number | null | undefined }>
  >;
  readonly alias: Asked<AliasFacts | undefined> | null;
  /** By the queue's ARN. */
  readonly eventSources: ReadonlyMap<string, Asked<readonly EventSourceFacts[]>>;
  readonly redrive: Asked<RedriveFacts | null | undefined> | null;
  readonly dashboards: Asked<readonly string[]>;
  readonly shared: Asked<readonly SharedPart[]> | null;
}

const AGAIN = '`fleet drift` tells what differs; `fleet repair` puts it back';

/** The checks of a deployed target, but for the order's way. Pure. */
export function judgeDeployed(facts: DeployedFacts): readonly CheckFinding[] {
  const { expected, shared } = facts;
  return [
    ...judgeAlarms(facts),
    ...expected.functions.flatMap((one) => judgeFunction(one, facts)),
    ...judgeAlias(facts),
    ...expected.eventSources.flatMap((one) => judgeEventSource(one, facts)),
    ...judgeRedrive(facts),
    ...judgeDashboards(facts),
    ...(shared === null ? [] : judged('shared-topics', shared, judgeShared).map((one) => ({ ...one, check: 'shared-topics' as const }))),
  ];
}

function judgeAlarms({ expected: { alarms }, alarms: answer }: DeployedFacts): readonly CheckFinding[] {
  if (alarms.names.length === 0) return [];
  // Each check says by itself that it is unknown: none of them was asked.
  if ('trouble' in answer) {
    const checks = ['alarms-there', 'alarms-armed', ...(alarms.watched ? (['alarms-data', 'alarms-green'] as const) : [])] as const;
    return checks.flatMap((check) => judged(check, answer, () => []));
  }
  const found = answer.value.filter(({ name }) => alarms.names.includes(name));
  const absent = alarms.names.filter((name) => !found.some((alarm) => alarm.name === name));
  const disarmed = found.filter(({ actionsEnabled }) => !actionsEnabled);
  const mute = found.filter(({ kind, actionsEnabled, actions }) => kind === 'composite' && actionsEnabled && actions === 0);
  const silent = found.filter(({ state }) => state === 'INSUFFICIENT_DATA');
  const red = found.filter(({ state }) => state === 'ALARM');
  return [
    ...orPassed('alarms-there', `${counted(found.length, 'alarm')} there`, absent.map((name) => failed('alarms-there', `alarm ${name} does not exist`, AGAIN))), // prettier-ignore
    ...orPassed('alarms-armed', `${counted(found.length, 'alarm')} armed`, [
      ...disarmed.map(({ name }) => failed('alarms-armed', `actions of alarm ${name} are disabled: nobody would be told`, 'enable them (cloudwatch:EnableAlarmActions)')), // prettier-ignore
      ...mute.map(({ name }) => failed('alarms-armed', `alarm ${name} has no action: nobody would be told`, AGAIN)),
    ]),
    ...(alarms.watched
      ? [
          ...orPassed('alarms-data', `${counted(found.length, 'alarm')} with data`, silent.map(({ name }) => failed('alarms-data', `alarm ${name} has no data`, 'see that orders, or the heartbeat, arrive; a new alarm may take minutes: --timeout'))), // prettier-ignore
          ...orPassed('alarms-green', `${counted(found.length, 'alarm')} not red`, red.map(({ name }) => failed('alarms-green', `alarm ${name} is red`, 'follow its runbook'))), // prettier-ignore
        ]
      : []),
  ];
}

function orPassed(check: CheckFinding['check'], found: string, wrong: readonly CheckFinding[]): readonly CheckFinding[] {
  return wrong.length > 0 ? wrong : [passed(check, found)];
}

function judgeFunction(expected: ExpectedFunction, { functions }: DeployedFacts): readonly CheckFinding[] {
  const { name, logGroup, retentionDays, tracing } = expected;
  const answer = functions.get(name) ?? { trouble: { code: 'fleet/internal', message: 'was not asked' } };
  const logs = judged('logs', answer, ({ found, retention }) => {
    if (found === undefined) return failed('logs', `function ${name} does not exist`, AGAIN);
    if (found.logGroup === null) return unknown('logs', `AWS does not tell where function ${name} logs to`);
    if (found.logGroup !== logGroup) return failed('logs', `function ${name} writes to ${found.logGroup} in place of ${logGroup}`, AGAIN);
    if (retention === undefined) return failed('logs', `log group ${logGroup} does not exist`, AGAIN);
    if (retention !== retentionDays) return failed('logs', `log group ${logGroup} keeps ${days(retention)} in place of ${days(retentionDays)}`, AGAIN); // prettier-ignore
    return passed('logs', `${logGroup} keeps ${days(retention)}`);
  });
  const traces = judged('tracing', answer, ({ found }) => {
    if (found === undefined) return failed('tracing', `function ${name} does not exist`, AGAIN);
    if (found.tracing !== tracing)
      return failed('tracing', `tracing of function ${name} is ${found.tracing} in place of ${tracing}`, AGAIN);
    return passed('tracing', `${name}: ${tracing}`);
  });
  return [...logs, ...traces];
}

function unknown(check: CheckFinding['check'], found: string): CheckFinding {
  return { check, verdict: 'unknown', found, advice: 'nobody knows whether it would pass: look at it in AWS' };
}

function days(count: number | null): string {
  return count === null ? 'events for ever' : counted(count, 'day');
}

function judgeAlias({ expected: { alias }, alias: answer, digest }: DeployedFacts): readonly CheckFinding[] {
  if (alias === null || answer === null) return [];
  const name = `alias ${alias.name} of ${alias.functionName}`;
  return judged('alias', answer, (found) => {
    if (found === undefined) return failed('alias', `${name} does not exist`, AGAIN);
    const { version, others, description } = found;
    if (others.length > 0)
      return failed('alias', `${name} serves version ${version} and ${others.join(', ')}: a traffic shift is not over`, '`fleet status` tells whether a rollout is under way; `fleet resume` ends it'); // prettier-ignore
    if (digest === null)
      return { check: 'alias', verdict: 'unknown', found: `the recorded release does not tell what ${name} should serve`, advice: '`fleet rollout --redeploy` deploys it with a release that tells' }; // prettier-ignore
    if (description !== `bundle ${digest}`)
      return failed('alias', `${name} serves version ${version}, made from ${description === '' ? 'unknown code' : description.slice(0, 19)} in place of bundle ${digest.slice(0, 12)}`, AGAIN); // prettier-ignore
    return passed('alias', `${name} serves version ${version} of bundle ${digest.slice(0, 12)}`);
  });
}

function judgeEventSource(
  { queueArn, functionName }: Expectations['eventSources'][number],
  { eventSources }: DeployedFacts,
): readonly CheckFinding[] {
  const queue = queueArn.split(':').at(-1) ?? queueArn;
  const answer = eventSources.get(queueArn) ?? { trouble: { code: 'fleet/internal', message: 'was not asked' } };
  return judged('event-source', answer, (sources) => {
    const own = sources.find((one) => one.functionName === functionName);
    if (own === undefined) return failed('event-source', `nothing feeds ${functionName} from queue ${queue}: its messages wait`, AGAIN);
    if (!own.enabled) return failed('event-source', `the event source of queue ${queue} is disabled: its messages wait`, 'enable it (lambda:UpdateEventSourceMapping), or `fleet repair`'); // prettier-ignore
    return passed('event-source', `queue ${queue} feeds ${functionName}`);
  });
}

function judgeRedrive({ expected: { redrive }, redrive: answer }: DeployedFacts): readonly CheckFinding[] {
  if (redrive === null || answer === null) return [];
  return judged('redrive', answer, (found) => {
    if (found === undefined) return failed('redrive', `order queue ${redrive.queueUrl} does not exist`, AGAIN);
    if (found === null) return failed('redrive', 'the order queue has no redrive policy: what fails comes back until it expires', AGAIN);
    if (found.deadLetterQueueArn !== redrive.deadLetterQueueArn)
      return failed('redrive', `the order queue hands what fails to ${found.deadLetterQueueArn} in place of ${redrive.deadLetterQueueArn}`, AGAIN); // prettier-ignore
    if (found.maxReceiveCount !== redrive.maxReceiveCount)
      return failed('redrive', `the order queue gives up after ${counted(found.maxReceiveCount, 'receive')} in place of ${redrive.maxReceiveCount}`, AGAIN); // prettier-ignore
    return passed('redrive', `after ${counted(found.maxReceiveCount, 'receive')} to ${found.deadLetterQueueArn.split(':').at(-1) ?? ''}`);
  });
}

function judgeDashboards({ expected, dashboards }: DeployedFacts): readonly CheckFinding[] {
  if (expected.dashboards.length === 0) return [];
  return judged('dashboards', dashboards, (found) => {
    const absent = expected.dashboards.filter((name) => !found.includes(name));
    return orPassed('dashboards', `${counted(found.length, 'dashboard')} there`, absent.map((name) => failed('dashboards', `dashboard ${name} does not exist`, AGAIN))); // prettier-ignore
  });
}

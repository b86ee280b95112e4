import { resourceRule, type AuditRule } from './audit-rule';
import type { AuditedResource, AuditFacts } from './audited-stack';
import { runtimeStanding } from './lambda-runtimes';
import { blockOf, shown, textOf, textsOf } from './resource-values';

const FUNCTION = ['aws:lambda/function:Function'];

/** Names that say that a value is to be kept from others. */
const secretName = /(^|_)(password|passwd|secret|token|api_?key|private_?key|access_?key|credentials?)(_|$)/i;

/** Values that are keys by their shape: of AWS, of GitHub, of Slack, or in PEM. */
const secretValue = /(AKIA|ASIA)[0-9A-Z]{16}|gh[opsu]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10}|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** A value that names where a secret is kept, and is none itself. */
const reference = /^(arn:|\/|ssm:|secretsmanager:|\[secret\]$)/;

/** Functions, and what starts them. */
export const functionRules: readonly AuditRule[] = [
  resourceRule({
    id: 'runtime-supported',
    severity: 'high',
    demands: 'functions run on a runtime that AWS supports',
    advice: 'release the functions for a newer runtime: AWS ends security fixes first, updates later',
    types: FUNCTION,
    check: ({ properties }, { now }) => {
      const runtime = textOf(properties, 'runtime');
      if (runtime === undefined) return null;
      const standing = runtimeStanding(runtime, now);
      if (standing.kind === 'ended') return [`runtime ${runtime} is deprecated since ${standing.on}`];
      return standing.kind === 'unknown' ? [`runtime ${runtime} is none that is known to be supported`] : [];
    },
  }),
  resourceRule({
    id: 'runtime-ending',
    severity: 'low',
    demands: 'the runtime of functions is supported for another half year',
    advice: 'plan the move to a newer runtime',
    types: FUNCTION,
    check: ({ properties }, { now }) => {
      const runtime = textOf(properties, 'runtime');
      const standing = runtime === undefined ? undefined : runtimeStanding(runtime, now);
      if (standing === undefined || standing.kind === 'ended' || standing.kind === 'unknown') return null;
      return standing.kind === 'ending' ? [`support of runtime ${String(runtime)} ends on ${standing.on}`] : [];
    },
  }),
  resourceRule({
    id: 'function-logs',
    severity: 'medium',
    demands: 'functions write JSON to their own log group, so that they can be searched and expire',
    advice: '`fleet repair` puts it back',
    types: FUNCTION,
    check: (resource, { expectations }) => {
      const { logFormat, logGroup } = blockOf(resource.properties, 'loggingConfig');
      const name = textOf(resource.properties, 'name');
      const expected = expectations?.functions.find((one) => one.name === name)?.logGroup;
      return [
        ...(logFormat === 'JSON' ? [] : [`logFormat is ${shown(logFormat)}`]),
        ...(logGroup === undefined || logGroup === '' || (expected !== undefined && logGroup !== expected)
          ? [`logGroup is ${shown(logGroup)}${expected === undefined ? '' : `; expected is ${expected}`}`]
          : []),
      ];
    },
  }),
  resourceRule({
    id: 'function-tracing',
    severity: 'low',
    demands: 'functions are traced as fleet.yaml says',
    advice: '`fleet repair`, or set `order.tracing`',
    types: FUNCTION,
    check: (resource, facts) => {
      const expected = expectedFunction(resource, facts)?.tracing;
      if (expected === undefined) return null;
      const mode = blockOf(resource.properties, 'tracingConfig').mode ?? 'PassThrough';
      return mode === expected ? [] : [`tracing mode is ${shown(mode)}; configured is ${expected}`];
    },
  }),
  resourceRule({
    id: 'function-secrets',
    severity: 'critical',
    demands: 'no secret stands in the environment of a function: whoever may see the function may read it',
    advice: 'change the secret, keep the new one in Secrets Manager, and give the function its ARN',
    types: FUNCTION,
    check: ({ properties }) =>
      Object.entries(blockOf(blockOf(properties, 'environment'), 'variables')).flatMap(([key, value]) => {
        if (typeof value !== 'string' || value === '') return [];
        if (secretValue.test(value)) return [`variable ${key} holds a key`];
        return secretName.test(key) && !reference.test(value) ? [`variable ${key} looks like a secret`] : [];
      }),
  }),
  resourceRule({
    id: 'function-url',
    severity: 'critical',
    demands: 'no function can be called from the internet without signing',
    advice: 'delete the function URL, or set AWS_IAM',
    types: ['aws:lambda/functionUrl:FunctionUrl'],
    check: ({ properties }) =>
      textOf(properties, 'authorizationType') === 'AWS_IAM' ? [] : [`authorizationType is ${shown(properties.authorizationType)}`],
  }),
  resourceRule({
    id: 'event-source-enabled',
    severity: 'critical',
    demands: 'queues are read: their event sources are enabled',
    advice: 'enable it: `aws lambda update-event-source-mapping --enabled`; until then orders wait, and expire after four days',
    types: ['aws:lambda/eventSourceMapping:EventSourceMapping'],
    check: ({ properties }) => (properties.enabled === false ? ['enabled is false: nothing is read from its queue'] : []),
  }),
  resourceRule({
    id: 'event-source-partial',
    severity: 'high',
    demands: 'a batch fails order by order: one poison message takes no others with it',
    advice: '`fleet repair` puts it back',
    types: ['aws:lambda/eventSourceMapping:EventSourceMapping'],
    check: ({ properties }) => {
      if (!/^arn:aws[a-z-]*:sqs:/.test(textOf(properties, 'eventSourceArn') ?? '')) return null;
      const types = textsOf(properties, 'functionResponseTypes');
      return types.includes('ReportBatchItemFailures') ? [] : [`functionResponseTypes is ${shown(types)}`];
    },
  }),
  resourceRule({
    id: 'schedule-enabled',
    severity: 'high',
    demands: 'the heartbeat beats: a target that falls silent is noticed by it',
    advice: '`fleet repair` puts it back',
    types: ['aws:scheduler/schedule:Schedule'],
    check: ({ properties }) => (properties.state === 'DISABLED' ? ['state is "DISABLED"'] : []),
  }),
];

function expectedFunction({ properties }: AuditedResource, { expectations }: AuditFacts) {
  return expectations?.functions.find(({ name }) => name === textOf(properties, 'name'));
}

import { FLEET_TAG } from '../../../contracts/tags';
import { deployPermissions } from '../../../organization/deploy-permissions';
import type { ConditionContext } from '../../../sandbox/types/common/policy-condition';
import type { RecordedResource } from '../../../sandbox/recording-monitor';

/** One call that the provider makes for a resource of a layer, with what AWS knows of it. */
export interface DeployRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

/** Where a resource stands, and in which fleet. */
export interface RequestPlace {
  readonly fleet: string;
  readonly account: string;
  readonly region: string;
}

type Inputs = Readonly<Record<string, unknown>>;
type Asked = readonly (readonly [resource: string, context: ConditionContext])[];

interface Made extends RequestPlace {
  readonly inputs: Inputs;
  readonly action: string;
}

const KEY = 'key/11111111-2222-3333-4444-555555555555';
const LINK = 'link/11111111-2222-3333-4444-555555555555';
const SINK = 'sink/11111111-2222-3333-4444-555555555555';

const arn = (service: string, rest: string, { account, region }: RequestPlace) => `arn:aws:${service}:${region}:${account}:${rest}`;
const textOf = (inputs: Inputs, ...keys: readonly string[]): string => {
  const found = keys.map((key) => inputs[key]).find((value) => typeof value === 'string' && value !== '');
  if (typeof found !== 'string') throw new Error(`none of ${keys.join(', ')} is text in ${JSON.stringify(inputs)}`);
  return found;
};
const on = (...resources: readonly string[]): Asked => resources.map((resource) => [resource, {}]);
/** Name at the end of an ARN or address: the small AWS of the tests makes them without account or path. */
const lastOf = (text: string) => text.split(/[:/]/).at(-1) ?? '';

/** Tags of a resource as the calls carry them, beside the default ones that every resource has. */
function tags({ inputs }: Made): Readonly<Record<string, string>> {
  return { ManagedBy: 'Pulumi', Team: 'commerce', ...(inputs.tags as Readonly<Record<string, string>> | undefined) };
}

function requestTags(made: Made): ConditionContext {
  const all = tags(made);
  return { ...Object.fromEntries(Object.entries(all).map(([key, value]) => [`aws:RequestTag/${key}`, value])), 'aws:TagKeys': Object.keys(all) }; // prettier-ignore
}

function resourceTags(made: Made): ConditionContext {
  return Object.fromEntries(Object.entries(tags(made)).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}

const roleArn = ({ fleet, account }: RequestPlace, name: string) => `arn:aws:iam::${account}:role/${fleet}/${name}`;

function onRole(made: Made, name: string): Asked {
  const boundary = { 'iam:PermissionsBoundary': `arn:aws:iam::${made.account}:policy/fleet/workload-boundary` };
  return [[roleArn(made, name), boundary]];
}

function passed(made: Made, role: unknown, service: string): Asked {
  return [[roleArn(made, lastOf(String(role))), { 'iam:PassedToService': service }]];
}

/** The life of a key as AWS sees it: made, without its alias yet, standing, one that stood before there was the tag, and without it again. */
function onKey(made: Made, alias: string): Asked {
  const key = arn('kms', KEY, made);
  const carried = resourceTags(made);
  const aliases = { 'kms:ResourceAliases': [alias] };
  const old = { 'aws:ResourceTag/ManagedBy': 'Pulumi', ...aliases };
  switch (made.action) {
    case 'kms:CreateKey':
      return [['*', requestTags(made)]];
    case 'kms:TagResource':
      return [
        // While a key is made there is no ARN of it: AWS asks for all keys of the account and region.
        ['*', requestTags(made)],
        [arn('kms', 'key/*', made), requestTags(made)],
        [key, { ...carried, ...aliases, 'aws:RequestTag/Team': 'x', 'aws:TagKeys': ['Team'] }],
        [key, { ...old, [`aws:RequestTag/${FLEET_TAG}`]: made.fleet, 'aws:TagKeys': [FLEET_TAG] }],
      ];
    // Before tag and alias count (a tag may take minutes), and ever after.
    case 'kms:EnableKeyRotation':
    case 'kms:DescribeKey':
    case 'kms:GetKeyPolicy':
    case 'kms:GetKeyRotationStatus':
    case 'kms:ListResourceTags':
      return [[key, {}], [key, carried], [key, { ...carried, ...aliases }], [key, old]]; // prettier-ignore
    case 'kms:CreateGrant':
      return [carried, { ...carried, ...aliases }, old].map((has) => [key, { ...has, 'kms:GrantIsForAWSResource': 'true' }]);
    case 'kms:PutKeyPolicy':
      return [[key, { ...carried, ...aliases }], [key, old]]; // prettier-ignore
    default:
      return [[key, carried], [key, { ...carried, ...aliases }], [key, old]]; // prettier-ignore
  }
}

function onOam(made: Made, own: string, other: string | null): Asked {
  switch (made.action) {
    case 'oam:CreateSink':
      return [['*', requestTags(made)]];
    case 'oam:CreateLink':
    case 'oam:UpdateLink':
      return [
        [arn('oam', made.action === 'oam:CreateLink' ? 'link/*' : own, made), { ...requestTags(made), 'oam:ResourceTypes': made.inputs.resourceTypes as readonly string[] }],
        [other ?? '', { ...requestTags(made), 'oam:ResourceTypes': made.inputs.resourceTypes as readonly string[] }],
      ]; // prettier-ignore
    case 'oam:TagResource':
      return [
        [arn('oam', own.replace(/\/.*/, '/*'), made), requestTags(made)],
        // Were it the ARN of what is being made that AWS asks for: it has no tags yet.
        [arn('oam', own, made), requestTags(made)],
        [arn('oam', own, made), { ...resourceTags(made), 'aws:RequestTag/Team': 'x', 'aws:TagKeys': ['Team'] }],
      ];
    default:
      return made.action.startsWith('oam:') ? [[arn('oam', own, made), resourceTags(made)]] : on('*');
  }
}

const ACTIONS: Readonly<Record<string, (made: Made) => Asked>> = {
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': onAlarm,
  'aws:cloudwatch/metricAlarm:MetricAlarm': onAlarm,
  'aws:cloudwatch/dashboard:Dashboard': ({ inputs, account }) =>
    on(`arn:aws:cloudwatch::${account}:dashboard/${textOf(inputs, 'dashboardName')}`),
  'aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy': onLogGroup,
  'aws:cloudwatch/logGroup:LogGroup': onLogGroup,
  'aws:dynamodb/table:Table': (made) => on(arn('dynamodb', `table/${textOf(made.inputs, 'name')}`, made)),
  'aws:iam/role:Role': (made) => onRole(made, textOf(made.inputs, 'name')),
  'aws:iam/rolePolicy:RolePolicy': (made) => onRole(made, lastOf(textOf(made.inputs, 'role'))),
  'aws:kms/alias:Alias': (made) => {
    const name = textOf(made.inputs, 'name');
    if (made.action === 'kms:ListAliases') return on('*');
    // The key is tagged by the resource that makes it.
    const key = { ...made, inputs: { tags: { [FLEET_TAG]: made.fleet } } };
    return [...on(arn('kms', name, made)), ...onKey(key, name)];
  },
  'aws:kms/key:Key': (made) =>
    onKey(made, `alias/${made.fleet}-${textOf(made.inputs, 'description').includes('alert') ? 'alerts' : 'data'}`),
  'aws:lambda/alias:Alias': (made) => {
    const whole = arn('lambda', `function:${lastOf(textOf(made.inputs, 'functionName'))}`, made);
    return on(whole, `${whole}:${textOf(made.inputs, 'name')}`);
  },
  'aws:lambda/eventSourceMapping:EventSourceMapping': (made) => {
    const named = lastOf(textOf(made.inputs, 'functionName').replace(/:live$/, ''));
    const isOpen = made.action === 'lambda:CreateEventSourceMapping';
    const mapping = isOpen ? '*' : arn('lambda', 'event-source-mapping:11111111-2222-3333-4444-555555555555', made);
    const whole = arn('lambda', `function:${named}`, made);
    return [whole, `${whole}:live`].map((functionArn) => [mapping, { 'lambda:FunctionArn': functionArn }]);
  },
  'aws:lambda/function:Function': (made) =>
    made.action === 'iam:PassRole'
      ? passed(made, made.inputs.role, 'lambda.amazonaws.com')
      : on(
          arn('lambda', `function:${textOf(made.inputs, 'name')}`, made),
          arn('lambda', `function:${textOf(made.inputs, 'name')}:7`, made),
        ),
  'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig': (made) =>
    on(arn('lambda', `function:${lastOf(textOf(made.inputs, 'functionName'))}:live`, made)),
  'aws:oam/link:Link': (made) => onOam(made, LINK, textOf(made.inputs, 'sinkIdentifier')),
  'aws:oam/sink:Sink': (made) => onOam(made, SINK, null),
  'aws:oam/sinkPolicy:SinkPolicy': (made) => onOam({ ...made, inputs: { tags: { [FLEET_TAG]: made.fleet } } }, SINK, null),
  'aws:s3/bucket:Bucket': onBucket,
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': onBucket,
  'aws:s3/bucketPolicy:BucketPolicy': onBucket,
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': onBucket,
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': onBucket,
  'aws:scheduler/schedule:Schedule': (made) =>
    made.action === 'iam:PassRole'
      ? passed(made, (made.inputs.target as Inputs).roleArn, 'scheduler.amazonaws.com')
      : on(arn('scheduler', `schedule/default/${textOf(made.inputs, 'name')}`, made)),
  'aws:sns/topic:Topic': (made) => on(arn('sns', textOf(made.inputs, 'name'), made)),
  'aws:sns/topicPolicy:TopicPolicy': (made) => on(arn('sns', lastOf(textOf(made.inputs, 'arn')), made)),
  'aws:sns/topicSubscription:TopicSubscription': (made) => {
    if (/(Get|Set)SubscriptionAttributes|Unsubscribe/.test(made.action)) return on('*');
    const endpoint = { 'sns:Protocol': textOf(made.inputs, 'protocol'), 'sns:Endpoint': 'https://alerts.example.com' };
    return [[arn('sns', lastOf(textOf(made.inputs, 'topic')), made), endpoint]];
  },
  'aws:sqs/queue:Queue': (made) => on(arn('sqs', textOf(made.inputs, 'name'), made)),
  'aws:sqs/redriveAllowPolicy:RedriveAllowPolicy': (made) => on(arn('sqs', lastOf(textOf(made.inputs, 'queueUrl')), made)),
};

function onAlarm(made: Made): Asked {
  const { inputs, action } = made;
  const actions = [...((inputs.alarmActions ?? []) as readonly string[]), ...((inputs.okActions ?? []) as readonly string[])];
  const context = actions.length > 0 && action.includes('Put') ? { 'cloudwatch:AlarmActions': actions } : {};
  const isOpen = /DescribeAlarms|PutCompositeAlarm/.test(action);
  return [[isOpen ? '*' : arn('cloudwatch', `alarm:${textOf(inputs, 'name', 'alarmName')}`, made), context]];
}

function onLogGroup(made: Made): Asked {
  if (made.action === 'logs:DescribeLogGroups') return on(arn('logs', 'log-group:*', made));
  const group = arn('logs', `log-group:${textOf(made.inputs, 'logGroupName', 'name')}`, made);
  return on(group, `${group}:*`);
}

function onBucket({ inputs, account, fleet, region }: Made): Asked {
  // Settings name the bucket by its id, which is the name on AWS.
  const given = textOf(inputs, 'bucket');
  return on(`arn:aws:s3:::${given.endsWith('-id') ? `${fleet}-archive-${account}-${region}-an` : given}`);
}

/** Every call that AWS's provider may make for a resource that a layer's program registered, by the table of permissions. Throws for a type that is not known here. */
export function requestsOf(resource: RecordedResource, place: RequestPlace): readonly DeployRequest[] {
  const ask = ACTIONS[resource.type];
  const grants = deployPermissions[resource.type];
  if (ask === undefined || grants === undefined) throw new Error(`what is asked for ${resource.type} is not known here`);
  const actions = [...new Set(grants.flatMap((grant) => grant.actions))];
  return actions.flatMap((action) =>
    ask({ ...place, inputs: resource.inputs, action }).map(([named, context]) => ({
      action,
      resource: named,
      context: { 'aws:RequestedRegion': action.startsWith('iam:') ? 'us-east-1' : place.region, ...context },
    })),
  );
}

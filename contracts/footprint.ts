/** Kinds of AWS resources whose names a layer chooses itself. */
export const nameKinds = ['function', 'queue', 'table', 'bucket', 'log group', 'dashboard', 'alarm', 'topic', 'role'] as const;

/** Kind of a resource whose name a layer chooses itself. */
export type NameKind = (typeof nameKinds)[number];

/** A name that a target takes in its account and region. */
export interface OwnName {
  readonly kind: NameKind;
  readonly name: string;
}

/** What a target takes of its account, as far as that is known before it is deployed. */
export interface Footprint {
  readonly names: readonly OwnName[];
  /** Null: the layer has no function that takes executions. */
  readonly concurrency: { readonly functionName: string; readonly reserved: number | null; readonly eventSourceMaximum: number } | null;
}

/** Alert topics and keys that others use of a deployed target, by ARN. */
export interface SharedParts {
  readonly topics: readonly string[];
  readonly keys: readonly string[];
}

const typesOf: Readonly<Record<NameKind, readonly string[]>> = {
  function: ['aws:lambda/function:Function'],
  queue: ['aws:sqs/queue:Queue'],
  table: ['aws:dynamodb/table:Table'],
  bucket: ['aws:s3/bucket:Bucket'],
  'log group': ['aws:cloudwatch/logGroup:LogGroup'],
  dashboard: ['aws:cloudwatch/dashboard:Dashboard'],
  alarm: ['aws:cloudwatch/metricAlarm:MetricAlarm', 'aws:cloudwatch/compositeAlarm:CompositeAlarm'],
  topic: ['aws:sns/topic:Topic'],
  role: ['aws:iam/role:Role'],
};

/** Pulumi types of the resources of a kind. */
export function typesOfKind(kind: NameKind): readonly string[] {
  return typesOf[kind];
}

/** The name that a deployed resource has; undefined for a type that is of no kind here, or whose outputs do not tell. */
export function nameOfResource({ type, outputs }: { readonly type: string; readonly outputs: Readonly<Record<string, unknown>> }) {
  const kind = nameKinds.find((one) => typesOf[one].includes(type));
  const name = outputs[kind === 'bucket' ? 'bucket' : kind === 'dashboard' ? 'dashboardName' : type.endsWith(':CompositeAlarm') ? 'alarmName' : 'name']; // prettier-ignore
  return kind !== undefined && typeof name === 'string' ? { kind, name } : undefined;
}

/** JSON with `{ ref: 'name.output' }`, `{ secret: value }` and `{ stack: 'organization/layer/stack#output' }` in it. */
export type GraphValue = null | boolean | number | string | readonly GraphValue[] | { readonly [key: string]: GraphValue };

/** One resource to make. */
export interface GraphResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, GraphValue>>;
  /** Component it stands under, and the component's former name. */
  readonly group?: { readonly name: string; readonly was?: string };
  readonly defaultProvider?: boolean;
  readonly options?: {
    readonly dependsOn?: readonly string[];
    readonly parent?: string;
    readonly aliases?: readonly string[];
    readonly protect?: boolean;
    readonly retainOnDelete?: boolean;
    readonly ignoreChanges?: string[];
    readonly replaceOnChanges?: string[];
    readonly deleteBeforeReplace?: boolean;
    readonly additionalSecretOutputs?: string[];
    readonly customTimeouts?: { readonly create: string };
    readonly import?: string;
  };
}

/** A program as data: the settings that graph-program.ts makes resources of. */
export interface Graph {
  readonly resources: readonly GraphResource[];
  readonly outputs?: Readonly<Record<string, GraphValue>>;
  readonly defaultTags?: Readonly<Record<string, string>>;
  /** Account whose role is assumed; absent: the target's own. */
  readonly roleAccount?: string;
  /** Region of the provider; absent: the target's own. */
  readonly region?: string;
}

/** Types that graphs are made of. */
export const LOG_GROUP = 'aws:cloudwatch/logGroup:LogGroup';
export const QUEUE = 'aws:sqs/queue:Queue';
export const TOPIC = 'aws:sns/topic:Topic';
export const SUBSCRIPTION = 'aws:sns/topicSubscription:TopicSubscription';
export const KEY = 'aws:kms/key:Key';
export const ROLE = 'aws:iam/role:Role';
export const FUNCTION = 'aws:lambda/function:Function';

/** A log group named like its resource; names taken are refused, and `logGroupClass` replaces it under the same name. */
export function logGroup(name: string, inputs: GraphResource['inputs'] = {}, options: GraphResource['options'] = {}): GraphResource {
  return { type: LOG_GROUP, name, inputs: { name, ...inputs }, options };
}

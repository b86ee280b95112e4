import { accountIdSchema, regionSchema, type AccountId, type Region } from '../../contracts/ids';
import { RUN_INPUTS_KEY, TARGET_CONFIG_KEY, type TargetConfig } from '../../contracts/target-config';
import { stackName, stackReferenceName, targetAt, targetSchema, type Target, type TargetId } from '../../contracts/target';
import { SIGNATURE, renderProgram, type RecordedResource, type Rendering, type ResourceRequest } from '../../sandbox/recording-monitor';

/** Accounts and regions of the tests. */
export const shared = accountIdSchema.parse('111111111111');
export const monitoring = accountIdSchema.parse('222222222222');
export const workload = accountIdSchema.parse('333333333333');
export const ireland = regionSchema.parse('eu-west-1');
export const virginia = regionSchema.parse('us-east-1');

export const tags = { Application: 'orders', Team: 'commerce', CostCenter: 'cc-100', Environment: 'prod' };
export const createdAt = '2026-01-02T03:04:05.000Z';

/** What differs from one rendered layer to the next. */
export interface LayerOptions {
  readonly layer: string;
  readonly account: AccountId;
  readonly region?: Region;
  readonly part?: number;
  readonly settings: unknown;
  readonly upstream?: readonly { readonly target: TargetId; readonly accountName: string }[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly run?: Readonly<Record<string, unknown>>;
  /** Outputs of stacks by target id. */
  readonly stacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Outputs to use for a type instead of the ordinary ones, by resource name. */
  readonly outputs?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly stack?: string;
}

/** The target configuration of {@link LayerOptions}. */
export function configOf(options: LayerOptions): TargetConfig {
  const target = targetOf(options);
  return {
    version: 1,
    fleet: 'orders',
    target: target.id,
    account: { id: target.account, name: 'an account', unit: 'Workloads/Prod' },
    region: target.region,
    part: target.part,
    homeRegion: ireland,
    organizationId: 'o-abcdefghij',
    accounts: { shared, monitoring },
    deployRole: 'fleet/deploy',
    tags,
    upstream: options.upstream ?? [],
    settings: options.settings,
    ...options.config,
  };
}

/** Runs a layer's program as the fleet does, against a small AWS that gives every resource an ARN. */
export async function renderLayer(program: () => Promise<unknown>, options: LayerOptions): Promise<Rendering> {
  const target = targetOf(options);
  const stacks = new Map(
    Object.entries(options.stacks ?? {}).map(([id, outputs]) => [stackReferenceName(targetSchema.parse(id)), outputs]),
  );
  return renderProgram(program, {
    project: options.layer,
    stack: options.stack ?? stackName(target),
    config: {
      [TARGET_CONFIG_KEY]: JSON.stringify(configOf(options)),
      [RUN_INPUTS_KEY]: JSON.stringify({ createdAt, ...options.run }),
    },
    answers: {
      register: (request) => ({
        id: idOf(request, target),
        outputs: { ...outputsOf(request, target), ...options.outputs?.[request.name] },
      }),
      stackOutputs: (reference) => stacks.get(reference),
    },
  });
}

function targetOf(options: LayerOptions): Target {
  return targetAt({ layer: options.layer, account: options.account, region: options.region ?? ireland, part: options.part ?? 1 });
}

function idOf(request: ResourceRequest, target: Target): string {
  return request.type === 'aws:sqs/queue:Queue'
    ? `https://sqs.${target.region}.amazonaws.com/${target.account}/${text(request.inputs.name)}`
    : `${request.name}-id`;
}

/** What stands before the name in the ARNs whose form AWS checks elsewhere. */
const ARN_PREFIX: Readonly<Record<string, (inputs: ResourceRequest['inputs']) => string>> = {
  'aws:lambda/function:Function': () => 'function:',
  'aws:lambda/alias:Alias': (inputs) => `function:${text(inputs.functionName)}:`,
  'aws:oam/sink:Sink': () => 'sink/',
  'aws:iam/role:Role': () => 'role/',
};

function outputsOf(request: ResourceRequest, target: Target): Readonly<Record<string, unknown>> {
  const service = request.type.split(/[:/]/)[1] ?? '';
  const name = text(request.inputs.name ?? request.inputs.bucket ?? request.name);
  return {
    ...request.inputs,
    arn: `arn:aws:${service}:${target.region}:${target.account}:${ARN_PREFIX[request.type]?.(request.inputs) ?? ''}${name}`,
    ...(request.type === 'aws:kms/key:Key' ? { keyId: 'a-key-id' } : {}),
    ...(request.type === 'aws:lambda/function:Function' ? { version: request.inputs.publish === true ? '8' : '$LATEST' } : {}),
  };
}

/** A value that must be text. */
export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`expected text, got ${JSON.stringify(value)}`);
  return value;
}

/** The resources of AWS, without providers, components and the stack. */
export function awsResources(rendering: Rendering): readonly RecordedResource[] {
  return rendering.resources.filter(({ type }) => type.startsWith('aws:'));
}

/** The one resource of a name and type; fails when there is none. */
export function find(rendering: Rendering, type: string, name?: string): RecordedResource {
  const found = rendering.resources.filter(
    (resource) => resource.type.endsWith(`:${type}`) && (name === undefined || resource.name === name),
  );
  const [resource] = found;
  if (!resource || found.length > 1) throw new Error(`${found.length} resources are ${type} ${name ?? ''}`);
  return resource;
}

/** Account of the provider that a resource is made through. */
export function accountOf(rendering: Rendering, resource: RecordedResource): string {
  const provider = rendering.resources.find(({ urn }) => resource.provider?.startsWith(`${urn}::`));
  return (JSON.parse(text(provider?.inputs.allowedAccountIds)) as readonly string[])[0] ?? '';
}

/** Plain JSON of a value with secrets replaced by a mark. */
export function withoutSecrets(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && SIGNATURE in item && 'value' in item ? '[secret]' : item,
  );
}

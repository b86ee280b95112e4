import { createHash } from 'node:crypto';

import { stackName, stackReferenceName, targetSchema } from '../../contracts/target';
import { openSandbox, type OpenSandbox } from '../../fleet/engine/sandbox/open-sandbox-engine';
import { StackPlanner } from '../../fleet/engine/sandbox/plan-stack';
import type { RenderStack } from '../../fleet/engine/sandbox/render-stack';
import type { Clock, EngineJob } from '../../fleet/ports';
import type { MemoryLogs } from '../../sandbox/memory-logs';
import type { Organization } from '../../sandbox/organization';
import type { SandboxProvider } from '../../sandbox/provider';
import type { ResourceRequest } from '../../sandbox/recording-monitor';

type Properties = Readonly<Record<string, unknown>>;

/** One resource of a graph; named like its type's inputs want it. */
export interface GraphResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** Names of resources added before. */
  readonly dependsOn?: readonly string[];
}

/** What a program of a graph works with. */
export interface GraphStack {
  /** Adds a resource; returns its outputs. */
  add(resource: GraphResource): Properties;
  /** Outputs of the stack of a target's id; undefined where it has none. */
  outputsOf(target: string): Properties | undefined;
}

/** A layer's program without Pulumi: adds resources, returns the stack's outputs. */
export type GraphProgram = (job: EngineJob, stack: GraphStack) => Properties;

/** What a simulated organisation in memory is opened with. */
export interface GraphEngineOptions {
  /** Kept by the caller: the same one again is the same organisation after its controller died. */
  readonly memory: MemoryLogs;
  readonly organization: Organization;
  readonly clock: Clock;
  /** Folder of the fault counts, the only thing on disk; made when a counted fault strikes first. */
  readonly directory: string;
  /** Fingerprints promoted so far. */
  readonly promoted?: readonly string[];
  /** @default {@link orderGraph} */
  readonly graphOf?: GraphProgram;
}

/**
 * The sandbox engine, provider, world and faults as they are, in memory and over a graph in place of Pulumi programs. Whoever opened the
 * memory before can write nothing more.
 */
export function openGraphEngine({ memory, graphOf = orderGraph, promoted = [], ...options }: GraphEngineOptions): OpenSandbox {
  return openSandbox({ ...options, promoted, openLog: memory.takeOver(), render: (provider) => graphRenderer(provider, graphOf) });
}

/** What the default graph reads of a target's settings. */
export interface OrderGraphSettings {
  /** Seconds; a change updates the queue. */
  readonly visibility?: number;
  /** A change replaces the table. */
  readonly hashKey?: string;
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** A queue, a role and a table. Settings, release and what upstream exports change inputs; settings change the outputs as well. */
export const orderGraph: GraphProgram = (job, stack) => {
  const { fleet, region, settings, upstream } = job.config;
  const { visibility = 30, hashKey = 'id' } = (settings ?? {}) as OrderGraphSettings;
  const read = digestOf(upstream.map(({ target }) => stack.outputsOf(target) ?? null));
  const prefix = `${fleet}-${job.target.layer}`;
  const queue = stack.add({
    type: 'aws:sqs/queue:Queue',
    name: 'orders',
    inputs: { name: `${prefix}-orders`, visibilityTimeoutSeconds: visibility, tags: { upstream: read } },
  });
  const role = stack.add({
    type: 'aws:iam/role:Role',
    name: 'role',
    inputs: { name: `${prefix}-${region}-${job.target.part}`, assumeRolePolicy: TRUST, tags: { release: job.release.digest.slice(0, 12) } },
  });
  stack.add({
    type: 'aws:dynamodb/table:Table',
    name: 'table',
    inputs: { name: `${prefix}-table`, billingMode: 'PAY_PER_REQUEST', hashKey, attributes: [{ name: hashKey, type: 'S' }] },
    dependsOn: ['role'],
  });
  return { queue: queue.arn, role: role.arn, settings: digestOf(settings ?? null) };
};

/** Plans stacks by calling a program of a graph. */
export function graphRenderer(provider: SandboxProvider, graphOf: GraphProgram): RenderStack {
  return async ({ job, prior, stackOutputs }) => {
    const planner = new StackPlanner({ target: job.target.id, provider, prior, hashAssets: (value) => value, stackOutputs });
    const urnOf = (type: string, name: string) => `urn:pulumi:${stackName(job.target)}::${job.target.layer}::${type}::${name}`;
    const awsProvider = { ...plain, type: 'pulumi:providers:aws', name: 'target', urn: urnOf('pulumi:providers:aws', 'target') };
    const { id } = planner.register({ ...awsProvider, inputs: providerInputs(job) });
    const urns = new Map<string, string>();
    const outputs = graphOf(job, {
      add: ({ dependsOn = [], ...resource }) => {
        const urn = urnOf(resource.type, resource.name);
        urns.set(resource.name, urn);
        const dependencies = dependsOn.flatMap((name) => urns.get(name) ?? []);
        return planner.register({ ...plain, ...resource, urn, provider: `${awsProvider.urn}::${id}`, dependencies }).outputs;
      },
      outputsOf: (target) => stackOutputs(stackReferenceName(targetSchema.parse(target))),
    });
    return { steps: planner.steps, outputs };
  };
}

const plain: Omit<ResourceRequest, 'urn' | 'type' | 'name' | 'inputs'> = {
  custom: true,
  parent: null,
  provider: null,
  protect: false,
  dependencies: [],
  ignoreChanges: [],
  replaceOnChanges: [],
  additionalSecretOutputs: [],
  deleteBeforeReplace: false,
  retainOnDelete: false,
  aliases: [],
  unsupported: [],
};

function providerInputs({ config, target }: EngineJob): Properties {
  return {
    region: target.region,
    assumeRoles: JSON.stringify([{ roleArn: `arn:aws:iam::${target.account}:role/${config.deployRole}` }]),
    allowedAccountIds: JSON.stringify([target.account]),
    defaultTags: JSON.stringify({ tags: config.tags }),
  };
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

import * as pulumi from '@pulumi/pulumi';
import { Provider } from '@pulumi/aws/provider';

import type { Graph, GraphResource, GraphValue } from './graph';

/** Outputs that graphs refer to; a resource resolves those its type has. */
const OUTPUTS = ['arn', 'name', 'url', 'keyId', 'tags', 'version'];

class GraphNode extends pulumi.CustomResource {
  constructor(resource: GraphResource, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super(resource.type, resource.name, { ...Object.fromEntries(OUTPUTS.map((key) => [key, undefined])), ...inputs }, options);
  }

  output(key: string): unknown {
    return (this as unknown as Readonly<Record<string, unknown>>)[key];
  }
}

class Group extends pulumi.ComponentResource {}

/** Makes the resources that the target's settings describe: the whole program is data. */
export async function graphProgram(): Promise<unknown> {
  const config = new pulumi.Config('fleet').requireObject<{
    readonly account: { readonly id: string };
    readonly region: string;
    readonly settings: Graph;
  }>('target');
  const graph = config.settings;
  const account = graph.roleAccount ?? config.account.id;
  const provider = new Provider('target', {
    region: graph.region ?? config.region,
    assumeRoles: [{ roleArn: `arn:aws:iam::${account}:role/fleet/deploy` }],
    allowedAccountIds: [config.account.id],
    defaultTags: { tags: graph.defaultTags ?? {} },
  });
  const made = new Map<string, GraphNode>();
  const value = (from: GraphValue): unknown => {
    if (Array.isArray(from)) return from.map(value);
    if (typeof from !== 'object' || from === null) return from;
    const entry = from as Readonly<Record<string, GraphValue>>;
    if (typeof entry.ref === 'string') {
      const [name, key] = entry.ref.split('.');
      return made.get(name ?? '')?.output(key ?? '');
    }
    if ('secret' in entry) return pulumi.secret(value(entry.secret ?? null));
    if (typeof entry.stack === 'string') {
      const [stack, output] = entry.stack.split('#');
      return new pulumi.StackReference(stack ?? '').getOutput(output ?? '');
    }
    return Object.fromEntries(Object.entries(entry).map(([key, item]) => [key, value(item)]));
  };
  const groups = new Map<string, Group>();
  const groupOf = (resource: GraphResource): Group | undefined => {
    if (resource.group === undefined) return undefined;
    const { name, was } = resource.group;
    const known = groups.get(name) ?? new Group('test:graph:Group', name, {}, was === undefined ? {} : { aliases: [{ name: was }] });
    groups.set(name, known);
    return known;
  };
  for (const resource of graph.resources) {
    const { dependsOn = [], parent, aliases, ...options } = resource.options ?? {};
    const above = parent === undefined ? groupOf(resource) : made.get(parent);
    const node = new GraphNode(resource, value(resource.inputs) as pulumi.Inputs, {
      ...options,
      ...(resource.defaultProvider ? {} : { provider }),
      ...(above && { parent: above }),
      ...(aliases && { aliases: aliases.map((name) => ({ name })) }),
      dependsOn: dependsOn.flatMap((name) => made.get(name) ?? []),
    });
    made.set(resource.name, node);
  }
  return value(graph.outputs ?? {});
}

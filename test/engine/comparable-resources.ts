import type { DeployedResource } from '../../fleet/ports';

/**
 * Resources by URN, without what differs for a reason: times of creation, the id and the version of providers, where assets lie on disk and how
 * Pulumi hashes them, outputs of components (the simulation keeps none), and what the simulation notes for itself.
 */
export function comparable(resources: readonly DeployedResource[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    resources.map((resource) => {
      const { urn, type, name, parent, protect, provider } = resource;
      const isProvider = type.startsWith('pulumi:providers:');
      const told = { type, name, parent, protect, provider };
      if (!type.startsWith('aws:')) return [urn, isProvider ? { ...told, inputs: plain(resource.inputs) } : told];
      return [urn, { ...told, id: resource.id, inputs: plain(resource.inputs), outputs: plain(resource.outputs) }];
    }),
  );
}

const OWN = ['CreatedAt', '__versions'];

function plain(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value === 'string') return value.replace(/"CreatedAt":"[^"]*"/g, '"CreatedAt":""');
  if (typeof value !== 'object' || value === null) return value;
  if (key === 'code') return '(an archive)';
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, item]) => !OWN.includes(name) && !(name === 'version' && item === '7.48.0'))
      .map(([name, item]) => [name, plain(item, name)]),
  );
}

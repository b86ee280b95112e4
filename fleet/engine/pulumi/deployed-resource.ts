import { SECRET, SIGNATURE } from '../../../sandbox/recording-monitor';
import { nameOfUrn, urnOfProvider } from '../../../sandbox/urn';
import type { DeployedResource, Inspection } from '../../ports';
import { MASK } from '../../../sandbox/secrets';

import type { CheckpointResource, Deployment } from './stack-files';

/** What the fleet shows of a checkpoint: what the SDK and the bridge keep for themselves is left out, secrets are masked. */
export function deployedResources(deployment: Deployment): readonly DeployedResource[] {
  return deployment.resources.filter((resource) => !resource.delete && !isOfTheEngine(resource)).map(deployedResource);
}

/** Outputs of the stack; null where its program has not come to its end yet. */
export function stackOutputs(deployment: Deployment | null | undefined): Inspection['outputs'] {
  const stack = deployment?.resources.find(({ type }) => type === 'pulumi:pulumi:Stack');
  const outputs = stack?.outputs ?? {};
  return Object.keys(outputs).length === 0 ? null : maskCiphers(outputs);
}

function deployedResource({ urn, type, id, parent, provider, protect, inputs, outputs }: CheckpointResource): DeployedResource {
  return {
    ...{ urn, type, id, protect },
    name: nameOfUrn(urn),
    parent: parent ?? null,
    provider: provider === undefined || provider === '' ? null : urnOfProvider(provider),
    inputs: maskCiphers(withoutInternals(inputs)),
    outputs: maskCiphers(withoutInternals(outputs)),
  };
}

/** References to other stacks and the provider that reads them are no part of what is deployed. */
function isOfTheEngine({ type }: CheckpointResource): boolean {
  return type === 'pulumi:pulumi:StackReference' || type === 'pulumi:providers:pulumi';
}

/** Properties without what the SDK and the bridge keep for themselves. */
export function withoutInternals(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith('__')));
}

function maskCiphers(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, maskCipher(value)]));
}

function maskCipher(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskCipher);
  if (typeof value !== 'object' || value === null) return value;
  if ((value as Record<string, unknown>)[SIGNATURE] === SECRET) return MASK;
  return maskCiphers(value as Record<string, unknown>);
}

import type { AuditedResource, AuditedStack } from '../../../contracts/audit/audited-stack';
import { taggableTypes } from '../../../contracts/audit/taggable-types';
import { regionalExpectations } from '../../../contracts/layer-expectations';
import { resourceTags } from '../../../contracts/tags';
import { foundationSettingsSchema } from '../../../contracts/foundation';
import { resolveRegionalSettings, type OrderBlock } from '../../../contracts/regional';
import { createFoundation } from '../../../foundation/create-foundation';
import { readConfig } from '../../../layer-kit/read-config';
import type { Rendering } from '../../../sandbox/recording-monitor';
import { awsResources, configOf, createdAt, monitoring, renderLayer, shared, tags, workload } from '../../layer-kit/render-layer';
import { renderRegional } from '../../regional/render-regional';

/** When the audits of the tests are made. */
export const NOW = '2026-11-29T12:00:00.000Z';

/** The regional program's resources as they stand where nobody touched them. */
export async function cleanRegional(order: OrderBlock = {}): Promise<AuditedStack> {
  const rendering = await renderRegional({ order });
  const config = configOf({ layer: 'regional', account: workload, settings: resolveRegionalSettings(order, 1000) });
  return stackOf(rendering, { account: workload, expectations: regionalExpectations(rendering.outputs, config) });
}

/** The same of the foundation program. */
export async function cleanFoundation(): Promise<AuditedStack> {
  const subscriptions = { critical: [{ https: 'https://events.example.com/x' }], warning: [] };
  const rendering = await renderLayer(
    async () => createFoundation({ ...readConfig('foundation', foundationSettingsSchema), environment: {} }),
    {
      layer: 'foundation',
      account: shared,
      settings: { sourceAccounts: { kind: 'organisation' }, subscriptions, existingSink: null },
    },
  );
  return stackOf(rendering, { account: shared, expectations: null });
}

function stackOf(
  rendering: Rendering,
  { account, expectations }: { readonly account: string; readonly expectations: AuditedStack['facts']['expectations'] },
): AuditedStack {
  const carried = resourceTags(tags, createdAt);
  const byId = new Map(rendering.resources.map(({ id, outputs }) => [id, outputs.bucket]));
  const resources = awsResources(rendering).map(({ type, name, urn, inputs, outputs, protect }): AuditedResource => {
    const own = taggableTypes.includes(type) ? { tags: { ...carried, ...(inputs.tags as object | undefined) } } : {};
    // Ids are the renderer's own; the id of a bucket is its name.
    const bucket = typeof inputs.bucket === 'string' ? { bucket: byId.get(inputs.bucket) ?? inputs.bucket } : {};
    return { type, name, urn, protect, properties: { ...outputs, ...inputs, ...own, ...bucket } };
  });
  return { resources, facts: { now: NOW, accounts: [account, shared, monitoring], tags, expectations } };
}

/** What is changed of a resource; null: it is taken away. */
export type Change = Readonly<Record<string, unknown>> | null;

/** A stack in which the resources of a type, or the one of that name, are changed. */
export function withChange(stack: AuditedStack, on: { readonly type: string; readonly name?: string }, change: Change): AuditedStack {
  const fits = ({ type, name }: AuditedResource) => type === on.type && (on.name === undefined || on.name === name);
  if (!stack.resources.some(fits)) throw new Error(`nothing of type ${on.type} to change`);
  const resources = stack.resources.flatMap((resource) => {
    if (!fits(resource)) return [resource];
    return change === null ? [] : [{ ...resource, properties: { ...resource.properties, ...change } }];
  });
  return { ...stack, resources };
}

/** A stack with one resource more. */
export function withResource(stack: AuditedStack, resource: Pick<AuditedResource, 'type' | 'name' | 'properties'>): AuditedStack {
  return {
    ...stack,
    resources: [...stack.resources, { urn: `urn:pulumi:test::test::${resource.type}::${resource.name}`, protect: false, ...resource }],
  };
}

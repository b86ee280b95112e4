import type { SandboxProvider } from '../../../sandbox/provider';
import type { EngineEvent, EngineJob, EngineStep } from '../../ports';

import type { Checkpoint, PendingOperation, StackResource } from './checkpoint';
import type { PlannedStep } from './plan-stack';
import { ResourceFailure } from './resource-failure';
import { runGraph } from './run-graph';

/** What carrying out needs beside the steps. */
export interface ApplyContext {
  readonly job: EngineJob;
  readonly provider: SandboxProvider;
  readonly checkpoint: Checkpoint;
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineEvent) => void;
  /** Called for each operation that took effect. */
  readonly onDone: (step: EngineStep) => void;
}

/**
 * Carries planned steps out in dependency order, then deletes what the program no longer declares, dependents first. Every operation is
 * recorded before it begins and after it took effect. Throws the first {@link ResourceFailure}.
 */
export async function applySteps(steps: readonly PlannedStep[], context: ApplyContext): Promise<void> {
  const { checkpoint } = context;
  const declared = new Set(steps.flatMap((step) => [step.urn, ...(step.prior ? [step.prior.urn] : [])]));
  const undeclared = [...checkpoint.resources.values()].filter((resource) => !declared.has(resource.urn));
  const superseded: StackResource[] = [];
  refuseProtected(steps, undeclared);
  await runGraph(
    steps.map((step) => ({
      id: step.urn,
      after: step.next.dependencies,
      run: () => carryOut(step, { ...context, superseded }),
    })),
  );
  await deleteResources(superseded, { ...context, forget: false });
  await deleteResources(undeclared, { ...context, forget: true });
}

/** Of planned steps, carries out those that take the protection off a resource, and nothing else. */
export async function applyUnprotected(steps: readonly PlannedStep[], context: ApplyContext): Promise<void> {
  const freed = steps.filter((step) => step.prior?.protect === true && !step.next.protect);
  await runGraph(
    freed.map((step) => ({ id: step.urn, after: step.next.dependencies, run: () => carryOut(step, { ...context, superseded: [] }) })),
  );
}

/** Deletes resources, dependents before what they depend on. `forget: false` for old instances whose URN lives on. */
export async function deleteResources(
  resources: readonly StackResource[],
  context: ApplyContext & { readonly forget: boolean },
): Promise<void> {
  const dependents = new Map<string, string[]>();
  for (const resource of resources) {
    const needs = [
      ...resource.dependencies,
      ...(resource.parent ? [resource.parent] : []),
      ...(resource.provider ? [resource.provider] : []),
    ];
    for (const need of needs) dependents.set(need, [...(dependents.get(need) ?? []), resource.urn]);
  }
  await runGraph(
    resources.map((resource) => ({
      id: resource.urn,
      after: dependents.get(resource.urn) ?? [],
      run: () => remove(resource, context),
    })),
  );
}

async function carryOut(step: PlannedStep, context: ApplyContext & { readonly superseded: StackResource[] }): Promise<void> {
  const { checkpoint } = context;
  switch (step.op) {
    case 'same':
      // Options such as protect change the record and nothing else.
      if (JSON.stringify(step.prior) !== JSON.stringify(step.next)) checkpoint.done(step.next);
      break;
    case 'create':
    case 'update':
      await change({ urn: step.urn, op: step.op, resource: step.next }, step.prior, { ...context, step });
      checkpoint.done(step.next);
      break;
    case 'replace':
      if (step.prior && step.deleteFirst)
        await change({ urn: step.urn, op: 'delete', resource: step.prior }, step.prior, { ...context, step });
      await change({ urn: step.urn, op: 'create', resource: step.next }, undefined, { ...context, step });
      if (step.prior && !step.deleteFirst) context.superseded.push(step.prior);
      checkpoint.done(step.next);
      break;
    default:
      throw new Error(`unknown step ${step.op satisfies never as string}`);
  }
  // Found under an alias: from now on it goes by its new URN.
  if (step.prior && step.prior.urn !== step.urn) checkpoint.gone(step.prior.urn);
  context.onDone(stepOf(step));
}

async function remove(resource: StackResource, context: ApplyContext & { readonly forget: boolean }): Promise<void> {
  const step: EngineStep = {
    op: resource.retainOnDelete ? 'retain' : 'delete',
    urn: resource.urn,
    type: resource.type,
    name: resource.name,
    keys: [],
  };
  if (!resource.retainOnDelete) await change({ urn: resource.urn, op: 'delete', resource }, resource, { ...context, step });
  if (!context.forget) return;
  context.checkpoint.gone(resource.urn);
  context.onDone(step);
}

async function change(
  operation: PendingOperation,
  prior: StackResource | undefined,
  context: ApplyContext & { readonly step: EngineStep },
): Promise<void> {
  const { resource, op, urn } = operation;
  const step = stepOf(context.step);
  // Components and providers have nothing behind them.
  if (resource.place === null) return;
  if (context.signal.aborted)
    throw new ResourceFailure({ code: 'fleet/cancelled', message: 'cancelled before it began', resource: urn }, context.signal.reason);
  context.checkpoint.begin(operation);
  context.onEvent({ kind: 'resource-started', step });
  try {
    await context.provider.apply({
      op,
      type: resource.type,
      urn: resource.origin,
      place: resource.place,
      planned: resource,
      prior: prior && { inputs: prior.inputs, outputs: prior.outputs },
      target: context.job.target.id,
      purpose: context.job.purpose,
      fingerprint: context.job.fingerprint,
      signal: context.signal,
      onRetry: (message) => context.onEvent({ kind: 'resource-retried', step, message }),
    });
  } catch (error) {
    if (context.signal.aborted)
      throw new ResourceFailure({ code: 'fleet/cancelled', message: `stopped in mid-${op}`, resource: urn }, error);
    throw ResourceFailure.from(error, urn);
  }
  context.onEvent({ kind: 'resource-done', step });
}

function stepOf(step: EngineStep): EngineStep {
  return { op: step.op, urn: step.urn, type: step.type, name: step.name, keys: step.keys };
}

function refuseProtected(steps: readonly PlannedStep[], undeclared: readonly StackResource[]): void {
  const replaced = steps.flatMap((step) => (step.op === 'replace' && step.prior ? [step.prior] : []));
  const hit = [...replaced, ...undeclared.filter((resource) => !resource.retainOnDelete)].find((resource) => resource.protect);
  if (hit) {
    const message = `${hit.name} (${hit.type}) is protected and would be ${undeclared.includes(hit) ? 'deleted' : 'replaced'}: it holds data; nothing was changed`;
    throw new ResourceFailure({ code: 'pulumi/protected', message, resource: hit.urn }, undefined);
  }
}

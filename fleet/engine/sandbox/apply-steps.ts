import { isDeepStrictEqual } from 'node:util';

import { ProviderCrash, type SandboxProvider } from '../../../sandbox/provider';
import type { EngineEvent, EngineJob, EngineStep } from '../../ports';

import type { Checkpoint, PendingOperation, StackResource, Succession } from './checkpoint';
import type { PlannedStep } from './plan-stack';
import { codeOfLog, ResourceFailure } from './resource-failure';
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

/** An operation, what it belongs to, and what it says to AWS where that differs from what is kept. */
interface Operation extends PendingOperation {
  readonly step: EngineStep;
  readonly prior: StackResource | undefined;
  readonly call?: PlannedStep['call'];
}

/**
 * Carries planned steps out in dependency order, then deletes what was replaced and what the program no longer declares, dependents first.
 * Every operation is recorded before it begins and after it took effect. Throws the first {@link ResourceFailure}.
 */
export async function applySteps(steps: readonly PlannedStep[], context: ApplyContext): Promise<void> {
  const { checkpoint } = context;
  const undeclared = undeclaredBy(steps, checkpoint);
  const leftOver = new Set(checkpoint.superseded.values());
  refuseProtected(steps, checkpoint);
  await runGraph(steps.map((step) => ({ id: step.urn, after: needsOf(step.next), run: () => carryOut(step, context) })));
  const superseded = [...checkpoint.superseded.values()];
  await deleteResources([...superseded, ...undeclared], {
    ...context,
    // Part of a replacement that was told already, unless an earlier run left it behind.
    untold: new Set(superseded.filter((resource) => !leftOver.has(resource))),
  });
}

/** Everything that applying the steps would tell, refusals of AWS aside; nothing is carried out. */
export function foreseenSteps(steps: readonly PlannedStep[], checkpoint: Checkpoint): readonly EngineStep[] {
  const foreseen = steps.map((step) => ({ ...stepOf(step), ...(step.next.protect && { protect: true }) }));
  return [...foreseen, ...[...checkpoint.superseded.values(), ...undeclaredBy(steps, checkpoint)].map(removalOf)];
}

/** Throws the {@link ResourceFailure} that applying the steps ends with before it changes anything. */
export function refuseProtected(steps: readonly PlannedStep[], checkpoint: Checkpoint): void {
  const undeclared = undeclaredBy(steps, checkpoint);
  const replaced = steps.flatMap((step) => (step.op === 'replace' && step.prior ? [step.prior] : []));
  const hit = [...replaced, ...undeclared.filter((resource) => !resource.retainOnDelete)].find((resource) => resource.protect);
  if (hit) {
    const message = `${hit.name} (${hit.type}) is protected and would be ${undeclared.includes(hit) ? 'deleted' : 'replaced'}: it holds data; nothing was changed`;
    throw new ResourceFailure({ code: 'pulumi/protected', message, resource: hit.urn }, undefined);
  }
}

/** Of planned steps, carries out those that take the protection off a resource, and nothing else. */
export async function applyUnprotected(steps: readonly PlannedStep[], context: ApplyContext): Promise<void> {
  const freed = steps.filter((step) => step.prior?.protect === true && !step.next.protect);
  await runGraph(
    freed.map((step) => ({
      id: step.urn,
      after: needsOf(step.next),
      // What is about to be destroyed is not replaced first: its record alone changes.
      run: async () =>
        step.op === 'replace' && step.prior ? context.checkpoint.done({ ...step.prior, protect: false }) : carryOut(step, context),
    })),
  );
}

/** Deletes resources, dependents before what they depend on; of those in `untold`, `onDone` hears nothing. */
export async function deleteResources(
  resources: readonly StackResource[],
  context: ApplyContext & { readonly untold?: ReadonlySet<StackResource> },
): Promise<void> {
  // By place in the list: a resource and its old instances share a URN.
  const dependents = new Map<string, string[]>();
  resources.forEach((resource, index) => {
    for (const need of needsOf(resource)) dependents.set(need, [...(dependents.get(need) ?? []), String(index)]);
  });
  await runGraph(
    resources.map((resource, index) => ({
      id: String(index),
      after: dependents.get(resource.urn) ?? [],
      run: () => remove(resource, context),
    })),
  );
}

function needsOf({ dependencies, parent, provider }: StackResource): readonly string[] {
  return [...dependencies, ...(parent ? [parent] : []), ...(provider ? [provider] : [])];
}

async function carryOut(step: PlannedStep, context: ApplyContext): Promise<void> {
  const { checkpoint } = context;
  const { op, urn, prior, next, call } = step;
  // Found under an alias: from now on it goes by its new URN.
  const renamed = prior && prior.urn !== urn ? { renamedFrom: prior.urn } : undefined;
  switch (op) {
    case 'same':
      // Options such as protect change the record and nothing else.
      if (JSON.stringify(prior) !== JSON.stringify(next)) checkpoint.done(next, renamed);
      break;
    case 'create':
    case 'update': {
      if (op === 'create') await makeRoom(step, context);
      await change({ urn, op, resource: next, ...succeeding(renamed), step, prior, call }, context);
      checkpoint.done(next, renamed);
      break;
    }
    case 'replace': {
      await makeRoom(step, context);
      const goesFirst = prior && step.deleteFirst && !prior.retainOnDelete;
      if (goesFirst) {
        await change({ urn, op: 'delete', resource: prior, step, prior }, context);
        checkpoint.gone(prior);
      }
      const succession = { ...renamed, ...(prior && !goesFirst && { superseded: prior }) };
      await change({ urn, op: 'create', resource: next, ...succeeding(succession), step, prior: undefined, call }, context);
      checkpoint.done(next, succession);
      break;
    }
    default:
      throw new Error(`unknown step ${op satisfies never as string}`);
  }
  context.onDone(stepOf(step));
}

function succeeding(succession: Succession | undefined): Pick<PendingOperation, 'succession'> {
  return succession ? { succession } : {};
}

/** An old instance that an earlier run left under the very name that is now wanted again goes first. */
async function makeRoom(step: PlannedStep, context: ApplyContext): Promise<void> {
  const { type, key, place } = step.next;
  for (const old of context.checkpoint.superseded.values()) {
    if (place !== null && old.type === type && old.key === key && isDeepStrictEqual(old.place, place)) await remove(old, context);
  }
}

async function remove(resource: StackResource, context: ApplyContext & { readonly untold?: ReadonlySet<StackResource> }): Promise<void> {
  const { urn } = resource;
  const step = removalOf(resource);
  if (step.op === 'delete') await change({ urn, op: 'delete', resource, step, prior: resource }, context);
  context.checkpoint.gone(resource);
  if (context.untold?.has(resource) !== true) context.onDone(step);
}

async function change(operation: Operation, context: ApplyContext): Promise<void> {
  const { checkpoint, job } = context;
  const { urn, op, resource, prior, succession, call } = operation;
  const step = stepOf(operation.step);
  // Components and providers have nothing behind them.
  if (resource.place === null) return;
  if (context.signal.aborted)
    throw new ResourceFailure({ code: 'fleet/cancelled', message: 'cancelled before it began', resource: urn }, context.signal.reason);
  checkpoint.begin({ urn, op, resource, ...succeeding(succession) });
  context.onEvent({ kind: 'resource-started', step });
  const redact = call?.redact ?? ((text: string) => text);
  try {
    await context.provider.apply({
      op,
      type: resource.type,
      urn: resource.origin,
      place: resource.place,
      planned: { id: resource.id, key: resource.key, inputs: call?.inputs ?? resource.inputs, outputs: call?.outputs ?? resource.outputs },
      kept: { inputs: resource.inputs, outputs: resource.outputs },
      prior: prior && { inputs: prior.inputs, outputs: prior.outputs },
      target: job.target.id,
      purpose: job.purpose,
      fingerprint: job.fingerprint,
      signal: context.signal,
      onRetry: (message) => context.onEvent({ kind: 'resource-retried', step, message: redact(message) }),
    });
  } catch (error) {
    // Whoever took over settles it, or who goes on once there is room: nobody knows whether it had its effect.
    if (codeOfLog(error) !== undefined) throw ResourceFailure.from(error, { urn, redact });
    if (context.signal.aborted)
      throw new ResourceFailure({ code: 'fleet/cancelled', message: `stopped in mid-${op}`, resource: urn }, error);
    // AWS's refusals come before any effect; of a crash nobody knows.
    if (!(error instanceof ProviderCrash)) checkpoint.settled(resource);
    throw ResourceFailure.from(error, { urn, redact });
  }
  context.onEvent({ kind: 'resource-done', step });
}

function removalOf({ retainOnDelete, urn, type, name }: StackResource): EngineStep {
  return { op: retainOnDelete ? 'retain' : 'delete', urn, type, name, keys: [] };
}

function stepOf({ op, urn, type, name, keys }: EngineStep): EngineStep {
  return { op, urn, type, name, keys };
}

function undeclaredBy(steps: readonly PlannedStep[], checkpoint: Checkpoint): readonly StackResource[] {
  const declared = new Set(steps.flatMap((step) => [step.urn, ...(step.prior ? [step.prior.urn] : [])]));
  return [...checkpoint.resources.values()].filter((resource) => !declared.has(resource.urn));
}

import { isDeepStrictEqual } from 'node:util';

import { nameOfUrn } from '../../../sandbox/urn';
import type { Changes, EngineEvent, EngineStep, PropertyDifference, TargetError } from '../../ports';
import { countChanges } from '../count-changes';
import { propertyDifferences } from '../property-differences';

import { classifyDiagnostic, type Diagnostic } from './classify-diagnostic';
import { withoutInternals } from './deployed-resource';
import type { PulumiEvent, StepMetadata } from './engine-event';

/** How a run looks from its events. */
export class RunStory {
  readonly steps: EngineStep[] = [];
  /** Protected before, or to leave something behind when deleted, and not any more by what the program says now. */
  readonly unprotected: string[] = [];
  readonly #told = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #ofRefresh: boolean;

  /** `ofRefresh`: steps hold the resource as it is now, and how it differs. Elsewhere that is not what AWS tells. */
  constructor(onEvent: (event: EngineEvent) => void, { ofRefresh = false }: { readonly ofRefresh?: boolean } = {}) {
    this.#onEvent = onEvent;
    this.#ofRefresh = ofRefresh;
  }

  take({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: PulumiEvent): void {
    if (resourcePreEvent) this.#begin(resourcePreEvent.metadata);
    if (resOutputsEvent) this.#end(resOutputsEvent.metadata);
    if (diagnosticEvent?.severity === 'error') {
      const { urn, message } = diagnosticEvent;
      this.#diagnostics.push({ urn: urn === undefined || urn === '' ? null : urn, message });
    }
  }

  get changes(): Changes {
    return countChanges(this.steps);
  }

  /** Why the run failed: what the engine said of a resource comes before what it said of the run, which often only sums up. */
  get error(): TargetError | null {
    const told = this.#diagnostics.map(classifyDiagnostic);
    return told.find(({ resource }) => resource !== null && !resource.includes('::pulumi:pulumi:Stack::')) ?? told[0] ?? null;
  }

  #begin(metadata: StepMetadata): void {
    if (metadata.new && isKept(metadata.old) && !isKept(metadata.new)) this.unprotected.push(metadata.urn);
    const step = stepOf(metadata);
    if (step && step.op !== 'same') this.#onEvent({ kind: 'resource-started', step });
  }

  #end(metadata: StepMetadata): void {
    const step = stepOf(metadata);
    // A component is told once when it is made and once more with its outputs.
    if (!step || this.#told.has(`${step.op} ${step.urn}`)) return;
    this.#told.add(`${step.op} ${step.urn}`);
    this.steps.push(this.#ofRefresh && metadata.new ? asFound(step, metadata) : step);
    if (step.op !== 'same') this.#onEvent({ kind: 'resource-done', step });
  }
}

/** What a StackSetInstance leaves in the accounts is said in an input of its own, and must be told to AWS before it is deleted. */
function isKept(state: StepMetadata['old']): boolean {
  return state?.protect === true || state?.inputs?.retainStack === true;
}

/** A step of a refresh. What differs only in how a JSON text is written is the same. */
function asFound(step: EngineStep, { old, new: now }: StepMetadata): EngineStep {
  const live = now ? liveOf(now) : {};
  if (step.op !== 'update') return { ...step, live };
  const differing = step.keys
    .map((key) => ({ key, differences: differencesOf(key, old, now) }))
    .filter((one) => one.differences.length > 0);
  const same = step.keys.length > 0 && differing.length === 0;
  const differences = differing.flatMap((one) => one.differences);
  return { ...step, op: same ? 'same' : 'update', keys: differing.map(({ key }) => key), live, differences };
}

/** How a key differs that the provider says differs: in the inputs, else in the outputs. Of two masks nobody sees more than that. */
function differencesOf(key: string, old: StepMetadata['old'], now: StepMetadata['new']): readonly PropertyDifference[] {
  for (const side of ['inputs', 'outputs'] as const) {
    const [deployed, found] = [old?.[side]?.[key] ?? null, now?.[side]?.[key] ?? null];
    if (!isDeepStrictEqual(deployed, found)) return propertyDifferences({ [key]: deployed }, { [key]: found });
  }
  const value = old?.inputs?.[key] ?? old?.outputs?.[key] ?? null;
  return [{ path: key, deployed: value, found: value }];
}

function liveOf({ inputs, outputs }: NonNullable<StepMetadata['new']>): Readonly<Record<string, unknown>> {
  return withoutInternals({ ...outputs, ...inputs });
}

/** A step in the fleet's words; undefined for one that is part of another, or of none. */
function stepOf({ op, urn, type, old, new: next, diffs, detailedDiff }: StepMetadata): EngineStep | undefined {
  const told = operation(op, old?.retainOnDelete === true);
  if (told === undefined) return undefined;
  const keys = new Set([...(diffs ?? []), ...Object.keys(detailedDiff ?? {}).map((path) => path.split(/[.[]/)[0] ?? path)]);
  return { op: told, urn, type, name: nameOfUrn(urn), keys: [...keys].sort(), ...(next?.protect === true && { protect: true }) };
}

function operation(op: string, retains: boolean): EngineStep['op'] | undefined {
  switch (op) {
    case 'create':
    case 'update':
    case 'same':
      return op;
    // A replacement is told in up to three steps; the one that makes the new resource stands for it.
    case 'create-replacement':
    case 'import-replacement':
      return 'replace';
    case 'delete':
    case 'discard':
      return retains ? 'retain' : 'delete';
    case 'import':
      return 'create';
    default:
      return undefined;
  }
}

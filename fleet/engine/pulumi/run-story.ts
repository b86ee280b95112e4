import { nameOfUrn } from '../../../sandbox/urn';
import type { Changes, EngineEvent, EngineStep, TargetError } from '../../ports';
import { countChanges } from '../count-changes';

import { classifyDiagnostic, type Diagnostic } from './classify-diagnostic';
import { withoutInternals } from './deployed-resource';
import type { PulumiEvent, StepMetadata } from './engine-event';

/** How a run looks from its events. */
export class RunStory {
  readonly steps: EngineStep[] = [];
  /** Protected before, and not any more by what the program says now. */
  readonly unprotected: string[] = [];
  readonly #told = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #onEvent: (event: EngineEvent) => void;
  readonly #keepsLive: boolean;

  /** `keepsLive`: steps hold the resource as it is now. Only of a refresh that is what AWS tells; elsewhere it would be kept for nothing. */
  constructor(onEvent: (event: EngineEvent) => void, { keepsLive = false }: { readonly keepsLive?: boolean } = {}) {
    this.#onEvent = onEvent;
    this.#keepsLive = keepsLive;
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
    if (metadata.old?.protect === true && metadata.new && !metadata.new.protect) this.unprotected.push(metadata.urn);
    const step = stepOf(metadata);
    if (step && step.op !== 'same') this.#onEvent({ kind: 'resource-started', step });
  }

  #end(metadata: StepMetadata): void {
    const step = stepOf(metadata);
    // A component is told once when it is made and once more with its outputs.
    if (!step || this.#told.has(`${step.op} ${step.urn}`)) return;
    this.#told.add(`${step.op} ${step.urn}`);
    this.steps.push(this.#keepsLive && metadata.new ? { ...step, live: liveOf(metadata.new) } : step);
    if (step.op !== 'same') this.#onEvent({ kind: 'resource-done', step });
  }
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

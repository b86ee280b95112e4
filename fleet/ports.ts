import type { Target, TargetId } from '../contracts/target';
import type { RunInputs, TargetConfig } from '../contracts/target-config';

/**
 * What the manager needs of the outside. One context of these is built in main and passed; nothing here is global.
 */

/** One line of output as data. `code` is stable and listed in docs/messages.md; `data` is plain JSON. */
export interface Message {
  readonly level: 'debug' | 'info' | 'warning' | 'error' | 'result';
  readonly code: string;
  readonly message: string;
  readonly target?: TargetId;
  readonly data?: unknown;
}

/** Where all output goes. */
export interface Reporter {
  report(message: Message): void;
}

/** Time, injected so that tests and simulation own it. */
export interface Clock {
  now(): Date;
  /** Resolves after `milliseconds`; rejects when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A release on disk: `directory` holds `<layer>/index.js`, `lambda/<name>/` and `manifest.json`. */
export interface ReleaseHandle {
  readonly digest: string;
  readonly directory: string;
  readonly manifest: ReleaseManifest;
}

/** What a release contains; its digest is the hash of this without the digest. */
export interface ReleaseManifest {
  readonly version: 1;
  readonly layers: Readonly<Record<string, { readonly digest: string; readonly lambdas: readonly string[] }>>;
  readonly lambdas: Readonly<Record<string, { readonly digest: string; readonly bytes: number }>>;
  /** Version of the AWS provider whose resources the programs were bundled with. */
  readonly providerVersion: string;
}

/** Number of resources by what was (or would be) done to them. */
export interface Changes {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly same: number;
}

/** Nothing done. */
export const noChanges: Changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

/**
 * What an engine does with one stack. `destroy` first takes the protection off what the run input `unprotect` names, and keeps what is
 * protected still, with all it stands on (AWS.md G1).
 */
export type EngineAction = 'preview' | 'up' | 'destroy' | 'refresh';

/** One stack's work. */
export interface EngineJob {
  readonly target: Target;
  readonly release: ReleaseHandle;
  readonly config: TargetConfig;
  readonly run: RunInputs;
  /** Identity of what is being deployed (DESIGN section 2). */
  readonly fingerprint: string;
  readonly purpose: 'forward' | 'rollback';
}

/** One step of a preview or a run. */
export interface EngineStep {
  readonly op: 'create' | 'update' | 'replace' | 'delete' | 'same' | 'retain';
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Input keys that differ. */
  readonly keys: readonly string[];
}

/** What an engine tells while it works. */
export type EngineEvent =
  | { readonly kind: 'resource-started'; readonly step: EngineStep }
  | { readonly kind: 'resource-done'; readonly step: EngineStep }
  | { readonly kind: 'resource-retried'; readonly step: EngineStep; readonly message: string };

/** Why a target failed: the error's code, AWS's or the engine's message, and the URN of the resource. */
export interface TargetError {
  readonly code: string;
  readonly message: string;
  readonly resource: string | null;
}

/** How a run ended. A failed run may have changed something: `changes` says what. */
export type EngineResult =
  | {
      readonly status: 'succeeded';
      readonly changes: Changes;
      readonly steps: readonly EngineStep[];
      readonly outputs: Readonly<Record<string, unknown>>;
    }
  | { readonly status: 'failed'; readonly changes: Changes; readonly steps: readonly EngineStep[]; readonly error: TargetError };

/** How a caller watches and stops a run. */
export interface EngineOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineEvent) => void;
}

/** A resource as deployed; secrets are masked in inputs and outputs. */
export interface DeployedResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly id: string;
  readonly parent: string | null;
  readonly protect: boolean;
  readonly provider: string | null;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What is known of a stack without running anything. Recovery, `show` and `drift` stand on it. */
export interface Inspection {
  readonly exists: boolean;
  readonly lastAttempt: {
    readonly action: EngineAction;
    readonly attempt: number;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly result: 'succeeded' | 'failed' | null;
  } | null;
  readonly lock: { readonly holder: string; readonly since: string } | null;
  readonly pending: readonly { readonly urn: string; readonly op: string }[];
  readonly resources: readonly DeployedResource[];
  /** Stack outputs; null where the stack has none. Secrets are masked. */
  readonly outputs: Readonly<Record<string, unknown>> | null;
}

/** Runs one stack at a time of any layer; never knows what a layer is for. */
export interface Engine {
  readonly name: 'sandbox' | 'pulumi';
  run(action: EngineAction, job: EngineJob, options: EngineOptions): Promise<EngineResult>;
  inspect(target: Target): Promise<Inspection>;
  /** Releases what the engine holds (processes, files). */
  close(): Promise<void>;
}

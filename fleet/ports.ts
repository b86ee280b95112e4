import type { Target, TargetId } from '../contracts/target';
import type { Health } from '../contracts/health';
import type { RunInputs, TargetConfig } from '../contracts/target-config';

/**
 * What the manager needs of the outside. One context of these is built in main and passed; nothing here is global.
 */

/** One line of output as data. `code` is stable and listed in docs/messages.md; `data` is plain JSON. */
export interface Message {
  readonly level: 'debug' | 'info' | 'warning' | 'error' | 'result';
  readonly code: string;
  readonly message: string;
  /** The message consists of lines that the fleet made, as a table that somebody is asked about. @default what is no result is one line */
  readonly isText?: boolean;
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
  /** Milliseconds that pass as they do, whoever sets the clock. @default nothing but `now` is known */
  readonly monotonicMs?: () => number;
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
  readonly version: 1 | 2;
  readonly layers: Readonly<Record<string, { readonly digest: string; readonly lambdas: readonly string[] }>>;
  readonly lambdas: Readonly<Record<string, { readonly digest: string; readonly bytes: number }>>;
  /** Version of the AWS provider whose resources the programs were bundled with. */
  readonly providerVersion: string;
  /** SHA-256 of every file but the manifest, by its path. @default version 1: only what `layers` and `lambdas` say */
  readonly files?: Readonly<Record<string, string>> | undefined;
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
  /** Names this very attempt, as `<rollout>/<target>#<attempt>`; the engine keeps it in the stack's history, recovery looks for it. */
  readonly id: string;
  readonly target: Target;
  readonly release: ReleaseHandle;
  readonly config: TargetConfig;
  readonly run: RunInputs;
  /** Identity of what is being deployed (DESIGN section 2). */
  readonly fingerprint: string;
  readonly purpose: 'forward' | 'rollback';
  /**
   * Of `up` and `preview`: what AWS has now is read first, and what differs is brought back to what the program says; what is gone is created
   * again under its name. @default the run goes by what the stack recorded
   */
  readonly refresh?: boolean;
}

/** Where a resource differs from what was deployed. Null: it has no value there. Secrets are masked. */
export interface PropertyDifference {
  /** As deep as the difference, into JSON texts too: `redrivePolicy.maxReceiveCount`, `tags.Team`, `actions[0]`. */
  readonly path: string;
  readonly deployed: unknown;
  readonly found: unknown;
}

/** One step of a preview or a run. */
export interface EngineStep {
  readonly op: 'create' | 'update' | 'replace' | 'delete' | 'same' | 'retain';
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Input keys that differ. */
  readonly keys: readonly string[];
  /** By what the program says, it is protected from then on. @default it is not, or nothing says so */
  readonly protect?: boolean;
  /** Of a refresh alone: the resource as it is now, its inputs over what AWS tells besides; secrets are masked. */
  readonly live?: Readonly<Record<string, unknown>>;
  /** Of a refresh alone: where the resource differs from what was deployed. */
  readonly differences?: readonly PropertyDifference[];
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
  /** Asked right before the first effect of an `up` or a `destroy`; rejects where this process may have none any more. @default it may */
  readonly confirm?: (() => Promise<void>) | undefined;
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
    /** The job's id. */
    readonly id: string;
    readonly action: EngineAction;
    readonly startedAt: string;
    readonly endedAt: string | null;
    /** Null: it began, and nobody recorded its end. */
    readonly result: 'succeeded' | 'failed' | null;
    readonly changes: Changes;
    readonly error: TargetError | null;
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

/** What a gate says. Only `pass` promotes; nothing fails open. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'error';

/** One target that a gate is asked about. Instants are ISO 8601. */
export interface GateTarget {
  readonly target: Target;
  /** What its layer says of its health; null where its outputs do not tell (which is an error, never a pass). */
  readonly health: Health | null;
  /** An alarm that was red at any time since then counts, also if it is green again; null: only its state now. */
  readonly alarmsSince: string | null;
  /**
   * What an alarm says that was red by `alarmsSince` already: it `counts`; or, as it watched a deployment that was cut short, it `must-clear`,
   * and `may-stand` while there is time left for that.
   */
  readonly redBefore: 'counts' | 'must-clear' | 'may-stand';
  /** Orders taken since then count as traffic; null: none are asked for. */
  readonly ordersSince: string | null;
}

/** One red alarm of one target. */
export interface RedAlarm {
  readonly target: TargetId;
  readonly alarm: string;
  /** When it turned red, and that it is green again, as far as is known. */
  readonly since: string | null;
  readonly cleared: boolean;
}

/**
 * What a gate is asked. `not-red`: only a red alarm (or an unreadable one) speaks against the targets, as before and during a wave.
 * `healthy`: every expected alarm must exist and have data, and there must have been traffic, as at a bake's end.
 */
export interface GateQuestion {
  readonly demand: 'not-red' | 'healthy';
  readonly targets: readonly GateTarget[];
  /** Orders that all targets together must have taken; at least one per target unless 0. Meaningful with `healthy`. */
  readonly minOrders: number;
  /** Synthetic orders count as traffic. */
  readonly countSynthetic: boolean;
  /** Red alarms that a person accepted by name: passed over. */
  readonly accepted: readonly Pick<RedAlarm, 'target' | 'alarm'>[];
}

/** A gate's answer. */
export interface GateAnswer {
  readonly verdict: Verdict;
  /** One line that says why, naming targets and alarms. */
  readonly reason: string;
  readonly red: readonly RedAlarm[];
  /** Orders counted; null where none were asked for. */
  readonly orders: number | null;
}

/** Reads health. Never rejects for what could not be read: that is verdict `error`. */
export interface Gates {
  /** Seconds between two questions about the same wave. */
  readonly intervalSeconds: number;
  ask(question: GateQuestion, options: { readonly signal: AbortSignal }): Promise<GateAnswer>;
  close(): Promise<void>;
}

/** A function of a deployed target. */
export interface FunctionOfTarget {
  readonly target: Target;
  readonly functionName: string;
}

/** What stands of a function: its published versions, oldest first, and where its aliases send orders. */
export interface StandingVersions {
  readonly published: readonly string[];
  readonly aliases: readonly { readonly name: string; readonly versions: readonly string[] }[];
}

/** Published versions of functions, as AWS keeps them: no program ever deletes one. */
export interface FunctionVersions {
  /** Rejects with an `aws/...` error where they cannot be read. */
  look(of: FunctionOfTarget): Promise<StandingVersions>;
  /** Deletes one version; one that is gone already is gone. Rejects with AWS's refusal, as for a version that an alias names. */
  remove(of: FunctionOfTarget, version: string): Promise<void>;
  close(): Promise<void>;
}

/** An object as stored, with what a conditional replace is conditional on. */
export interface StoredObject {
  readonly body: string;
  readonly version: string;
}

/**
 * Where the fleet's state is kept: text objects under slash-separated keys, durable when a call resolves. A folder, or a bucket on S3.
 */
export interface ObjectStore {
  /** Undefined where there is none. Rejects where it cannot be read: unreadable is not absent. */
  read(key: string): Promise<StoredObject | undefined>;
  /** Creates; false where the key exists already. Atomic: never a part of a body, never two winners. */
  create(key: string, body: string): Promise<boolean>;
  /** Replaces the version that was read (null: creates); undefined where another one is there by now, else the new version. */
  replace(key: string, body: string, version: string | null): Promise<string | undefined>;
  /** Keys that start with `prefix`, sorted; those after `after` only, where given. */
  list(prefix: string, after?: string): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
}

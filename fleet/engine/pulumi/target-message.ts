import type { ReleaseHandle } from '../../ports';

/** From the manager to a target's process: what to run. Once. */
export interface RunOrder {
  /** The layer's bundle, which is held against its release where it is loaded. Null: the CLI needs no program. */
  readonly program: { readonly release: ReleaseHandle; readonly layer: string } | null;
  /** Secrets that the program reads from its environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly cli: string;
  /** Without what connects the CLI to the program. */
  readonly args: readonly string[];
  readonly workDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** From a target's process to the manager. */
export type ProcessReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly pid: number }
  /** `output`: the end of what the CLI printed, for what it says before its events begin. */
  | {
      readonly kind: 'ended';
      readonly code: number | null;
      readonly signal: string | null;
      readonly output: string;
    } /** `error`: the code of one of the fleet's own. */
  | { readonly kind: 'failed'; readonly error: string | null; readonly message: string };

import type { TargetId } from '../../contracts/target';
import type { Drift } from '../organization';
import type { ProviderConfiguration, SandboxProvider } from '../provider';
import type { Properties } from '../resource-type';
import type { World } from '../world';

/** One running target's door. */
export interface DoorStack {
  readonly target: TargetId;
  readonly purpose: 'forward' | 'rollback';
  /** Identity of what is being deployed. */
  readonly fingerprint: string;
  /** Version of the provider that the release was built with; the engine warns of an older one. @default none told */
  readonly providerVersion?: string;
  /** Told of each try that is repeated; secrets are taken out. */
  readonly onRetry?: (urn: string, message: string) => void;
}

/** What is behind a door. */
export interface DoorParts {
  readonly provider: SandboxProvider;
  readonly world: World;
  /** Planted: what was changed behind the fleet's back, which a refresh finds. @default none */
  readonly drift?: readonly Drift[];
}

/** A resource of the stack, and through which configured provider it is reached. */
export interface ResourceCall {
  readonly urn: string;
  readonly type: string;
  readonly configured: ProviderConfiguration;
}

/** Aborts when the engine gives up; `preview` is answered without any effect. */
export interface CallOptions {
  readonly signal: AbortSignal;
  readonly preview?: boolean;
}

/** What the engine recorded of a resource. */
export interface Recorded {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A resource as the engine is told of it. */
export interface Answer {
  readonly id: string;
  readonly outputs: Properties;
}

/** How recorded inputs and wanted ones differ. */
export interface Difference {
  readonly keys: readonly string[];
  readonly replaceKeys: readonly string[];
  /** The physical name stays: should it be replaced, the old one must go first. */
  readonly deleteBeforeReplace: boolean;
}

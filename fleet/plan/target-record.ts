import type { Health } from '../../contracts/health';
import type { TargetId } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';
import { digestOf } from '../digest';

import type { SecretDigests } from './secret-digests';

/** The parts of `desired`, kept apart so that a plan can name which one changed. */
export interface DesiredParts {
  /** Digest of the layer's program. */
  readonly program: string;
  /** Digests of the Lambda bundles it deploys, by name. */
  readonly lambdas: Readonly<Record<string, string>>;
  /** Digest of what the program reads of the resolved target config. */
  readonly config: string;
  /** Version of the AWS provider. */
  readonly provider: string;
}

/** Digest of each upstream target's outputs; null where there are none. */
export type UpstreamDigests = Readonly<Record<TargetId, string | null>>;

/** Something deployed on a target: what, and under which identity. */
export interface Deployment {
  readonly release: string;
  readonly desired: string;
  readonly fingerprint: string;
  readonly parts: DesiredParts;
  readonly upstream: UpstreamDigests;
  readonly config: TargetConfig;
  /** The version of the code that serves under it; null where the layer has none, or it is not known yet. */
  readonly live: string | null;
  /** The version to switch back to under it (alias `previous`). @default not known */
  readonly previous?: string | null;
  /** Of the secrets it was deployed with. @default it refers to none, or they are not known */
  readonly secrets?: SecretDigests | undefined;
}

/** What `fleet prune` left of a function: of the versions up to `through`, only those kept are still there. */
export interface VersionsLeft {
  readonly through: string;
  readonly kept: readonly string[];
}

/** What the fleet knows of a target. */
export interface TargetRecord {
  readonly target: TargetId;
  /** First creation, ISO 8601; the `CreatedAt` tag. Never changes. */
  readonly createdAt: string;
  /** The last deployment whose wave passed its gate; rollback goes back to it. Null before the first and after a destroy. */
  readonly good: Deployment | null;
  /** The last deployment that was begun. */
  readonly current: Deployment | null;
  /** An `up` began after `good` and did not succeed: what stands is unknown, so it is never unchanged. */
  readonly dirty: boolean;
  /** `shifting`: a version on trial takes a share of the orders; never unchanged. */
  readonly traffic: 'settled' | 'shifting';
  /** Digest of the stack's outputs; null where it has none. */
  readonly outputs: string | null;
  /** What the gate reads of what stands; null where the layer has no health, or what stands does not tell. */
  readonly health: Health | null;
  /** Seconds of the last successful `up`. */
  readonly seconds: number | null;
  /** @default nothing was pruned, every version is still there */
  readonly versionsLeft?: VersionsLeft | null;
  /** The versions that stood where a stack was found without its record: what is switched back to until something is good. @default it was not found so */
  readonly found?: FoundVersions;
  /** It cannot be reached any more, and a person let go of it: nothing is looked for there, and once it is back it is new. @default it was not */
  readonly forgotten?: Tombstone;
}

/** Who let go of a target, and why. `at` is ISO 8601. */
export interface Tombstone {
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** Versions as a stack alone tells them. */
export type FoundVersions = Required<Pick<Deployment, 'live' | 'previous'>>;

/** Records by target. */
export type TargetRecords = ReadonlyMap<TargetId, TargetRecord>;

/** The versions that serve and are switched back to under a deployment, as far as they are still there. */
export function warmVersions(deployment: Pick<Deployment, 'live' | 'previous'> | null, left: VersionsLeft | null | undefined) {
  const there = (version: string | null | undefined): string | null =>
    version === null || version === undefined || isPruned(version, left) ? null : version;
  return { live: there(deployment?.live), previous: there(deployment?.previous) };
}

function isPruned(version: string, left: VersionsLeft | null | undefined): boolean {
  return left !== null && left !== undefined && Number(version) <= Number(left.through) && !left.kept.includes(version);
}

/** What stands there is not what was good, whatever the plan says: a broken run, a version on trial, a wave that never passed. */
export function isUnsettled({ good, current, dirty, traffic }: TargetRecord): boolean {
  return dirty || traffic === 'shifting' || (current !== null && current.fingerprint !== good?.fingerprint);
}

/** Whether a target was destroyed and only what holds data is left of it: `current` says what it was made from. */
export function isDestroyed({ good, current, dirty, outputs }: TargetRecord): boolean {
  return good === null && current !== null && !dirty && outputs === null;
}

/** The record of a target that was destroyed; what was kept of it can be deleted later, with the configuration it was made from. */
export function destroyedRecord(record: TargetRecord, { keeps }: { readonly keeps: boolean }): TargetRecord {
  const current = keeps ? record.current : null;
  const gone = { good: null, current, dirty: false, traffic: 'settled', outputs: null, health: null } as const;
  return { ...record, ...gone, versionsLeft: destroyedVersions(record) };
}

/** The record of a target that nothing can reach any more: nothing of it is deployed, as far as the fleet is concerned. */
export function forgottenRecord(record: TargetRecord, forgotten: Tombstone): TargetRecord {
  return { ...destroyedRecord(record, { keeps: false }), forgotten };
}

/** What is left of a target's versions once it is destroyed: none. Lambda goes on counting where the function ended. */
function destroyedVersions({ good, current, versionsLeft }: TargetRecord): VersionsLeft | null {
  const known = [good, current].flatMap((deployment) => [deployment?.live, deployment?.previous]);
  const numbers = [...known, versionsLeft?.through].flatMap((version) => (typeof version === 'string' ? [Number(version)] : []));
  return numbers.length === 0 ? null : { through: String(Math.max(...numbers)), kept: [] };
}

/** What an approval binds to: known when planning. */
export function desiredOf(parts: DesiredParts): string {
  return digestOf(parts);
}

/** Identity of a deployment with the upstream outputs it reads: known when the target's turn comes. */
export function fingerprintOf(desired: string, upstream: UpstreamDigests): string {
  return digestOf({ desired, upstream });
}

/** Outputs of upstream targets as the records know them. */
export function upstreamDigests(config: TargetConfig, records: TargetRecords): UpstreamDigests {
  return Object.fromEntries(config.upstream.map(({ target }) => [target, records.get(target)?.outputs ?? null]));
}

import { counted } from '../../contracts/counted';
import type { TargetId } from '../../contracts/target';
import { configurationDigest } from '../config/configuration-digest';
import type { FleetConfig } from '../config/fleet-config';
import type { Inventory } from '../discovery/inventory';
import { selectPlaces } from '../discovery/select-targets';
import { digestOf } from '../digest';
import { userError, userProblems, type Problem } from '../errors';
import type { ReleaseManifest } from '../ports';

import { buildWaves, effectiveLimits, wholeLimits } from './build-waves';
import { shortWatches, unmatchedWaves, type WaveCheck } from './check-waves';
import { configDifference } from './config-difference';
import { configDigest, readConfig } from './read-config';
import { movesOf } from './moves';
import { resolveTargets, type ResolvedTarget } from './resolve-targets';
import { agreedPlan, type ChangeReason, type PlannedTarget, type PlanWarning, type RolloutPlan } from './rollout-plan';
import { changedSecrets, lackingSecrets, secretsOf, secretWarnings, type KnownSecrets, type SecretDigests } from './secret-digests';
import { warningsOf } from './settings-review';
import {
  desiredOf,
  fingerprintOf,
  isUnsettled,
  upstreamDigests,
  type Deployment,
  type DesiredParts,
  type TargetRecord,
  type TargetRecords,
} from './target-record';
import { matchesFilter, describeFilter, type TargetFilter } from './target-filter';

/** What a plan is made of: the earlier stages' plain data. */
export interface PlanInput {
  readonly config: FleetConfig;
  readonly inventory: Inventory;
  readonly release: { readonly digest: string; readonly manifest: ReleaseManifest };
  readonly records: TargetRecords;
  readonly filter: TargetFilter;
  /**
   * What of fleet.yaml matches nothing of the organisation. `allowed` is for what takes away what stands.
   * @default refused
   */
  readonly unmatched?: 'refused' | 'allowed';
  /** The secrets that fleet.yaml refers to, by their digests. */
  readonly secrets: KnownSecrets;
  /** What is unchanged is deployed again as well. @default false */
  readonly redeploy?: boolean;
}

/**
 * Which targets change, why, and in which waves. Pure: no clock, disk, AWS or Pulumi. Throws user errors: targets that cannot be, a
 * filter or scope that matches nothing, waves that never pick anything or bake too short, targets whose foundation is neither deployed nor in the
 * plan.
 */
export function planRollout(input: PlanInput): RolloutPlan {
  const { config, inventory, release, records, filter, unmatched = 'refused' } = input;
  const { workloads, excluded, advice: scope } = selectPlaces({ config, inventory, unmatched });
  const resolved = resolveTargets({ config, inventory, workloads, records });
  const all = new Set(resolved.map(({ target }) => target.id));
  const matched = resolved.filter((one) => matchesFilter(one, filter));
  if (matched.length === 0)
    throw userError(
      'filter-matches-nothing',
      `no target matches ${describeFilter(filter)}; there ${resolved.length === 1 ? 'is' : 'are'} ${counted(resolved.length, 'target')}, listed by \`fleet plan --json\``,
    );

  const targets = new Planner(matched, input).targets();
  const changed = new Set(targets.filter((one) => one.reasons.length > 0).map((one) => one.target.id));
  // What is blocked would change: who asks for changes is to hear of it.
  const kept = filter.only === 'changed' ? targets.filter((one) => changed.has(one.target.id) || one.blocked !== undefined) : targets;

  const waves = buildWaves(
    kept.filter((one) => one.reasons.length > 0),
    { ...config, standingOn: deployedOn(resolved, records) },
  );
  const advice = matched.flatMap((one) => (changed.has(one.target.id) ? one.advice : []));
  const warnings = [
    ...planWarnings('unmatched', scope),
    ...checkWaves({ config, fleet: resolved, waves }, unmatched),
    ...warningsOf(advice, config.positions),
    ...secretWarnings(lackingSecrets(matched, input.secrets)),
    ...movesOf({ config, records, targets: kept, wanted: all }),
  ];
  requireUpstream(kept, records);

  const waveOf = new Map(waves.flatMap((wave) => wave.targets.map((id) => [id, wave.name] as const)));
  const plan: Omit<RolloutPlan, 'digest'> = {
    version: 1,
    purpose: 'rollout',
    fleet: config.name,
    release: release.digest,
    inventory: inventory.digest,
    targets: kept.map((one) => ({ ...one, wave: waveOf.get(one.target.id) ?? null })),
    waves,
    limits: wholeLimits(effectiveLimits(config.limits, changed.size), waves),
    rollback: config.rollback,
    windows: config.windows,
    configuration: configurationDigest(config),
    rollsBack: null,
    orphans: [...records.values()]
      .filter((record) => record.current !== null && !all.has(record.target))
      .map((record) => record.target)
      .sort(),
    excluded,
    warnings,
  };
  return agreedPlan(plan);
}

type Planned = Omit<PlannedTarget, 'wave'>;

/** Decides each target once, after what it reads: the order of the targets makes no difference. */
class Planner {
  readonly #resolved: ReadonlyMap<TargetId, ResolvedTarget>;
  readonly #input: PlanInput;
  readonly #planned = new Map<TargetId, Planned>();

  constructor(resolved: readonly ResolvedTarget[], input: PlanInput) {
    this.#resolved = new Map(resolved.map((one) => [one.target.id, one]));
    this.#input = input;
  }

  targets(): readonly Planned[] {
    return [...this.#resolved.values()].map((one) => this.#plan(one));
  }

  #plan(one: ResolvedTarget): Planned {
    const known = this.#planned.get(one.target.id);
    if (known) return known;
    const { records, release, redeploy = false } = this.#input;
    const record = records.get(one.target.id);
    const parts = partsOf(one, { manifest: release.manifest, good: record?.good ?? null });
    const desired = desiredOf(parts);
    const upstreamChanges =
      one.config.upstream.some((up) => this.#changes(up.target)) || upstreamDiffers({ one, desired, record, records });
    const secrets = secretsOf(one.config, this.#input.secrets);
    const rotated = rotatedSecrets(record, secrets);
    const needed = reasonsOf(record, { parts, upstreamChanges, rotated });
    // What turns out to need nothing when its turn comes is deployed all the same.
    const wanted: readonly ChangeReason[] = redeploy && needed.every((reason) => reason === 'upstream') ? [...needed, 'asked'] : needed;
    const reasons = one.blocked === null ? wanted : [];
    const details = [
      ...(reasons.includes('config') && record?.good
        ? configDifference(readConfig(record.good.config, one.layer), readConfig(one.config, one.layer))
        : []),
      ...(reasons.includes('secret') ? rotated.map((variable) => `secret ${variable} has another value`) : []),
    ];
    const { target, accountName, config, dependencies } = one;
    const planned: Planned = {
      target,
      accountName,
      stage: one.layer.stage,
      config,
      parts,
      desired,
      ...(secrets && { secrets }),
      reasons,
      details,
      dependencies,
      release: release.digest,
      purpose: 'forward',
      stableVersion: record?.good?.live ?? null,
      previousVersion: record?.good?.previous ?? null,
      ...(one.blocked === null ? {} : { blocked: one.blocked }),
    };
    this.#planned.set(target.id, planned);
    return planned;
  }

  /** What is not selected does not change in this rollout; what is only deployed again keeps its outputs. */
  #changes(id: TargetId): boolean {
    const upstream = this.#resolved.get(id);
    return upstream !== undefined && this.#plan(upstream).reasons.some((reason) => reason !== 'asked');
  }
}

function partsOf(
  { layer, config }: ResolvedTarget,
  { manifest, good }: { readonly manifest: ReleaseManifest; readonly good: Deployment | null },
): DesiredParts {
  const built = manifest.layers[layer.name];
  if (!built)
    throw userError('release-incomplete', `the release has no program for layer ${layer.name}: build it again from a source that has it`);
  const lambdas = Object.fromEntries(built.lambdas.map((name) => [name, manifest.lambdas[name]?.digest ?? '']));
  return { program: built.digest, lambdas, config: configDigest(config, { layer, good }), provider: manifest.providerVersion };
}

function reasonsOf(
  record: TargetRecord | undefined,
  now: { readonly parts: DesiredParts; readonly upstreamChanges: boolean; readonly rotated: readonly string[] },
): readonly ChangeReason[] {
  const { parts, upstreamChanges, rotated } = now;
  if (!record?.good) return record && isUnsettled(record) ? ['new', 'dirty'] : ['new'];
  const before = record.good.parts;
  const reasons: ChangeReason[] = [];
  if (before.program !== parts.program || digestOf(before.lambdas) !== digestOf(parts.lambdas)) reasons.push('program');
  if (before.config !== parts.config) reasons.push('config');
  if (before.provider !== parts.provider) reasons.push('provider');
  if (rotated.length > 0) reasons.push('secret');
  if (upstreamChanges) reasons.push('upstream');
  if (isUnsettled(record)) reasons.push('dirty');
  return reasons;
}

/** Variables with another value than what is good, or what stands, was deployed with. Before there were digests nobody knows, and nothing changed. */
function rotatedSecrets(record: TargetRecord | undefined, secrets: SecretDigests | undefined): readonly string[] {
  return [...new Set([record?.good, record?.current].flatMap((deployment) => changedSecrets(deployment?.secrets, secrets)))].sort();
}

/** Deployed targets that need a target: what they say of their health is what its wave goes by. */
function deployedOn(fleet: readonly ResolvedTarget[], records: TargetRecords): (target: TargetId) => readonly TargetId[] {
  const standing = new Map<TargetId, TargetId[]>();
  for (const { target, dependencies } of fleet) {
    const record = records.get(target.id);
    if (!record?.good && !record?.current) continue;
    for (const { target: needed, kind } of dependencies) {
      if (kind !== 'hard') continue;
      const others = standing.get(needed);
      if (others) others.push(target.id);
      else standing.set(needed, [target.id]);
    }
  }
  return (target) => standing.get(target) ?? [];
}

/** Refuses waves that cannot do what they are for. On a simulated organisation, whose time runs faster, short bakes are warnings. */
function checkWaves(check: WaveCheck, unmatched: 'refused' | 'allowed'): readonly PlanWarning[] {
  const trial = check.config.organization.source === 'sandbox';
  const short = shortWatches(check);
  const refused: readonly Problem[] = [...(unmatched === 'refused' ? unmatchedWaves(check) : []), ...(trial ? [] : short)];
  if (refused.length > 0) throw userProblems('waves', refused);
  return planWarnings('short-watch', short);
}

/** Problems that do not stop a plan. */
function planWarnings(code: string, problems: readonly Problem[]): readonly PlanWarning[] {
  return problems.map(({ message, at }) => ({ code, message, at: at ?? null, targets: 0, example: null }));
}

/** An upstream stack was deployed since (in a rollout that did not come this far) and its outputs are others now. */
function upstreamDiffers(target: {
  readonly one: ResolvedTarget;
  readonly desired: string;
  readonly record: TargetRecord | undefined;
  readonly records: TargetRecords;
}): boolean {
  const { one, desired, record, records } = target;
  if (record?.good?.desired !== desired) return false;
  return record.good.fingerprint !== fingerprintOf(desired, upstreamDigests(one.config, records));
}

function requireUpstream(targets: readonly Planned[], records: TargetRecords): void {
  const planned = new Set(targets.map((one) => one.target.id));
  const lacking = new Map<TargetId, number>();
  for (const { dependencies, reasons } of targets) {
    if (reasons.length === 0) continue;
    for (const { target, kind } of dependencies) {
      if (kind === 'hard' && !planned.has(target) && !records.get(target)?.good) lacking.set(target, (lacking.get(target) ?? 0) + 1);
    }
  }
  if (lacking.size === 0) return;
  throw userProblems(
    'upstream-not-deployed',
    [...lacking].map(([target, count]) => ({
      message: `${target} is not deployed and not selected, and ${count} selected target${count === 1 ? ' needs' : 's need'} it: widen the filter`,
    })),
  );
}

import type { AccountId, Region } from '../../contracts/ids';
import type { Finding } from '../../contracts/finding';
import { layers, type Layer, type LayerEdge, type Placement } from '../../contracts/layers';
import { tagFindings } from '../../contracts/tags';
import { compareTargetIds, targetAt, type Target, type TargetId } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';
import type { FleetConfig } from '../config/fleet-config';
import { placeSettings } from '../config/place-settings';
import type { Inventory } from '../discovery/inventory';
import type { WorkloadPlace } from '../discovery/select-targets';
import { userProblems } from '../errors';

import { assignParts } from './assign-parts';
import type { Dependency } from './rollout-plan';
import { problemsOf, type FoundAt } from './settings-review';
import { sortRefusals, type Refusal } from './sort-refusals';
import type { TargetRecords } from './target-record';

/** What targets are resolved from. */
export interface ResolveInput {
  readonly config: FleetConfig;
  readonly inventory: Inventory;
  /** Where workloads run, selected. */
  readonly workloads: readonly WorkloadPlace[];
  readonly records: TargetRecords;
}

/** A target with what its program is told. */
export interface ResolvedTarget {
  readonly target: Target;
  readonly layer: Layer;
  readonly accountName: string;
  readonly unit: string | null;
  readonly config: TargetConfig;
  readonly dependencies: readonly Dependency[];
  /** What AWS or the requirements advise against in its settings. */
  readonly advice: readonly FoundAt[];
  /** Why it is left as it is, whatever else changes; null: it is not. */
  readonly blocked: string | null;
}

/** A target and the upstream targets it reads. */
interface Site {
  readonly layer: Layer;
  readonly target: Target;
  readonly upstream: readonly { readonly target: Target; readonly edge: LayerEdge }[];
}

/**
 * Every target of the fleet with its config: the layers' table applied to the places. What AWS or the standard would refuse for one
 * account's own tags or limits blocks the targets of that account. Pure. Throws a user error with all problems at once that fleet.yaml makes:
 * settings that AWS would refuse, tags that the standard demands.
 */
export function resolveTargets(input: ResolveInput): readonly ResolvedTarget[] {
  const { config, inventory } = input;
  const accounts = new Map(inventory.accounts.map((account) => [account.id, account]));
  const settingsAt = placeSettings(config);
  const workloadAccounts = [...new Set(input.workloads.map((place) => place.account.id))].sort();
  const refusals: Refusal[] = [];
  const sites = sitesOf(input);

  const resolved = sites.map(({ layer, target, upstream }): ResolvedTarget => {
    const account = accounts.get(target.account);
    if (!account) throw new Error(`${target.id} stands in an account that the inventory lacks`);
    const place = settingsAt({ account: account.id, region: target.region, unit: account.unit, accountTags: account.tags });
    const { blocks, tags } = place;
    const facts = {
      account: account.id,
      region: target.region,
      part: target.part,
      homeRegion: config.homeRegion,
      lambdaConcurrency: account.lambdaConcurrency[target.region] ?? null,
      workloadAccounts,
      fileBlocks: config.blocks,
    };
    const settings = layer.resolve(blocks, facts);
    const reviewed = layer.review(settings, { blocks, facts });
    const found = [...reviewed, ...tagFindings(tags)].map((finding) => ({
      finding,
      origin: place,
      place: `${account.name} (${account.id}) in ${target.region}`,
    }));
    for (const one of found.filter(({ finding }) => finding.level === 'refused')) {
      const withoutAccount = (): readonly Finding[] => {
        const alone = settingsAt({ account: account.id, region: target.region, unit: account.unit, accountTags: {} });
        const unlimited = { blocks, facts: { ...facts, lambdaConcurrency: null } };
        return [...layer.review(layer.resolve(blocks, unlimited.facts), unlimited), ...tagFindings(alone.tags)];
      };
      const outOf = reviewed.includes(one.finding) ? sites.filter((site) => site.layer === layer).length : sites.length;
      refusals.push({ ...one, target: target.id, account: `${account.name} (${account.id})`, outOf, withoutAccount });
    }
    return {
      target,
      layer,
      accountName: account.name,
      unit: account.unit,
      advice: found.filter(({ finding }) => finding.level === 'advice'),
      blocked: null,
      dependencies: upstream.map(({ target: { id }, edge }) => ({ target: id, kind: edge.kind })),
      config: {
        version: 1,
        fleet: config.name,
        target: target.id,
        account: { id: account.id, name: account.name, unit: account.unit ?? '' },
        region: target.region,
        part: target.part,
        homeRegion: config.homeRegion,
        organizationId: inventory.organizationId,
        accounts: config.accounts,
        deployRole: config.deployRole,
        tags,
        upstream: upstream.map((up) => ({ target: up.target.id, accountName: accounts.get(up.target.account)?.name ?? '' })),
        settings,
      },
    };
  });
  const { ofFile, blocked } = sortRefusals(refusals, config.positions);
  if (ofFile.length > 0) throw userProblems('invalid-target', problemsOf(ofFile, config.positions));
  return blocked.size === 0 ? resolved : resolved.map((one) => ({ ...one, blocked: blocked.get(one.target.id) ?? null }));
}

/** The whole target graph, upstream before downstream. */
function sitesOf(input: ResolveInput): readonly Site[] {
  const sites = new Map<string, readonly Site[]>();
  for (const layer of layers) sites.set(layer.name, sitesOfLayer(layer, { ...input, sites }));
  // Edges of a layer to itself (the home region reads the other regions') need all its targets first.
  return [...sites.values()].flat().map((site) => {
    const own = site.layer.edges
      .filter((edge) => edge.layer === site.layer.name)
      .flatMap((edge) => ownEdge(site, { edge, input, siblings: sites.get(site.layer.name) ?? [] }));
    return own.length === 0 ? site : { ...site, upstream: [...site.upstream, ...own] };
  });
}

function sitesOfLayer(layer: Layer, input: ResolveInput & { readonly sites: ReadonlyMap<string, readonly Site[]> }): readonly Site[] {
  return placesOf(layer.placement, input).flatMap(({ account, region }): readonly Site[] => {
    const upstream = layer.edges
      .filter((edge) => edge.layer !== layer.name && edge.from === 'same region')
      .map((edge) => ({
        edge,
        targets: (input.sites.get(edge.layer) ?? []).map((site) => site.target).filter((target) => target.region === region),
      }));
    const reads = (targets: (edge: LayerEdge, all: readonly Target[]) => readonly Target[]) =>
      upstream.flatMap(({ edge, targets: all }) => targets(edge, all).map((target) => ({ edge, target })));
    if (layer.membersPerPart === null)
      return [{ layer, target: targetAt({ layer: layer.name, account, region }), upstream: reads((_edge, all) => all) }];

    const isMember = (edge: LayerEdge) => layerOf(edge).placement === 'workload';
    const members = upstream.filter(({ edge }) => isMember(edge)).flatMap(({ targets }) => targets.map((target) => target.id));
    const parts = assignParts(
      [...members].sort(compareTargetIds),
      previousParts(layer, { account, region, records: input.records }),
      layer.membersPerPart,
    );
    return [...parts].map(([part, kept]) => {
      const inPart = new Set(kept);
      return {
        layer,
        target: targetAt({ layer: layer.name, account, region, part }),
        upstream: reads((edge, all) => (isMember(edge) ? all.filter((target) => inPart.has(target.id)) : all)),
      };
    });
  });
}

function ownEdge(site: Site, context: { readonly edge: LayerEdge; readonly input: ResolveInput; readonly siblings: readonly Site[] }) {
  const { edge, input, siblings } = context;
  if (site.target.region !== input.config.homeRegion || site.target.part !== 1) return [];
  return siblings.filter((sibling) => sibling.target.id !== site.target.id).map((sibling) => ({ edge, target: sibling.target }));
}

function placesOf(
  placement: Placement,
  { config, workloads }: ResolveInput,
): readonly { readonly account: AccountId; readonly region: Region }[] {
  switch (placement) {
    case 'shared':
    case 'monitoring':
      return config.regions.map((region) => ({ account: config.accounts[placement], region }));
    case 'workload':
      return workloads.map(({ account, region }) => ({ account: account.id, region }));
    default:
      throw new Error(`unknown placement ${placement satisfies never as string}`);
  }
}

function layerOf(edge: LayerEdge): Layer {
  const layer = layers.find((row) => row.name === edge.layer);
  if (!layer) throw new Error(`layer ${edge.layer} is no row of the table`);
  return layer;
}

/** Which members each part had, by the records: a member never changes part. */
function previousParts(
  layer: Layer,
  where: { readonly account: AccountId; readonly region: Region; readonly records: TargetRecords },
): ReadonlyMap<number, readonly TargetId[]> {
  const parts = new Map<number, readonly TargetId[]>();
  for (let part = 1; ; part += 1) {
    const record = where.records.get(targetAt({ layer: layer.name, account: where.account, region: where.region, part }).id);
    const config = record?.current?.config ?? record?.good?.config;
    if (!config) return parts;
    parts.set(
      part,
      config.upstream.map((up) => up.target),
    );
  }
}

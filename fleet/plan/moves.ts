import { counted } from '../../contracts/counted';
import { findLayer, layers } from '../../contracts/layers';
import { targetSchema, type Target, type TargetId } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';
import { positionOf } from '../config/file-positions';
import type { FleetConfig } from '../config/fleet-config';

import type { PlannedTarget, PlanWarning } from './rollout-plan';
import { warningsOf } from './settings-review';
import { isDestroyed, type TargetRecords } from './target-record';

/** What says that a plan cannot be carried out: a rollout and a preflight refuse it. */
export const CANNOT_MOVE = 'cannot-move';

/** What moves are seen in. */
export interface MovesInput {
  readonly config: FleetConfig;
  readonly records: TargetRecords;
  /** What the plan has. */
  readonly targets: readonly Pick<PlannedTarget, 'target' | 'accountName' | 'config' | 'reasons'>[];
  /** All that fleet.yaml and the organisation name, in the plan or not. */
  readonly wanted: ReadonlySet<TargetId>;
}

interface Standing {
  readonly target: Target;
  readonly config: TargetConfig;
}

/**
 * What fleet.yaml moves from where it stands to somewhere else (another shared or monitoring account, another home region, a region that goes),
 * in which order, and what is left for a person to do; and of these what cannot work ({@link CANNOT_MOVE}). Pure.
 */
export function movesOf({ config, records, targets, wanted }: MovesInput): readonly PlanWarning[] {
  // Of what was destroyed but for its data nothing is left that could move, or be in the way.
  const standing = [...records.values()].flatMap((record): readonly Standing[] =>
    record.current === null || isDestroyed(record) ? [] : [{ target: targetSchema.parse(record.target), config: record.current.config }],
  );
  return [
    ...cannotMove({ config, targets }, standing),
    ...(['shared', 'monitoring'] as const).flatMap((key) => accountMoves(key, config, { standing, wanted })),
    ...homeMove(config, standing),
    ...goneRegions(config, standing),
  ];
}

function cannotMove({ config, targets }: Pick<MovesInput, 'config' | 'targets'>, standing: readonly Standing[]): readonly PlanWarning[] {
  const found = targets.flatMap(({ target, accountName, config: wanted, reasons }) => {
    const layer = findLayer(target.layer);
    if (!layer?.cannotMove || reasons.length === 0) return [];
    const others = standing.filter((one) => one.target.layer === target.layer && one.target.region === target.region);
    const finding = others.map((one) => layer.cannotMove?.(one.config, wanted) ?? null).find((one) => one !== null);
    const place = `${accountName} (${target.account}) in ${target.region}`;
    return finding ? [{ finding, origin: { overrides: [], accountTags: [] }, place }] : [];
  });
  return warningsOf(found, config.positions);
}

interface Moving {
  readonly standing: readonly Standing[];
  readonly wanted: ReadonlySet<TargetId>;
}

/** The new ones come beside the old ones, what reads them follows, and then the old ones go: expand and contract. */
function accountMoves(key: 'shared' | 'monitoring', config: FleetConfig, { standing, wanted }: Moving): readonly PlanWarning[] {
  const moving = layers.filter(({ placement }) => placement === key);
  const names = moving.map(({ name }) => name);
  const now = config.accounts[key];
  const [old, others] = split(standing, ({ target }) => names.includes(target.layer) && target.account !== now);
  const from = [...new Set(old.map(({ target }) => target.account))];
  return from.map((account): PlanWarning => {
    const left = old.filter(({ target }) => target.account === account);
    const ids = new Set(left.map(({ target }) => target.id));
    const readers = others.filter(({ target, config: read }) => wanted.has(target.id) && read.upstream.some((up) => ids.has(up.target)));
    const moved = readers.length === 0 && others.some(({ target }) => names.includes(target.layer));
    const follow = readers.length === 0 ? '' : `, then what reads it follows (${counted(readers.length, 'target')})`;
    const message = moved
      ? `accounts.${key} has moved from ${account} to ${now}, and ${counted(left.length, 'old target')} stand${left.length === 1 ? 's' : ''} there still`
      : `accounts.${key} moves from ${account} to ${now}: ${names.join(', ')} is made there beside the old one, one region after the other${follow}; the old one stays until all is rolled out`;
    const used = left.flatMap((one) => others.flatMap((other) => stillUsed(one, other) ?? []))[0];
    const destroy = `fleet destroy --account ${account} --layer ${names.join(' --layer ')}`;
    const end =
      used === undefined
        ? `${destroy} takes ${moved ? 'them away' : 'it away then'}`
        : `it made ${used}, and stays as long as that is used`;
    return {
      code: 'moves',
      message: `${message}; ${end}`,
      at: positionOf(config.positions, ['accounts', key]) ?? null,
      targets: 0,
      example: null,
    };
  });
}

function stillUsed(owner: Standing, user: Standing): string | null {
  return owner.target.layer === user.target.layer ? (findLayer(owner.target.layer)?.stillUsed?.(owner.config, user.config) ?? null) : null;
}

function split<Item>(items: readonly Item[], takes: (item: Item) => boolean): readonly [readonly Item[], readonly Item[]] {
  return [items.filter(takes), items.filter((item) => !takes(item))];
}

function homeMove(config: FleetConfig, standing: readonly Standing[]): readonly PlanWarning[] {
  const from = [...new Set(standing.filter(({ target }) => config.regions.includes(target.region)).map((one) => one.config.homeRegion))];
  return from
    .filter((home) => home !== config.homeRegion)
    .map((home) => ({
      code: 'moves',
      message: `homeRegion moves from ${home} to ${config.homeRegion}: topics first, whose e-mail subscriptions are made anew there and must be confirmed, every target after that, and at the end the fleet-wide dashboards and alarms, which go from ${home} before they are made in ${config.homeRegion}; roll out all regions at once, not with --region`,
      at: positionOf(config.positions, ['homeRegion']) ?? null,
      targets: 0,
      example: null,
    }));
}

function goneRegions(config: FleetConfig, standing: readonly Standing[]): readonly PlanWarning[] {
  const gone = [...new Set(standing.map(({ target }) => target.region).filter((region) => !config.regions.includes(region)))].sort();
  return gone.map((region) => {
    const count = standing.filter(({ target }) => target.region === region).length;
    return {
      code: 'moves',
      message: `region ${region} is in regions no more: the dashboards are brought up to date, and ${counted(count, 'target')} there ${count === 1 ? 'stays as it is' : 'stay as they are'}; fleet destroy --region ${region} takes ${count === 1 ? 'it' : 'them'} away`,
      at: positionOf(config.positions, ['regions']) ?? null,
      targets: 0,
      example: null,
    };
  });
}

import { formatSeconds } from '../../contracts/duration';
import type { TargetId } from '../../contracts/target';
import type { FleetConfig, Wave } from '../config/fleet-config';
import { positionOf } from '../config/file-positions';
import { problemAt, type FilePosition, type Problem } from '../errors';

import { describePick, pickMatcher } from './pick-filter';
import type { ResolvedTarget } from './resolve-targets';
import type { PlannedWave } from './rollout-plan';

/** What is checked: the configured waves against every target of the fleet, and against the waves that were cut. */
export interface WaveCheck {
  readonly config: FleetConfig;
  readonly fleet: readonly ResolvedTarget[];
  readonly waves: readonly PlannedWave[];
}

const MINUTE = 60;
/** A fault that shows is evaluated, and its alarm noticed, within this time. */
const TIME_TO_ALARM = 10 * MINUTE;
/** Two evaluation windows of the alarms, and the time metrics take to arrive. */
const SHORTEST_WATCH = 2 * 5 * MINUTE + 3 * MINUTE;

/** Waves whose filter matches no target of the fleet: they would never roll anything out. */
export function unmatchedWaves({ config, fleet }: Omit<WaveCheck, 'waves'>): readonly Problem[] {
  return config.waves.flatMap((wave, index) => {
    const filter = wave.pick?.filter ?? {};
    const described = describePick(filter);
    if (described.length === 0 || candidatesOf(wave, fleet).length > 0) return [];
    const [key] = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const place = described.length === 1 && key !== undefined ? ['pick', key] : ['pick'];
    return [
      problemAt(
        `wave ${wave.name} picks by ${described.join(', ')}, which matches no target of the fleet: correct it, or remove the wave`,
        wavePosition(config, [index, ...place]),
      ),
    ];
  });
}

/** Bakes and traffic watches that end before an alarm could tell of a fault (AWS.md A5). */
export function shortWatches(check: WaveCheck): readonly Problem[] {
  return [...shortBakes(check), ...shortTrafficWatch(check.config)];
}

function shortBakes({ config, fleet, waves }: WaveCheck): readonly Problem[] {
  const byId = new Map(fleet.map((one) => [one.target.id, one]));
  return config.waves.flatMap((wave, index) => {
    if (wave.shortBake || wave.bakeSeconds === 0) return [];
    const planned = waves.filter(({ group, stage }) => stage === 'waves' && group === wave.name).flatMap(({ targets }) => targets);
    const shows = secondsToShow(planned.length > 0 ? inFleet(planned, byId) : candidatesOf(wave, fleet));
    if (shows.length === 0) return [];
    // With nothing planned it is wrong only where it is too short for whatever the wave will have.
    const slowest = planned.length > 0 ? Math.max(...shows) : Math.min(...shows);
    const needed = slowest + TIME_TO_ALARM;
    if (wave.bakeSeconds >= needed) return [];
    return [
      problemAt(
        `wave ${wave.name} bakes ${formatSeconds(wave.bakeSeconds)}, but a fault takes up to ${formatSeconds(slowest)} to show and ${formatSeconds(TIME_TO_ALARM)} to raise an alarm: bake ${formatSeconds(needed)} or longer, or set shortBake: true`,
        wavePosition(config, [index, 'bake']),
      ),
    ];
  });
}

function shortTrafficWatch({ traffic, waves, positions }: FleetConfig): readonly Problem[] {
  const watching = waves.filter((wave) => !wave.shortBake && traffic?.waves.includes(wave.name));
  if (traffic === null || watching.length === 0 || traffic.watchSeconds >= SHORTEST_WATCH) return [];
  return [
    problemAt(
      `traffic.watch ${formatSeconds(traffic.watchSeconds)} ends before the alarms of wave ${watching.map((wave) => wave.name).join(', ')} can tell: watch ${formatSeconds(SHORTEST_WATCH)} or longer, or set shortBake: true there`,
      positionOf(positions, ['traffic', 'watch']),
    ),
  ];
}

/** Targets of the fleet that a wave could pick, changed or not. */
function candidatesOf(wave: Wave, fleet: readonly ResolvedTarget[]): readonly ResolvedTarget[] {
  const fits = pickMatcher(wave.pick?.filter ?? {});
  return fleet.filter((one) => one.layer.stage === 'waves' && fits(one));
}

function inFleet(ids: readonly TargetId[], byId: ReadonlyMap<TargetId, ResolvedTarget>): readonly ResolvedTarget[] {
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function secondsToShow(targets: readonly ResolvedTarget[]): readonly number[] {
  // Thousands of targets have a handful of settings between them.
  const distinct = new Map(
    targets.filter(({ blocked }) => blocked === null).map((one) => [`${one.layer.name} ${JSON.stringify(one.config.settings)}`, one]),
  );
  return [...distinct.values()].flatMap(({ layer, config }) => layer.secondsToShow?.(config.settings) ?? []);
}

/** A wave of fleet.yaml stands where it is written; one of a preset where the preset is named, if it is. */
function wavePosition({ positions }: FleetConfig, path: readonly PropertyKey[]): FilePosition | undefined {
  return positionOf(positions, ['waves', ...path]) ?? positionOf(positions, ['preset']);
}

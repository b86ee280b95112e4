import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { defaultDeployRole } from '../../contracts/names';

import type { EngineChoice, FleetConfig, Limits, OrganizationSource, StateLocation, Traffic, Wave } from './fleet-config';
import type { FleetFile, FriendlyLimits, FriendlyWave } from './fleet-file';
import { withoutPositions, type FilePositions } from './file-positions';
import { DEFAULT_MIN_ORDERS, presets, type PresetName } from './presets';

const DEFAULT_LIMITS: Limits = {
  maxConcurrent: { kind: 'count', value: 20 },
  perAccount: 2,
  perRegion: null,
  failureTolerance: { kind: 'percent', value: 10 },
  mode: 'strict',
  targetTimeoutSeconds: 30 * 60,
};

const DEFAULT_PRESET: PresetName = 'careful';
const DEFAULT_CANARY_PERCENT = 10;
const DEFAULT_WATCH_SECONDS = 15 * 60;

/** The friendly form, checked, to the resolved one. Pure; `path` is the absolute path of fleet.yaml. */
export function resolveConfig(
  file: FleetFile,
  { path, positions }: { readonly path: string; readonly positions: FilePositions },
): FleetConfig {
  const directory = dirname(path);
  const state = stateLocation(file.state, directory);
  const limits = withLimits(DEFAULT_LIMITS, file.limits ?? {});
  const preset = presets[file.preset ?? DEFAULT_PRESET];
  const waves = file.waves?.map((wave) => waveOf(wave, limits)) ?? presetWaves(file.preset ?? DEFAULT_PRESET, limits);
  return {
    file: path,
    positions,
    written: { organization: file.organization.path ?? null, state: file.state ?? null, backend: file.backend ?? null },
    name: file.name,
    homeRegion: file.homeRegion ?? first(file.regions),
    organization: organizationSource(file.organization, directory),
    engine: engineChoice(file, { state, directory }),
    state,
    accounts: file.accounts,
    deployRole: file.deployRole ?? defaultDeployRole(file.name),
    regions: file.regions,
    tags: file.tags ?? {},
    workloads: {
      units: file.workloads?.units ?? ['Workloads/**'],
      exclude: { accounts: file.workloads?.exclude?.accounts ?? [], units: file.workloads?.exclude?.units ?? [] },
    },
    blocks: file.blocks,
    overrides: file.overrides.map(({ match, tags, blocks }) => ({ match, tags: tags ?? {}, blocks })),
    waves,
    limits,
    rollback: file.rollback ?? 'wave',
    traffic: trafficOf(file.traffic, waves),
    windows:
      file.windows && !(file.waves === undefined && preset.ignoresWindows)
        ? { timezone: file.windows.timezone ?? 'UTC', allow: file.windows.allow }
        : null,
  };
}

/** The configuration with a preset's waves instead of its own, as `--preset` asks. */
export function withPreset(config: FleetConfig, name: PresetName): FleetConfig {
  const waves = presetWaves(name, config.limits);
  const shifting = config.traffic?.waves.filter((wave) => waves.some((candidate) => candidate.name === wave)) ?? [];
  return {
    ...config,
    // The file does not say what the preset does.
    positions: withoutPositions(config.positions, ['waves', 'preset']),
    waves,
    traffic: config.traffic && shifting.length > 0 ? { ...config.traffic, waves: shifting } : null,
    windows: presets[name].ignoresWindows ? null : config.windows,
  };
}

function presetWaves(name: PresetName, limits: Limits): readonly Wave[] {
  return presets[name].waves.map((wave) => ({ ...wave, spread: true, countSynthetic: false, limits }));
}

function waveOf(wave: FriendlyWave, limits: Limits): Wave {
  return {
    name: wave.name,
    pick: wave.pick ?? null,
    bakeSeconds: wave.bake ?? 0,
    minOrders: wave.minOrders ?? DEFAULT_MIN_ORDERS,
    countSynthetic: wave.countSynthetic ?? false,
    approval: wave.approval !== undefined && wave.approval !== 'none',
    ...approversOf(wave.approval),
    spread: wave.spread ?? true,
    shortBake: wave.shortBake ?? false,
    limits: withLimits(limits, wave),
  };
}

/** `required` alone asks for one person, whoever it is: a fleet of one person has nobody else. */
function approversOf(approval: FriendlyWave['approval']): Pick<Wave, 'approvers'> {
  if (approval === undefined || typeof approval === 'string') return {};
  const { required, by, expires } = approval;
  return { approvers: { required: required ?? 1, by: by ?? [], ...(expires !== undefined && { expiresSeconds: expires }) } };
}

function withLimits(base: Limits, own: FriendlyLimits): Limits {
  return {
    maxConcurrent: own.maxConcurrent ?? base.maxConcurrent,
    perAccount: own.perAccount ?? base.perAccount,
    perRegion: own.perRegion ?? base.perRegion,
    failureTolerance: own.failureTolerance ?? base.failureTolerance,
    mode: own.mode ?? base.mode,
    targetTimeoutSeconds: own.targetTimeout ?? base.targetTimeoutSeconds,
  };
}

function organizationSource({ source, path }: FleetFile['organization'], directory: string): OrganizationSource {
  return source === 'aws' ? { source } : { source, path: resolve(directory, path ?? '') };
}

function stateLocation(text: string | undefined, directory: string): StateLocation {
  const s3 = /^s3:\/\/([^/]+)\/*(.*?)\/*$/.exec(text ?? '');
  if (s3) return { kind: 's3', bucket: s3[1] ?? '', prefix: s3[2] ?? '' };
  return { kind: 'folder', path: resolve(directory, text ?? '.fleet') };
}

function engineChoice(file: FleetFile, { state, directory }: { readonly state: StateLocation; readonly directory: string }): EngineChoice {
  // A sandbox organisation without an engine gets the simulated one: the real one would look for real accounts.
  const kind = file.engine ?? (file.organization.source === 'sandbox' ? 'sandbox' : 'pulumi');
  if (kind === 'sandbox') return { kind };
  const fallback = state.kind === 'folder' ? join(state.path, 'pulumi') : '';
  return { kind, backend: backendUrl(file.backend ?? fallback, directory), secretsProvider: file.secretsProvider ?? 'passphrase' };
}

function backendUrl(text: string, directory: string): string {
  return text.startsWith('s3://') ? text : pathToFileURL(resolve(directory, text.replace(/^file:\/\//, ''))).href;
}

function trafficOf(traffic: FleetFile['traffic'], waves: readonly Wave[]): Traffic | null {
  if (!traffic) return null;
  return {
    canaryPercent: traffic.canaryPercent ?? DEFAULT_CANARY_PERCENT,
    watchSeconds: traffic.watch ?? DEFAULT_WATCH_SECONDS,
    waves: traffic.in ?? waves.map((wave) => wave.name),
  };
}

function first<Value>(values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined) throw new RangeError('the schema lets no empty list of regions through');
  return value;
}

import type { WavePick } from './fleet-config';

/** Ready-made waves, for `preset:` in fleet.yaml and `--preset`. */
export const presetNames = ['dev', 'careful', 'emergency'] as const;

/** The name of a preset. */
export type PresetName = (typeof presetNames)[number];

/** What a preset says of one wave; the fleet's limits hold in all of them. */
export interface PresetWave {
  readonly name: string;
  readonly pick: WavePick | null;
  readonly bakeSeconds: number;
  readonly minOrders: number;
  readonly approval: boolean;
  readonly shortBake: boolean;
}

/** One way to roll out. */
export interface Preset {
  readonly waves: readonly PresetWave[];
  /** An emergency does not wait for Monday. */
  readonly ignoresWindows: boolean;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** A bake without any order proves nothing: at least one, unless a wave says otherwise. */
export const DEFAULT_MIN_ORDERS = 1;

const wave = (name: string, rest: Partial<Omit<PresetWave, 'name'>>): PresetWave => ({
  name,
  pick: null,
  bakeSeconds: 0,
  minOrders: DEFAULT_MIN_ORDERS,
  approval: false,
  shortBake: false,
  ...rest,
});

const oneTarget: WavePick = { amount: { kind: 'count', value: 1 }, filter: {} };

/** What stands behind each preset. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  // One wave and nothing to wait for, so that nobody is tempted to disable gates where they matter.
  dev: { waves: [wave('all', { shortBake: true })], ignoresWindows: false },
  careful: {
    waves: [
      wave('canary', { pick: oneTarget, bakeSeconds: HOUR, minOrders: 100 }),
      wave('early', { pick: { amount: { kind: 'percent', value: 10 }, filter: {} }, bakeSeconds: 12 * HOUR }),
      wave('rest', { bakeSeconds: 2 * HOUR, approval: true }),
    ],
    ignoresWindows: false,
  },
  emergency: {
    waves: [wave('canary', { pick: oneTarget, bakeSeconds: 5 * MINUTE, shortBake: true }), wave('rest', { shortBake: true })],
    ignoresWindows: true,
  },
};

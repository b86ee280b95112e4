import type { Amount } from './fleet-config';

/** Ready-made waves, for `preset:` in fleet.yaml and `--preset`. */
export const presetNames = ['dev', 'careful', 'emergency'] as const;

/** The name of a preset. */
export type PresetName = (typeof presetNames)[number];

/** What a preset says of one wave; the fleet's limits hold in all of them. */
export interface PresetWave {
  readonly name: string;
  readonly pick: Amount | null;
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

const wave = (name: string, rest: Partial<Omit<PresetWave, 'name'>>): PresetWave => ({
  name,
  pick: null,
  bakeSeconds: 0,
  minOrders: 0,
  approval: false,
  shortBake: false,
  ...rest,
});

const canary: Amount = { kind: 'count', value: 1 };

/** What stands behind each preset. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  // Everything at once and nothing to wait for, so that nobody is tempted to disable gates where they matter.
  dev: { waves: [wave('all', { shortBake: true })], ignoresWindows: false },
  careful: {
    waves: [
      wave('canary', { pick: canary, bakeSeconds: 45 * MINUTE, minOrders: 100 }),
      wave('early', { pick: { kind: 'percent', value: 10 }, bakeSeconds: 2 * HOUR }),
      wave('rest', { bakeSeconds: HOUR, approval: true }),
    ],
    ignoresWindows: false,
  },
  emergency: {
    waves: [wave('canary', { pick: canary, bakeSeconds: 5 * MINUTE, shortBake: true }), wave('rest', { shortBake: true })],
    ignoresWindows: true,
  },
};

import { configurationDigest } from '../config/configuration-digest';
import { presetNames } from '../config/presets';
import { withPreset } from '../config/resolve-config';
import { userError } from '../errors';
import type { KeptRollout } from '../state/fleet-store';

import type { OpenFleet } from './context';

/** Which rollout a verb is about. */
export interface RolloutReference {
  readonly config: string;
  /** The last one where it is not given. */
  readonly rollout?: string;
}

/** A rollout by id, the last one by default. Throws a user error where there is none. */
export async function keptRollout({ store }: OpenFleet, id: string | undefined): Promise<KeptRollout> {
  const kept = await store.loadRollout(id);
  if (kept) return kept;
  const ids = await store.rolloutIds();
  throw userError(
    'unknown-rollout',
    id === undefined || ids.length === 0
      ? 'there is no rollout yet: start one with fleet rollout'
      : `rollout ${id} is unknown; the last ones are ${ids.slice(-3).join(', ')}`,
  );
}

/** A rollout goes on, and is approved, under the configuration that it was planned with. Throws a user error where fleet.yaml says another. */
export function refuseOtherConfiguration({ config }: OpenFleet, { id, plan }: KeptRollout): void {
  // What goes back or away does so by what it was deployed with.
  if (plan.purpose === 'rollback' || plan.purpose === 'destroy') return;
  // It may have been planned with one of the presets in place of the file's waves.
  const same = [config, ...presetNames.map((name) => withPreset(config, name))];
  if (same.some((one) => configurationDigest(one) === plan.configuration)) return;
  throw userError(
    'configuration-changed',
    `${config.file} is not what rollout ${id} was planned with: change it back to go on, or end that rollout with fleet abort ${id} and plan again`,
  );
}

import { userError } from '../errors';
import { reportText } from '../report/report-text';
import { reportOf } from '../report/rollout-report';

import { openFleet, type CommandOutcome } from './context';
import { replay } from './replay';

/** Which rollout. */
export interface RolloutReference {
  readonly config: string;
  /** The last one where it is not given. */
  readonly rollout?: string;
}

/** A rollout, running or finished, as one report. Throws a user error where there is none. */
export function status({ config, rollout }: RolloutReference): CommandOutcome {
  const { store } = openFleet(config);
  const kept = store.loadRollout(rollout);
  if (!kept) {
    const ids = store.rolloutIds();
    throw userError(
      'unknown-rollout',
      rollout === undefined || ids.length === 0
        ? 'there is no rollout yet: start one with fleet rollout'
        : `rollout ${rollout} is unknown; the last ones are ${ids.slice(-3).join(', ')}`,
    );
  }
  const report = reportOf(kept.id, kept.plan, replay(kept));
  return { exitCode: 0, text: reportText(report), data: report };
}

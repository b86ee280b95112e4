import { departures, type Departure } from '../discovery/departures';
import type { TargetRecords } from '../plan/target-record';
import { commit } from '../rollout/commit';
import { departedTargets, mayStillDeploy } from '../rollout/departed-targets';
import { replayRollout } from '../rollout/replay-rollout';
import type { KeptRollout } from '../state/fleet-store';
import type { JournalEntry } from '../state/journal-entry';

import type { CommandContext, OpenFleet } from './context';
import { organizationToday } from './organization-today';
import { startOf } from './start-of';
import { tellBlocked } from './tell-blocked';

/** Where nothing may be deployed any more, by the organisation and fleet.yaml as they are now. */
export async function departuresToday(fleet: OpenFleet, context: CommandContext): Promise<Departure> {
  const inventory = await organizationToday(fleet, context);
  return inventory === null ? () => null : departures({ config: fleet.config, inventory });
}

/** What to write down, before a rollout goes on, of the targets that left while nobody drove it; each that ends by it is told. */
export async function departedSince(
  { plan, entries }: Pick<KeptRollout, 'plan' | 'entries'>,
  { fleet, records }: { readonly fleet: OpenFleet; readonly records: TargetRecords },
  context: CommandContext,
): Promise<readonly JournalEntry[]> {
  const state = replayRollout({ plan, ...startOf(entries) });
  if (!mayStillDeploy(plan, state)) return [];
  const departed = await departuresToday(fleet, context);
  const event = departedTargets(plan, { state, departed, at: context.clock.now().toISOString() });
  if (event === null) return [];
  const committed = commit([{ event }], { state, records });
  const ended = event.departed.filter(({ target }) => {
    const state = committed.state.states.get(target);
    return state?.state === 'done' && state.outcome === 'blocked';
  });
  tellBlocked(ended, context.reporter);
  return committed.written;
}

import { startOf } from '../../fleet/commands/start-of';
import { openSandbox } from '../../fleet/engine/sandbox/open-sandbox-engine';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { Engine } from '../../fleet/ports';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import type { RolloutState } from '../../fleet/rollout/state';
import { readSegments } from '../../fleet/state/journal';
import type { JournalEntry } from '../../fleet/state/journal-entry';
import type { CheckedRollout } from '../invariants/check-journal';
import { checkReplay, type ReplayedStep } from '../invariants/check-replay';

import { checkWorld } from './check-world';
import { coverStep } from './coverage';
import { organizationOf } from './fleet-model';
import type { Outside } from './outside';
import type { RolloutStep } from './scenario';

/** Holds what a rollout left against its journal and against what stands. Gives the journal, for who checks all of them together. */
export async function checkRollout(
  outside: Outside,
  { step, id, plan }: { readonly step: RolloutStep; readonly id: string; readonly plan: RolloutPlan },
): Promise<CheckedRollout> {
  const { segments } = await readSegments(outside.objects, outside.store.rolloutPrefix(id), outside);
  const entries = segments.flatMap((segment) => segment.entries as JournalEntry[]);
  const { goods, events } = startOf(entries);
  const state: RolloutState = replayRollout({ plan, goods, events });
  const outdated = events.find((event) => event.type === 'approved' && event.approval.by.includes('old plan'));
  if (outdated) outside.no('S19', `${id} is approved at ${outdated.at} by somebody who read another plan`);
  if (state.outcome === null) outside.no('liveness', `${id} is said to have ended and its journal does not say so`);
  const rollout: CheckedRollout = { id, plan, segments, ended: true, operated: new Set(outside.operated) };
  checkLooks(outside, entries);
  const onStep = (step: ReplayedStep) => coverStep(outside.coverage, step);
  outside.violations.push(...checkReplay(rollout, { live: null, onStep }));
  const records = await outside.store.loadRecords();
  outside.violations.push(
    ...(await checkWorld({ id, plan, state, goods, records, disk: outside.disk, engine: inspectable(outside, step) })),
  );
  return rollout;
}

/** S16: an attempt that never began was seen not to have begun; what cannot be read says nothing. */
function checkLooks(outside: Outside, entries: readonly JournalEntry[]): void {
  const { looks, coverage } = outside;
  let pid = 0;
  for (const entry of entries) {
    if ('controller' in entry) ({ pid } = entry.controller);
    if (!('event' in entry)) continue;
    const { event } = entry;
    if (event.type === 'attempt-lost' && !event.ran && looks.couldRead(pid, event.target) !== true)
      outside.no('S16', `${event.target} is said never to have been begun by pid ${pid}, which could not read its stack`);
    if (event.type === 'target-ended' && event.error?.code === 'fleet/unknown-outcome' && looks.couldRead(pid, event.target) === false)
      coverage.hit('seen unreadable when settled');
  }
}

/** The organisation as a process that comes later finds it. */
function inspectable(outside: Outside, { figures }: RolloutStep): Engine {
  const clock = { now: () => new Date(outside.trueNow()), sleep: (milliseconds: number) => outside.time.sleep(milliseconds) };
  const organization = organizationOf(figures.accounts, []);
  return openSandbox({ clock, directory: '/simulated', organization, promoted: [], openLog: outside.disk.openLog(() => true) }).engine;
}

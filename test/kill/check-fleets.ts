import { isDeepStrictEqual } from 'node:util';

import { setupOf } from '../../fleet/rollout/core-setup';
import { decide, initialState } from '../../fleet/rollout/decide';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import type { RolloutEvent, RolloutState } from '../../fleet/rollout/state';
import { checkJournals } from '../invariants/check-journal';

import type { ReadFleet, ReadRollout, WorldSlot } from './read-fleet';

/** One thing that was looked at: how many of them, and what is wrong. */
export interface Check {
  readonly name: string;
  readonly looked: number;
  readonly problems: readonly string[];
}

/** Holds a rollout, a destroy or a repair that was killed again and again against one that nobody disturbed. */
export function checkFleets(killed: ReadFleet, undisturbed: ReadFleet): readonly Check[] {
  const [rollout, peer] = [killed.rollouts.at(-1), undisturbed.rollouts.at(-1)];
  if (!rollout || !peer) throw new Error('there is no rollout to look at');
  const [state, wanted] = [finalState(rollout), finalState(peer)];
  return [
    {
      name: 'ends as the undisturbed one',
      looked: 1,
      problems: state.outcome === wanted.outcome ? [] : [`it ended ${String(state.outcome)}, not ${String(wanted.outcome)}`],
    },
    sameTargets(state, wanted),
    sameRecords(killed, undisturbed),
    sameWorld(killed, undisturbed),
    writtenOnce(killed, undisturbed),
    noRunAgain(killed, rollout),
    attemptsExplained(state, eventsOf(rollout)),
    bakesHold(rollout),
    epochsGrow(rollout),
    {
      name: 'one rollout',
      looked: killed.rollouts.length,
      problems: killed.rollouts.length === undisturbed.rollouts.length ? [] : ['another one was begun'],
    },
    {
      name: "the journal's invariants",
      looked: rollout.segments.length,
      problems: checkJournals(killed.rollouts.map((one) => ({ ...one, ended: true }))).map(
        ({ invariant, at, message }) => `${invariant} at ${at}: ${message}`,
      ),
    },
  ];
}

function sameTargets(state: RolloutState, wanted: RolloutState): Check {
  const problems = [...wanted.states].flatMap(([id, target]) => {
    const outcome = outcomeOf(state, id);
    return outcome === ('outcome' in target ? target.outcome : null) ? [] : [`${id} ended ${String(outcome)}`];
  });
  return { name: 'targets end alike, none lost', looked: wanted.states.size, problems };
}

function outcomeOf(state: RolloutState, id: string): string | null {
  const target = [...state.states].find(([known]) => known === id)?.[1];
  return target !== undefined && 'outcome' in target ? target.outcome : null;
}

/** All of a record but the times. */
function sameRecords(killed: ReadFleet, undisturbed: ReadFleet): Check {
  const ids = new Set([...killed.records.keys(), ...undisturbed.records.keys()]);
  const timeless = (fleet: ReadFleet, id: string) => {
    const record = fleet.records.get(id);
    return record && { ...record, createdAt: null, seconds: null };
  };
  const problems = [...ids].filter((id) => !isDeepStrictEqual(timeless(killed, id), timeless(undisturbed, id)));
  return { name: 'records alike but for times', looked: ids.size, problems };
}

function sameWorld(killed: ReadFleet, undisturbed: ReadFleet): Check {
  const slots = new Set([...killed.world.keys(), ...undisturbed.world.keys()]);
  const problems = [...slots].filter((slot) => !isDeepStrictEqual(timeless(killed.world.get(slot)), timeless(undisturbed.world.get(slot))));
  return { name: 'the same resources', looked: slots.size, problems };
}

/** A resource without its times: those of its making, and the tag that says it. */
function timeless(slot: WorldSlot | undefined): unknown {
  const times = new Set(['madeAt', 'changedAt', 'CreatedAt']);
  return (
    slot?.resource && (JSON.parse(JSON.stringify(slot.resource, (key, value: unknown) => (times.has(key) ? undefined : value))) as unknown)
  );
}

/** Each write to the world makes a resource or changes it: one more than undisturbed would be a second making. */
function writtenOnce(killed: ReadFleet, undisturbed: ReadFleet): Check {
  const problems = [...killed.world].flatMap(([slot, { puts, removals }]) => {
    const wanted = undisturbed.world.get(slot);
    return puts === wanted?.puts && removals === wanted.removals ? [] : [`${slot} was written ${puts} and removed ${removals} times`];
  });
  return { name: 'no resource made or removed twice', looked: killed.world.size, problems };
}

/** By the engine's own history: once a run of a target had succeeded, none was started. */
function noRunAgain({ attempts }: ReadFleet, { id, plan }: ReadRollout): Check {
  if (attempts === null) return { name: 'no completed run again', looked: 0, problems: [] };
  const problems: string[] = [];
  for (const { target, purpose } of plan.targets) {
    const told = (attempts.get(target.id) ?? []).filter((attempt) => attempt.id.startsWith(`${id}/`));
    const succeeded = told.findIndex(({ result }) => result === 'succeeded');
    // A stack of which nothing is left takes its history with it.
    if (succeeded < 0 && purpose === 'destroy' && !attempts.has(target.id)) continue;
    if (succeeded < 0) problems.push(`${target.id}: no run succeeded`);
    else if (succeeded < told.length - 1) problems.push(`${target.id}: run ${told.at(-1)?.id ?? ''} was started after one had succeeded`);
  }
  return { name: 'no completed run again', looked: plan.targets.length, problems };
}

/** Every run but a target's last was lost with a controller, as the journal says. */
function attemptsExplained(state: RolloutState, events: readonly RolloutEvent[]): Check {
  const lost = new Map<string, number>();
  for (const event of events) if (event.type === 'attempt-lost' && event.ran) lost.set(event.target, (lost.get(event.target) ?? 0) + 1);
  const problems = [...state.states].flatMap(([id, target]) => {
    const attempts = 'attempts' in target ? target.attempts : 0;
    const explained = (lost.get(id) ?? 0) + (attempts > 0 ? 1 : 0);
    return attempts === explained ? [] : [`${id} has ${attempts} runs, of which ${explained} are explained`];
  });
  return { name: 'every lost run told', looked: [...lost.values()].reduce((sum, count) => sum + count, 0), problems };
}

/** Through every prefix of the journal: a bake's end is set once, and nothing is judged before it. */
function bakesHold(rollout: ReadRollout): Check {
  const ends = new Map<string, string>();
  const problems: string[] = [];
  let state = initialState(setupOf(rollout.plan, goodsOf(rollout)));
  for (const event of eventsOf(rollout)) {
    ({ state } = decide(state, event));
    for (const [name, wave] of state.waveStates) {
      const until = 'bakeUntil' in wave ? wave.bakeUntil : null;
      const known = ends.get(name);
      if (known !== undefined && until !== known) problems.push(`${name} baked until ${known}, then until ${String(until)}`);
      if (until !== null) ends.set(name, until);
      if (until !== null && wave.state !== 'baking' && event.at < until)
        problems.push(`${name} was judged at ${event.at}, before ${until}`);
    }
  }
  const baking = rollout.plan.waves.filter(
    ({ name, bakeSeconds, targets }) => bakeSeconds > 0 && targets.some((id) => outcomeOf(state, id) === 'succeeded') && !ends.has(name),
  );
  problems.push(...baking.map(({ name }) => `${name} did not bake`));
  return { name: 'bakes neither reset nor skipped', looked: ends.size, problems };
}

function epochsGrow(rollout: ReadRollout): Check {
  const epochs = rollout.entries.flatMap((entry) => ('controller' in entry ? [entry.controller.epoch] : []));
  const problems = epochs.flatMap((epoch, index) =>
    index > 0 && epoch <= (epochs[index - 1] ?? 0) ? [`epoch ${epoch} follows ${epochs[index - 1]}`] : [],
  );
  return { name: 'epochs grow', looked: epochs.length, problems };
}

function finalState(rollout: ReadRollout): RolloutState {
  return replayRollout({ plan: rollout.plan, goods: goodsOf(rollout), events: eventsOf(rollout) });
}

function eventsOf({ entries }: ReadRollout): readonly RolloutEvent[] {
  return entries.flatMap((entry) => ('event' in entry ? [entry.event] : []));
}

function goodsOf({ entries }: ReadRollout) {
  return new Map(entries.flatMap((entry) => ('goods' in entry ? entry.goods.map((record) => [record.target, record] as const) : [])));
}

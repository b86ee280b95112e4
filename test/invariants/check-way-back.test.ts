import type { TargetId } from '../../contracts/target';
import type { PlannedWave, RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { RolloutEvent } from '../../fleet/rollout/state';

import { checkJournals, type CheckedRollout } from './check-journal';
import { begins, entriesOf, mapped, recorded, redInRest, two, without } from './damaged-journal';

const s17 = (rollout: CheckedRollout) => checkJournals([rollout]).filter(({ invariant }) => invariant === 'S17');

let goingBack: CheckedRollout;
/** The target that goes back last, which is of the canary wave, and one of the wave whose gate failed. */
let canary: TargetId;
let ill: TargetId;
beforeAll(async () => {
  goingBack = await recorded({ troubles: [redInRest] }, two);
  [canary, ill] = [lastOf(goingBack, (wave) => wave.name === 'canary'), lastOf(goingBack, (wave) => wave.name.startsWith('rest'))];
});

/** A target of a wave, the last one unless said otherwise. */
function lastOf({ plan }: CheckedRollout, wanted: (wave: PlannedWave) => boolean, place = -1): TargetId {
  const found = plan.waves.find(wanted)?.targets.at(place);
  if (!found) throw new Error('no such wave');
  return found;
}

/** A journal in which a target never went back. */
function leftBehind(target: TargetId): CheckedRollout {
  const ended = entriesOf(goingBack).find(
    (entry) => 'event' in entry && entry.event.type === 'rollback-ended' && entry.event.target === target,
  );
  const begun = begins(goingBack).findLast((entry) => 'record' in entry && entry.record.target === target);
  return without(without(goingBack, ended), begun);
}

const scope = (rollout: CheckedRollout, rollback: RolloutPlan['rollback']) => ({ ...rollout, plan: { ...rollout.plan, rollback } });

test('S17: what was changed in scope and did not go back is named', () => {
  expect(s17(goingBack)).toEqual([]);
  expect(s17(leftBehind(ill)).map(({ message }) => message)).toEqual([
    expect.stringMatching(`^${ill} may have been changed, the gate of rest.* failed, and it ended succeeded without a way back$`),
  ]);
  expect(s17(leftBehind(canary))).toHaveLength(1);
});

test("S17: the scope is the plan's", () => {
  expect(s17(scope(leftBehind(canary), 'wave'))).toEqual([]);
  expect(s17(scope(leftBehind(ill), 'wave'))).toHaveLength(1);
  expect(s17(scope(leftBehind(canary), 'target'))).toEqual([]);
  const onlyIll = (target: TargetId) =>
    mapped(leftBehind(ill), (event) =>
      event.type === 'gate-answered'
        ? { ...event, answer: { ...event.answer, red: event.answer.red.map((one) => ({ ...one, target })) } }
        : event,
    );
  expect(s17(scope(onlyIll(ill), 'target'))).toHaveLength(1);
  const other = lastOf(goingBack, ({ targets }) => targets.includes(ill), 0);
  expect(s17(scope(onlyIll(other), 'target'))).toEqual([]);
  // A foundation is judged by the targets that stand on it.
  expect(s17(scope(onlyIll(canary), 'target'))).toHaveLength(1);
});

/** A journal in which a target failed, said that it changed nothing, and did not go back; nobody watched its engine. */
function failed(error: Extract<RolloutEvent, { readonly type: 'target-ended' }>['error']): CheckedRollout {
  const changes = { create: 0, update: 0, replace: 0, delete: 0, same: 4 };
  const told = mapped(leftBehind(ill), (event) =>
    event.type === 'target-ended' && event.target === ill && event.engineRuns === 1
      ? { ...event, outcome: 'failed', changes, error }
      : event,
  );
  return { ...told, operated: new Set() };
}

test.each([
  ['pulumi/crashed', null, 1],
  ['pulumi/process-failed', null, 1],
  ['fleet/unknown-outcome', null, 1],
  ['pulumi/of-tomorrow', null, 1],
  ['pulumi/wrong-passphrase', null, 0],
  ['pulumi/wrong-passphrase', 'urn:x', 1],
] as const)('S17: a target that failed %s at %p may have been changed (%i)', (code, resource, expected) => {
  expect(s17(failed({ code, message: 'boom', resource }))).toHaveLength(expected);
});

test('S17: what an engine was seen to do counts whatever is told of it', () => {
  const told = failed({ code: 'pulumi/wrong-passphrase', message: 'boom', resource: null });
  expect(s17({ ...told, operated: new Set([ill]) })).toHaveLength(1);
});

test('S17: what had nothing to go back to is never destroyed', () => {
  const fresh = leftBehind(ill);
  const segments = fresh.segments.map((segment) => ({
    ...segment,
    entries: segment.entries.map((entry) =>
      'goods' in (entry as object)
        ? {
            goods: (entry as { readonly goods: readonly { readonly target: TargetId }[] }).goods.map((one) =>
              one.target === ill ? { ...one, good: null } : one,
            ),
          }
        : entry,
    ),
  }));
  expect(s17({ ...fresh, segments })).toEqual([]);
});

import { leaveAt, leavesNow } from '../../../fleet/rollout/patience';
import { waitingFor, type Waiting } from '../../../fleet/rollout/waiting';

import { HandPlayed, at, setupOf } from './core-fixture';

const wave = setupOf([{ name: 'w', targets: ['a'], gated: true, bakeSeconds: 600 }]);
const asking = setupOf([{ name: 'w', targets: ['a'], approval: true }]);
const baking = () => HandPlayed.begun(wave).answer('before', 'w', 'pass').end('a');
const undecided = () => baking().tick(600).answer('end', 'w', 'inconclusive');
const GATE_SECONDS = 30;

const leave = (played: HandPlayed, waitSeconds: number | null) => {
  const waiting = waitingFor(played.state, at(played.seconds));
  if (!waiting) throw new Error('it waits for nothing');
  return { waiting, leave: leaveAt(played.state, waiting, { since: at(played.seconds), waitSeconds, gateSeconds: GATE_SECONDS }) };
};

describe('a driver with only waiting left', () => {
  test.each([
    ['a bake, without a limit, is waited out', baking, null, null],
    ['a bake is waited for as long as was said', baking, 60, 60],
    ['a person, without a limit, is not waited for', () => HandPlayed.begun(asking), null, 0],
    ['a person is waited for as long as was said', () => HandPlayed.begun(asking), 60, 60],
    ['a gate that is undecided is looked at five times more', undecided, null, 600 + 5 * GATE_SECONDS],
    ['a gate that is undecided is looked at five times at least, whatever was said', undecided, 60, 600 + 5 * GATE_SECONDS],
    ['a gate that is undecided is waited for as long as was said, where that is longer', undecided, 3600, 600 + 3600],
    ['a pause in a bake is a person', () => baking().pause(), null, null],
  ])('%s', (_name, played, waitSeconds, seconds) => {
    expect(leave(played(), waitSeconds).leave).toBe(seconds === null ? null : at(seconds));
  });

  const time: Waiting = { kind: 'time', wave: 'w', reason: 'it bakes', until: at(100) };
  const person: Waiting = { kind: 'person', wave: 'w', reason: 'it is held', approvable: true, red: false };
  test.each([
    ['a time that comes while it stays', time, 100, 0, false],
    ['a time that comes later than it stays, at once', time, 99, 0, true],
    ['a person, before it has waited enough', person, 100, 99, false],
    ['a person, once it has waited enough', person, 100, 100, true],
    ['a person, at once where it does not stay', person, 0, 0, true],
  ])('decides whether to leave for %s', (_name, waiting, leaves, now, expected) => {
    expect(leavesNow(waiting, { leave: at(leaves), now: at(now) })).toBe(expected);
  });

  test.each([time, person])('that waits as long as it takes never leaves', (waiting) => {
    expect(leavesNow(waiting, { leave: null, now: at(1_000_000) })).toBe(false);
  });
});

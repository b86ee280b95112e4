import type { TargetId } from '../../contracts/target';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { TargetRecord } from '../../fleet/plan/target-record';
import type { RolloutEvent } from '../../fleet/rollout/state';
import { noChanges } from '../../fleet/ports';

import { checkDestroyed } from './check-destroyed';
import type { CheckedRollout } from './journal-lines';

const a = 'regional/200000000001/eu-west-1' as TargetId;
const at = '2026-01-01T00:00:00.000Z';

/** A record that says that `a` is good, changed. */
const record = (changes: Partial<TargetRecord> = {}) =>
  ({ target: a, good: { release: 'r1' }, current: { release: 'r1' }, dirty: false, ...changes }) as unknown as TargetRecord;
const dirty = { record: record({ dirty: true }) };
const gone = { record: record({ good: null, current: null }) };
const ended = (outcome: Extract<RolloutEvent, { readonly type: 'target-ended' }>['outcome']) => ({
  event: {
    type: 'target-ended',
    at,
    target: a,
    outcome,
    engineRuns: outcome === 'unchanged' ? 0 : 1,
    changes: noChanges,
    error: null,
  } as const,
});

/** One journal of a plan that has `a` in it. */
function rollout(purpose: string, entries: readonly unknown[], wave: string | null = 'w'): CheckedRollout {
  const plan = { targets: [{ target: { id: a }, wave, purpose }] } as unknown as RolloutPlan;
  return { id: purpose, plan, segments: [{ seq: 1, epoch: 1, entries }], ended: true };
}

const s18 = (rollouts: readonly CheckedRollout[], records?: readonly TargetRecord[]) =>
  checkDestroyed(rollouts, records).map(({ message }) => message);
const killed = rollout('destroy', [{ goods: [record()] }, dirty]);
const destroyed = rollout('destroy', [{ goods: [record()] }, dirty, ended('succeeded'), gone]);

test('S18: a destroy that was killed leaves a dirty record, and a later rollout deploys again', () => {
  expect(s18([killed], [record({ dirty: true })])).toEqual([]);
  expect(
    s18([killed, rollout('forward', [{ goods: [record({ dirty: true })] }, dirty, ended('succeeded'), { record: record() }])], [record()]),
  ).toEqual([]);
  expect(s18([rollout('destroy', [dirty, ended('failed')])], [record({ dirty: true })])).toEqual([]);
});

test('S18: a record that says that nothing happened', () => {
  const clean = `${a} may have been destroyed, and its record is not dirty`;
  expect(s18([killed], [record()])).toEqual([clean]);
  expect(s18([rollout('destroy', [dirty, ended('failed'), { record: record() }])])).toEqual([clean]);
  expect(s18([killed, rollout('forward', [{ goods: [record()] }])])).toEqual([clean]);
});

test('S18: told as unchanged', () => {
  const unchanged = `${a} may have been destroyed, and is told as unchanged`;
  expect(s18([killed, rollout('forward', [ended('unchanged')])])).toEqual([unchanged]);
  expect(s18([killed, rollout('forward', [], null)])).toEqual([unchanged]);
  expect(s18([rollout('destroy', [dirty, ended('failed')]), rollout('forward', [], null)])).toEqual([unchanged]);
  expect(s18([destroyed, rollout('forward', [ended('unchanged')])])).toEqual([`${a} was destroyed, and is told as unchanged`]);
});

test('S18: what was destroyed and is called good; what is gone on record, or deployed again, is not', () => {
  expect(s18([destroyed], [record()])).toEqual([`${a} was destroyed, and its record says that it is good`]);
  expect(s18([destroyed], [record({ good: null })])).toEqual([]);
  expect(s18([destroyed], [])).toEqual([]);
  const again = rollout('forward', [dirty, ended('succeeded'), { record: record() }]);
  expect(s18([destroyed, again, rollout('forward', [], null)], [record()])).toEqual([]);
  const failed = rollout('forward', [dirty, ended('failed')]);
  expect(s18([destroyed, failed, rollout('forward', [], null)])).toHaveLength(1);
});

test('S18: what a rollout begins is nothing that was destroyed', () => {
  expect(s18([rollout('forward', [dirty]), rollout('forward', [ended('unchanged')], 'w')], [record()])).toEqual([]);
});

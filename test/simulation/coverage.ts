import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { TargetRecords } from '../../fleet/plan/target-record';
import { setupOf } from '../../fleet/rollout/core-setup';
import { decide, initialState } from '../../fleet/rollout/decide';
import type { RolloutEvent } from '../../fleet/rollout/state';
import { waitingFor } from '../../fleet/rollout/waiting';

/** How often something was reached. */
export class Coverage {
  readonly counts = new Map<string, number>();

  hit(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  add(other: Readonly<Record<string, number>>): void {
    for (const [what, times] of Object.entries(other)) this.hit(what, times);
  }

  toJSON(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort());
  }
}

/** Notes each state, command and wait that a rollout's events led through. */
export function coverRollout(
  coverage: Coverage,
  { plan, goods, events }: { readonly plan: RolloutPlan; readonly goods: TargetRecords; readonly events: readonly RolloutEvent[] },
): void {
  let state = initialState(setupOf(plan, goods));
  for (const event of events) {
    const before = state;
    const decision = decide(state, event);
    ({ state } = decision);
    coverage.hit(`event ${event.type}`);
    if (event.type === 'gate-answered') coverage.hit(`gate ${event.about.moment} ${event.answer.verdict}`);
    if (event.type === 'approved') coverage.hit(`approval ${event.approval.subject}`);
    for (const command of decision.commands) coverage.hit(`command ${command.type}`);
    for (const [id, target] of state.states) {
      if (target === before.states.get(id)) continue;
      coverage.hit(`target ${target.state}`);
      if (target.state === 'done') coverage.hit(`outcome ${target.outcome}`);
      if (target.state === 'watching') coverage.hit(`watch ${target.watch}`);
      if (target.state === 'rolling-back') coverage.hit(`way back ${target.step}`);
      if (target.state === 'running') coverage.hit(`phase ${target.phase}`);
    }
    for (const [name, wave] of state.waveStates) {
      if (wave === before.waveStates.get(name)) continue;
      coverage.hit(`wave ${wave.state}`);
      if (wave.state === 'held') coverage.hit(`hold ${wave.hold.kind}`);
    }
    if (state.halted && state.halted !== before.halted) coverage.hit(`halted ${state.halted.kind}`);
    const waiting = waitingFor(state, event.at);
    if (waiting)
      coverage.hit(
        `waiting ${waiting.kind}${waiting.kind === 'person' ? (waiting.approvable ? (waiting.red ? ', red' : ', approvable') : ', not approvable') : ''}`,
      );
  }
  if (state.outcome) coverage.hit(`rollout ${state.outcome}`);
}

/** What a run of enough seeds must have reached, else it proves little. */
export const mustReach: readonly string[] = [
  ...['begun', 'tick', 'wave-previewed', 'gate-answered', 'target-ended', 'target-shifted', 'attempt-lost', 'rollback-ended'].map(
    (type) => `event ${type}`,
  ),
  ...['approved', 'paused', 'resumed', 'abort-requested', 'limits-set', 'request-refused', 'targets-departed'].map(
    (type) => `event ${type}`,
  ),
  ...['preview-wave', 'ask-gate', 'run-target', 'roll-back', 'promote', 'begin-wave', 'hold-wave', 'bake'].map((type) => `command ${type}`),
  ...['undecided-wave', 'begin-rollback', 'end-wave', 'finish'].map((type) => `command ${type}`),
  ...['running', 'watching', 'rolling-back', 'done', 'pending'].map((state) => `target ${state}`),
  ...['open', 'asked', 'undecided', 'passed'].map((watch) => `watch ${watch}`),
  ...['held', 'pending', 'running'].map((step) => `way back ${step}`),
  ...['full', 'shift', 'finish'].map((phase) => `phase ${phase}`),
  ...['succeeded', 'unchanged', 'failed', 'skipped', 'cancelled', 'blocked', 'rolled_back', 'rollback_failed'].map(
    (outcome) => `outcome ${outcome}`,
  ),
  ...['held', 'previewing', 'asking', 'running', 'baking', 'judging', 'undecided', 'rolling-back', 'passed', 'failed', 'cancelled'].map(
    (state) => `wave ${state}`,
  ),
  ...['approval', 'irreversible', 'red', 'gate-error'].map((kind) => `hold ${kind}`),
  ...['start', 'irreversible', 'red', 'gate-error', 'undecided', 'rollback'].map((subject) => `approval ${subject}`),
  ...['before', 'during', 'end', 'watch'].flatMap((moment) => ['fail', 'error'].map((verdict) => `gate ${moment} ${verdict}`)),
  ...['end inconclusive', 'watch inconclusive', 'before pass', 'end pass', 'watch pass'].map((answer) => `gate ${answer}`),
  ...['tolerance', 'gate', 'aborted'].map((kind) => `halted ${kind}`),
  ...['succeeded', 'failed', 'rolled_back', 'rollback_failed', 'aborted'].map((outcome) => `rollout ${outcome}`),
  ...['time', 'person, approvable', 'person, red', 'person, not approvable'].map((kind) => `waiting ${kind}`),
  ...['create-fails', 'update-fails', 'throttle', 'hang', 'slow', 'crash', 'role-missing', 'delete-fails'].map((kind) => `fault ${kind}`),
  ...['red', 'unreadable', 'no-traffic', 'no-data', 'missing-alarm'].map((kind) => `trouble ${kind}`),
  ...['killed', 'write-lost', 'write-torn', 'killed-after-write', 'disk-full', 'disk-full-after-write'].map((kind) => `mishap ${kind}`),
  ...['killed-in-engine', 'stopped', 'interrupted', 'cancelled'].map((kind) => `mishap ${kind}`),
  ...['fenced', 'locked', 'third crash in a row', 'engine locked', 'engine throws', 'inspect fails'].map((what) => `seen ${what}`),
];

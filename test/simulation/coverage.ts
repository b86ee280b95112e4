import type { Approval, RollingBackTarget, RolloutState, TargetState } from '../../fleet/rollout/state';
import { waitingFor } from '../../fleet/rollout/waiting';
import type { ReplayedStep } from '../invariants/check-replay';

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

/** Notes what one event of a rollout led to: states, commands and waits. */
export function coverStep(coverage: Coverage, { event, before, decision }: ReplayedStep): void {
  const { state, commands } = decision;
  coverage.hit(`event ${event.type}`);
  if (event.type === 'gate-answered') coverage.hit(`gate ${event.about.moment} ${event.answer.verdict}`);
  if (event.type === 'approved') coverApproval(coverage, before, event.approval);
  for (const command of commands) coverage.hit(`command ${command.type}`);
  for (const [id, target] of state.states) {
    if (target === before.states.get(id)) continue;
    coverage.hit(`target ${target.state}`);
    if (target.state === 'done') coverage.hit(`outcome ${target.outcome}`);
    if (target.state === 'done' && target.error?.code === 'fleet/no-good') coverage.hit('nothing to go back to');
    if (target.state === 'watching') coverage.hit(`watch ${target.watch}`);
    if (target.state === 'rolling-back') coverWayBack(coverage, before.states.get(id), target);
    if (target.state === 'running') coverage.hit(`phase ${target.phase}`);
  }
  for (const [name, wave] of state.waveStates) {
    if (wave === before.waveStates.get(name)) continue;
    coverage.hit(`wave ${wave.state}`);
    if (wave.state === 'held') coverage.hit(`hold ${wave.hold.kind}`);
  }
  if (state.halted && state.halted !== before.halted) coverage.hit(`halted ${state.halted.kind}`);
  if (state.outcome && before.outcome === null) coverage.hit(`rollout ${state.outcome}`);
  const waiting = waitingFor(state, event.at);
  if (waiting)
    coverage.hit(
      `waiting ${waiting.kind}${waiting.kind === 'person' ? (waiting.approvable ? (waiting.red ? ', red' : ', approvable') : ', not approvable') : ''}`,
    );
}

function coverApproval(coverage: Coverage, { waveStates }: RolloutState, { wave, subject }: Approval): void {
  coverage.hit(`approval ${subject}`);
  if (subject !== 'start' || waveStates.get(wave)?.state === 'held') return;
  coverage.hit('approved ahead');
  const waits = [...waveStates.values()].some((one) => one.state === 'held' && one.hold.kind === 'approval');
  if (waits) coverage.hit('approved ahead of a wave that waits');
}

function coverWayBack(coverage: Coverage, before: TargetState | undefined, { step, error }: RollingBackTarget): void {
  coverage.hit(`way back ${step}`);
  if (before?.state !== 'done' || before.outcome === 'succeeded') return;
  coverage.hit('failed target goes back');
  if (error?.resource === null) coverage.hit('failed target goes back that named no resource');
}

/** What must be reached more than once, so many times in 10,000 seeds: each is one way in which something could go unseen. */
const OFTEN: Readonly<Record<string, number>> = {
  'approved ahead': 300,
  'approved ahead of a wave that waits': 100,
  'seen unreadable when settled': 100,
  'failed target goes back': 200,
  'failed target goes back that named no resource': 100,
  'nothing to go back to': 100,
  'seen stacks taken over': 100,
  'purpose destroy': 200,
  'purpose repair': 50,
  'purpose redeploy': 50,
};

/** What a run of so many seeds has not reached often enough, each as it is told: it proves little. A few seeds cannot reach everything. */
export function vacuous(counts: ReadonlyMap<string, number>, seeds: number): readonly string[] {
  if (seeds < 500) return [];
  const wanted = [...mustReach.map((what) => [what, 1] as const), ...Object.entries(OFTEN)];
  return wanted.flatMap(([what, in10000]) => {
    const least = Math.max(1, Math.floor((in10000 * seeds) / 10_000));
    const times = counts.get(what) ?? 0;
    return times < least ? [`${what} (${times} of ${least})`] : [];
  });
}

const mustReach: readonly string[] = [
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

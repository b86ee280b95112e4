import { isDeepStrictEqual } from 'node:util';

import type { TargetId } from '../../contracts/target';
import type { TargetRecord } from '../../fleet/plan/target-record';
import type { RolloutEvent } from '../../fleet/rollout/state';

import { checkBegin, type Finding } from './check-begin';
import { checkDestroyed, destroys } from './check-destroyed';
import { checkWayBack } from './check-way-back';
import { linesOf, type CheckedRollout, type JournalLine, type Violation } from './journal-lines';
import { RolloutStory } from './rollout-story';

export type { CheckedRollout, CheckedSegment, Violation } from './journal-lines';

/** What is looked for beside the invariants of the journals themselves. */
export interface CheckOptions {
  /** Secrets that were planted: no journal may hold one. */
  readonly canaries?: readonly string[];
}

/**
 * Every way in which a fleet's journals, oldest rollout first, break an invariant of DESIGN section 7; none is the proof. Takes nothing of
 * the core's: starts, ends and passes are told anew from what was written down.
 */
export function checkJournals(rollouts: readonly CheckedRollout[], { canaries = [] }: CheckOptions = {}): readonly Violation[] {
  const violations: Violation[] = [];
  let epoch = 0;
  for (const rollout of rollouts) {
    violations.push(...new JournalCheck(rollout, epoch).check());
    epoch = Math.max(epoch, ...rollout.segments.map((segment) => segment.epoch));
    const text = canaries.length === 0 ? '' : JSON.stringify(rollout.segments);
    for (const canary of canaries)
      if (text.includes(canary)) violations.push({ invariant: 'S14', at: rollout.id, message: 'a planted secret is in the journal' });
  }
  violations.push(...checkDestroyed(rollouts));
  return violations;
}

class JournalCheck {
  readonly #rollout: CheckedRollout;
  readonly #story: RolloutStory;
  readonly #violations: Violation[] = [];
  readonly #messages = new Set<string>();
  #epochBefore: number;
  #controller: number | null = null;
  #eventsOf = -1;
  #knowsGoods = false;
  #line: JournalLine | undefined;

  constructor(rollout: CheckedRollout, epochBefore: number) {
    this.#rollout = rollout;
    this.#story = new RolloutStory(rollout.plan);
    this.#epochBefore = epochBefore;
  }

  check(): readonly Violation[] {
    for (const line of linesOf(this.#rollout)) {
      this.#line = line;
      this.#checkEpoch(line);
      const { entry } = line;
      if ('goods' in entry) {
        this.#knowsGoods = true;
        for (const record of entry.goods) this.#takeGood(record);
      } else if ('event' in entry) this.#takeEvent(entry.event, line.seq);
      else if ('record' in entry) this.#takeRecord(entry.record);
    }
    this.#checkEnd();
    return this.#violations;
  }

  #checkEpoch({ entry, epoch }: JournalLine): void {
    if ('controller' in entry) {
      if (entry.controller.epoch !== epoch) this.#no('S2', `a controller of epoch ${entry.controller.epoch} writes under ${epoch}`);
      if (epoch <= this.#epochBefore) this.#no('S2', `a controller comes with epoch ${epoch}, not above ${this.#epochBefore}`);
      this.#epochBefore = Math.max(epoch, this.#epochBefore);
      this.#controller = epoch;
    } else if (!this.#isBeginning(entry) && epoch !== this.#controller) {
      this.#no('S2', `an entry of epoch ${epoch} stands under the controller of epoch ${this.#controller ?? 'none'}`);
    }
  }

  /** What stood as the rollout began is written before its first controller is named, or after. */
  #isBeginning(entry: JournalLine['entry']): boolean {
    return 'goods' in entry || ('record' in entry && this.#eventsOf === -1);
  }

  #takeGood(record: TargetRecord): void {
    this.#story.goods.set(record.target, record);
    this.#story.records.set(record.target, record);
  }

  #takeEvent(event: RolloutEvent, seq: number): void {
    if ('message' in event && event.message !== null) {
      if (this.#messages.has(event.message)) this.#no('S12', `message ${event.message} is acted on twice`);
      this.#messages.add(event.message);
    }
    if (event.type === 'approved' && event.approval.at >= event.approval.expiresAt)
      this.#no('S12', `an approval of ${event.approval.wave} had expired when it was given`);
    if (!this.#knowsGoods) this.#no('S9', 'it has begun, and nobody knows what was good then');
    this.#knowsGoods = true;
    this.#checkResult(event);
    this.#story.take(event, { newBatch: seq !== this.#eventsOf });
    this.#eventsOf = seq;
    this.#checkBakes();
    this.#checkFailures();
  }

  /** S10: a result without a begin has no intent behind it. */
  #checkResult(event: RolloutEvent): void {
    if (!('target' in event)) return;
    const target = this.#story.targets.get(event.target);
    if (!target) return this.#no('S6', `${event.target} is no target of the plan`);
    switch (event.type) {
      case 'target-ended':
        if (event.engineRuns === 0 && target.run !== null) this.#no('S10', `${event.target} begins and ends as if it had not`);
        if (event.engineRuns === 1 && event.error?.code !== 'fleet/unknown-outcome') this.#needsRun(event.target, ['forward', 'finish']);
        // What left may have been commanded and not begun yet: where that cannot be found out, it failed.
        if (target.status === 'done' && !(target.outcome === 'blocked' && event.error?.code === 'fleet/unknown-outcome'))
          this.#no('L1', `${event.target} ends twice`);
        break;
      case 'target-shifted':
        this.#needsRun(event.target, ['forward']);
        break;
      case 'rollback-ended':
        if (event.error?.code !== 'fleet/unknown-outcome') this.#needsRun(event.target, ['rollback']);
        break;
      default:
        break;
    }
    return undefined;
  }

  #needsRun(target: keyof never, runs: readonly string[]): void {
    const story = this.#story.targets.get(target as never);
    if (!runs.includes(story?.run ?? '')) this.#no('S10', `${String(target)} ends ${runs.join(' or ')} and was not begun`);
  }

  /** L5: nothing is judged before its bake is over. */
  #checkBakes(): void {
    for (const wave of this.#rollout.plan.waves) {
      const story = this.#story.waves.get(wave.name);
      if (!story || story.judged === 'no' || story.bakeReached) continue;
      this.#no('L5', `${wave.name} is judged before its bake of ${wave.bakeSeconds} s is over`);
      story.bakeReached = true;
    }
  }

  /**
   * S4: strict keeps failures within tolerance + 1, soft within what may run at once beyond tolerance. What is on trial when tolerance is spent
   * comes to its end, too, and soft does not bound how many that are.
   */
  #checkFailures(): void {
    const { plan } = this.#rollout;
    if (plan.rollsBack !== null) return;
    for (const { name, stage, targets, limits } of plan.waves) {
      if (stage === 'trailing') continue;
      const failed = targets.reduce((sum, id) => sum + (this.#story.targets.get(id)?.failedRuns ?? 0), 0);
      const onTrial = this.#story.onTrialWhenSpent.get(name) ?? 0;
      const atOnce = Math.min(limits.maxConcurrent, plan.limits.maxConcurrent);
      const most = limits.failureTolerance + (limits.mode === 'strict' ? 1 : atOnce + onTrial);
      // Said once, when it happens.
      const last = this.#line?.entry;
      const isNews = last !== undefined && 'event' in last && last.event.type === 'target-ended' && targets.includes(last.event.target);
      if (failed > most && isNews) this.#no('S4', `${failed} targets of ${name} failed, ${limits.failureTolerance} may (${limits.mode})`);
    }
  }

  #takeRecord(record: TargetRecord): void {
    const before = this.#story.records.get(record.target);
    // A stack that stood though nothing was recorded of it: taken over as the rollout begins, before anything happens.
    if (this.#eventsOf === -1 && record.current === null && isDeepStrictEqual(record, before)) return;
    if (record.dirty) for (const finding of checkBegin(this.#story, record)) this.#report(finding);
    else this.#checkStanding(record, before);
    if (before !== undefined && record.createdAt !== before.createdAt)
      this.#no('S16', `${record.target} was created at another time than before`);
    this.#story.records.set(record.target, record);
  }

  /** S8: only a wave that passed, or a way back that ended, makes something good. */
  #checkStanding(record: TargetRecord, before: TargetRecord | undefined): void {
    const target = this.#story.targets.get(record.target);
    const wave = this.#story.waveOf(record.target);
    if (!target || !wave) return this.#no('S6', `a record of ${record.target} is written, which is in no wave of the plan`);
    if (!target.everBegun) this.#no('S10', `${record.target} has another record and was never begun`);
    if (destroys(this.#rollout.plan, record.target)) {
      if (target.outcome !== 'succeeded') this.#no('S18', `${record.target} is told as destroyed, and that has not succeeded`);
      if (record.good !== null) this.#no('S18', `${record.target} is destroyed, and called good`);
      return undefined;
    }
    if (isDeepStrictEqual(record.good, before?.good ?? null)) return undefined;
    if (target.outcome === 'rolled_back') {
      if (!isDeepStrictEqual(record.good, this.#story.goods.get(record.target)?.good ?? null))
        this.#no('S9', `${record.target} is back, and not at what was good`);
      return undefined;
    }
    if (target.outcome !== 'succeeded' || !isDeepStrictEqual(record.good, record.current))
      this.#no('S8', `${record.target} is called good, and did not succeed`);
    if (!this.#story.isGood(wave)) this.#no('S8', `${record.target} is called good, and the gate of ${wave.name} has not passed it`);
    return undefined;
  }

  #checkEnd(): void {
    if (!this.#rollout.ended) return;
    for (const finding of checkWayBack(this.#story, this.#rollout.operated ?? new Set())) this.#report(finding);
    for (const [id, { run, status, outcome }] of this.#story.targets) {
      if (run !== null) this.#no('L1', `${id} runs though the rollout has ended`);
      if (status === 'watching' || status === 'going-back') this.#no('L1', `${id} is left ${status} though the rollout has ended`);
      if (status === 'pending' && this.#shouldHaveRun(id)) this.#no('L1', `${id} was never run, and nothing held it back`);
      if (status === 'done' && outcome === null) this.#no('L1', `${id} has no outcome`);
    }
  }

  #shouldHaveRun(id: TargetId): boolean {
    const { stopped } = this.#story;
    if (stopped === 'aborted' || this.#story.isHopeless(id)) return false;
    return stopped === null || this.#story.waveOf(id)?.stage === 'trailing';
  }

  #report({ invariant, message }: Finding): void {
    this.#violations.push({ invariant, message, at: this.#line?.at ?? this.#rollout.id });
  }

  #no(invariant: string, message: string): void {
    this.#report({ invariant, message });
  }
}

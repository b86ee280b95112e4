import type { TargetId } from '../../contracts/target';
import type { PlannedTarget, PlannedWave, RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { TargetRecord } from '../../fleet/plan/target-record';
import type { ApprovalSubject, LimitChange, RolloutEvent } from '../../fleet/rollout/state';

import { GivenApprovals } from './given-approvals';
import { mayHaveChanged } from './may-have-changed';
import { isWindowOpen } from './open-window';
import { endDeparted, targetStory, waveStory, type Moment, type TargetStory, type WaveStory } from './story-parts';

/** A story as its plan begins: nothing has happened. Told by events and begins, without the core's rules being asked. */
export class RolloutStory {
  readonly plan: RolloutPlan;
  readonly planned: ReadonlyMap<TargetId, PlannedTarget>;
  readonly targets: ReadonlyMap<TargetId, TargetStory>;
  readonly waves: ReadonlyMap<string, WaveStory>;
  /** Records as they were when the rollout began, and as they are. */
  readonly goods = new Map<TargetId, TargetRecord>();
  readonly records = new Map<TargetId, TargetRecord>();
  readonly irreversible = new Set<TargetId>();
  /** Whose gate failed, if one did. */
  failedWave: string | null = null;
  /** Targets whose alarms failed it. */
  failedBy: ReadonlySet<TargetId> = new Set();
  wayBackApproved = false;
  /** How many targets of a wave were on trial when its tolerance was spent. */
  readonly onTrialWhenSpent = new Map<string, number>();
  /** After each event of the last durable batch of events. */
  moments: Moment[] = [];
  begunSince: TargetId[] = [];
  #begun = false;
  #paused = false;
  #aborted = false;
  #tooMany = false;
  #limits: LimitChange = {};
  #departed: readonly TargetId[] = [];
  readonly #approvals = new GivenApprovals();
  readonly #passed = new Set<string>();

  constructor(plan: RolloutPlan) {
    this.plan = plan;
    this.planned = new Map(plan.targets.map((planned) => [planned.target.id, planned]));
    this.targets = new Map(plan.targets.map((planned) => [planned.target.id, targetStory(planned)]));
    this.waves = new Map(plan.waves.map((wave) => [wave.name, waveStory(wave)]));
  }

  /** Takes an event in; the moment after it is kept with those of its batch. */
  take(event: RolloutEvent, options: { readonly newBatch: boolean }): void {
    if (options.newBatch) {
      this.moments = [];
      this.begunSince = [];
    }
    this.#put(event);
    endDeparted(this.#departed, this.targets);
    // What one wave's end lets the next one do happens at the same instant.
    for (let turn = 0; turn < 2; turn += 1) {
      this.#passWaves();
      this.#letTimePass(event.at);
      this.#useApprovals(event.at);
    }
    this.#passWaves();
    this.moments.push(this.#moment(event.at));
  }

  waveOf(target: TargetId): PlannedWave | undefined {
    const name = this.planned.get(target)?.wave;
    return this.plan.waves.find((wave) => wave.name === name);
  }

  /** Whether a wave is through: all its targets at an end within tolerance, and its gate passed where one was to be asked. */
  passed({ name }: PlannedWave): boolean {
    return this.#passed.has(name);
  }

  /** Whether what a wave deployed is good. Of one that stopped for failures, its gate may have passed the rest. */
  isGood(wave: PlannedWave): boolean {
    return this.passed(wave) || this.waves.get(wave.name)?.judged === 'passed';
  }

  /** A target that waits for something which did not succeed never starts. */
  isHopeless(target: TargetId): boolean {
    const story = this.targets.get(target);
    if (story?.status !== 'pending' || story.run !== null) return false;
    return (this.planned.get(target)?.dependencies ?? []).some(({ target: needed, kind }) => {
      const upstream = this.targets.get(needed);
      if (kind !== 'hard' || !upstream) return false;
      if (this.isHopeless(needed)) return true;
      return upstream.status === 'done' && upstream.outcome !== 'succeeded' && upstream.outcome !== 'unchanged';
    });
  }

  get stopped(): Moment['stopped'] {
    if (this.#aborted) return 'aborted';
    if (this.failedWave !== null) return 'gate';
    return this.#tooMany ? 'tolerance' : null;
  }

  #put(event: RolloutEvent): void {
    const story = 'target' in event ? this.targets.get(event.target) : undefined;
    switch (event.type) {
      case 'begun':
        if (!this.#begun) this.#approvals.begin(event.by ?? null);
        this.#begun = true;
        break;
      case 'paused':
        this.#paused = true;
        break;
      case 'resumed':
        this.#paused = false;
        break;
      case 'abort-requested':
        this.#aborted = true;
        break;
      case 'limits-set':
        this.#limits = { ...this.#limits, ...event.limits };
        break;
      case 'approved':
        this.#approvals.give(event.approval);
        break;
      case 'wave-previewed':
        for (const { target } of event.failed) {
          const failed = this.targets.get(target);
          if (failed?.status === 'pending') Object.assign(failed, { status: 'done', outcome: 'failed' });
        }
        for (const { target } of event.irreversible) this.irreversible.add(target);
        if (event.irreversible.length > 0) this.#wave(event.wave).irreversible = 'asked';
        break;
      case 'gate-answered':
        this.#answer(event);
        break;
      case 'target-ended':
        if (event.outcome === 'failed' && story && event.engineRuns === 1) story.failedRuns += 1;
        if (story)
          Object.assign(story, { status: 'done', outcome: event.outcome, run: null, touched: story.touched || mayHaveChanged(event) });
        break;
      case 'target-shifted': {
        const seconds = this.waveOf(event.target)?.traffic?.watchSeconds ?? 0;
        const watchUntil = new Date(Date.parse(event.at) + seconds * 1000).toISOString();
        if (story)
          Object.assign(story, { status: 'watching', run: null, touched: true, watchUntil, watch: 'open', watchReached: seconds === 0 });
        break;
      }
      case 'attempt-lost':
        if (story?.run === 'finish') story.status = 'watching';
        if (story && event.ran && story.run !== 'rollback') story.touched = true;
        if (story?.run && !event.ran) story.attempts -= 1;
        if (story) story.run = null;
        break;
      case 'rollback-ended':
        if (story) Object.assign(story, { status: 'done', outcome: event.outcome, run: null });
        break;
      case 'targets-departed':
        this.#departed = event.departed.map(({ target }) => target);
        break;
      case 'tick':
      case 'request-refused':
        break;
      default:
        throw new Error(`unknown event ${(event satisfies never as RolloutEvent).type}`);
    }
  }

  #answer({ at, about, answer }: Extract<RolloutEvent, { readonly type: 'gate-answered' }>): void {
    const planned = this.plan.waves.find((one) => one.name === about.wave);
    const wave = this.#wave(about.wave);
    if (!planned) return;
    const { verdict } = answer;
    const fail = () => {
      // What runs when somebody ends the rollout is let finish, and judged until then.
      const stopped = this.#aborted && this.#isSettled(planned);
      if (wave.preGate !== 'open' || this.passed(planned) || stopped || this.failedWave !== null) return;
      this.failedWave = about.wave;
      this.failedBy = new Set(answer.red.map(({ target }) => target));
    };
    switch (about.moment) {
      case 'before':
        if (wave.preGate === 'open') break;
        // While nothing may start it opens nothing: it is asked again once something may.
        wave.preGate = verdict === 'fail' ? 'red' : verdict === 'error' ? 'error' : this.#mayStart(planned, at) ? 'open' : 'unasked';
        break;
      case 'during':
        if (verdict === 'fail') fail();
        break;
      case 'watch': {
        const target = this.targets.get(about.target);
        if (target?.status !== 'watching' || target.run !== null) break;
        if (verdict === 'fail') fail();
        else if (verdict === 'pass') target.watch = 'passed';
        else if (target.watch === 'open') target.watch = 'undecided';
        break;
      }
      case 'end':
        if (!this.#isSettled(planned) || wave.judged === 'passed' || this.#aborted || this.failedWave !== null) break;
        if (verdict === 'fail') fail();
        else wave.judged = verdict === 'pass' ? 'passed' : 'undecided';
        break;
      default:
        throw new Error(`unknown moment ${String(about satisfies never)}`);
    }
  }

  #letTimePass(at: string): void {
    for (const story of this.targets.values()) if (story.watchUntil !== null && at >= story.watchUntil) story.watchReached = true;
    let turn = this.#begun;
    for (const wave of this.plan.waves) {
      const story = this.#wave(wave.name);
      if (turn && !this.#paused && (wave.stage === 'trailing' || isWindowOpen(this.plan.windows, at))) story.reached = true;
      turn &&= this.passed(wave) || this.stopped !== null;
      if (story.settledAt === null && story.preGate === 'open' && this.#isSettled(wave)) story.settledAt = at;
      if (story.settledAt !== null && Date.parse(at) >= Date.parse(story.settledAt) + wave.bakeSeconds * 1000) story.bakeReached = true;
    }
  }

  /** An approval is used by what waits for it, once, before it expires. */
  #useApprovals(at: string): void {
    for (const planned of this.plan.waves) {
      const wave = this.#wave(planned.name);
      const use = (subject: ApprovalSubject) => this.#approvals.use(planned, subject, at);
      if (!wave.approved && wave.reached) wave.approved = use('start');
      if (wave.irreversible === 'asked' && use('irreversible')) wave.irreversible = 'approved';
      if (wave.preGate === 'red' && use('red')) wave.preGate = 'open';
      if (wave.preGate === 'error' && use('gate-error')) wave.preGate = 'open';
      const undecided = planned.targets.flatMap((id) => {
        const story = this.targets.get(id);
        return story?.status === 'watching' && story.watch === 'undecided' ? [story] : [];
      });
      if (undecided.length > 0 && use('undecided')) for (const story of undecided) story.watch = 'passed';
      if (wave.judged === 'undecided' && use('undecided')) wave.judged = 'passed';
      if (this.stopped !== null && use('rollback')) this.wayBackApproved = true;
    }
  }

  /** Failures are counted while a wave goes on, and what a later change of limits would have said of one that passed is nothing. */
  #passWaves(): void {
    for (const wave of this.plan.waves) {
      const story = this.#wave(wave.name);
      if (this.passed(wave) || story.preGate !== 'open') continue;
      if (wave.stage !== 'trailing' && this.#isOver(wave, this.#failures(wave))) {
        this.#tooMany = true;
        if (!this.onTrialWhenSpent.has(wave.name)) this.onTrialWhenSpent.set(wave.name, this.#onTrial(wave));
      }
      if (this.stopped !== null && (wave.stage !== 'trailing' || this.#aborted)) continue;
      const ran = wave.targets.some((id) => this.targets.get(id)?.outcome === 'succeeded');
      if (this.#isSettled(wave) && (!wave.gated || !ran || story.judged === 'passed')) this.#passed.add(wave.name);
    }
  }

  #isOver(wave: PlannedWave, failures: number): boolean {
    const lowered = this.#limits.failureTolerance ?? Infinity;
    const total = this.plan.waves.reduce((sum, one) => sum + (one.stage === 'trailing' ? 0 : this.#failures(one)), 0);
    return failures > Math.min(wave.limits.failureTolerance, lowered) || total > Math.min(this.plan.limits.failureTolerance, lowered);
  }

  #failures(wave: PlannedWave): number {
    return wave.targets.filter((id) => this.targets.get(id)?.outcome === 'failed').length;
  }

  #onTrial(wave: PlannedWave): number {
    return wave.targets.filter((id) => this.targets.get(id)?.status === 'watching').length;
  }

  #mayStart({ stage }: PlannedWave, at: string): boolean {
    return !this.#paused && (stage === 'trailing' || isWindowOpen(this.plan.windows, at));
  }

  #isSettled(wave: PlannedWave): boolean {
    return wave.targets.every((id) => {
      const story = this.targets.get(id);
      return (
        story?.run === null && (story.status === 'done' || this.isHopeless(id) || (this.stopped !== null && story.status === 'pending'))
      );
    });
  }

  #wave(name: string): WaveStory {
    const story = this.waves.get(name);
    if (!story) throw new Error(`the journal names ${name}, which is no wave of the plan`);
    return story;
  }

  #moment(at: string): Moment {
    const ids = (wanted: (story: TargetStory) => boolean) =>
      new Set([...this.targets].filter(([, story]) => wanted(story)).map(([id]) => id));
    const waves = (wanted: (wave: PlannedWave, story: WaveStory) => boolean) =>
      new Set(this.plan.waves.filter((wave) => wanted(wave, this.#wave(wave.name))).map(({ name }) => name));
    return {
      at,
      paused: this.#paused,
      windowOpen: isWindowOpen(this.plan.windows, at),
      aborted: this.#aborted,
      stopped: this.stopped,
      limits: this.#limits,
      inFlight: ids((story) => story.run !== null),
      watching: ids((story) => story.status === 'watching' && story.run === null),
      watchPassed: ids((story) => story.watch === 'passed'),
      failures: new Map(this.plan.waves.map((wave) => [wave.name, this.#failures(wave)])),
      passed: waves((wave) => this.passed(wave)),
      cleared: waves((_wave, story) => story.preGate === 'open'),
      approved: waves((_wave, story) => story.approved),
      waitsForIrreversible: waves((_wave, story) => story.irreversible === 'asked'),
      over: ids((story) => story.status === 'done'),
    };
  }
}

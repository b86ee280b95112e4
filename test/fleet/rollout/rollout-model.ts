/** A wave of the model: how many targets, how many at once, how many may fail, and who is asked. */
export interface ModelWave {
  readonly size: number;
  readonly atOnce: number;
  readonly tolerance: number;
  readonly approval: boolean;
  /** It is a part of the same configured wave as the one before. */
  readonly joined: boolean;
  readonly gated: boolean;
}

type Stage = 'waiting' | 'opened' | 'held' | 'asking' | 'unreadable' | 'running' | 'judging' | 'undecided';

/**
 * What approvals, pauses, aborts and tolerance come to, told in the simplest way that there is. Knows nothing of the core: no trials, bakes,
 * windows or ways back, and gates that never fail.
 */
export class RolloutModel {
  readonly targets: ('pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'blocked')[][];
  index = 0;
  stage: Stage = 'waiting';
  paused = false;
  aborted = false;
  halted = false;
  now = 0;
  /** Until when a start is approved, by wave. */
  readonly starts: number[][];
  /** The same of configured waves, by their first part. */
  readonly groupStarts: number[][];
  readonly #waves: readonly ModelWave[];

  constructor(waves: readonly ModelWave[]) {
    this.#waves = waves;
    this.targets = waves.map(({ size }) => Array.from({ length: size }, () => 'pending'));
    this.starts = waves.map(() => []);
    this.groupStarts = waves.map(() => []);
  }

  get outcome(): string | null {
    if (this.index < this.#waves.length) return null;
    if (this.aborted) return 'aborted';
    return this.targets.flat().every((state) => state === 'succeeded') ? 'succeeded' : 'failed';
  }

  get running(): readonly number[] {
    return this.#current.flatMap((state, index) => (state === 'running' ? [index] : []));
  }

  end(target: number, well: boolean): void {
    this.#current[target] = well ? 'succeeded' : 'failed';
    this.settle();
  }

  /** Nothing may be deployed to it any more. */
  leave(wave: number, target: number): void {
    if (this.outcome === null && this.targets[wave]?.[target] === 'pending') this.targets[wave][target] = 'blocked';
    this.settle();
  }

  answer(verdict: 'pass' | 'inconclusive' | 'error'): void {
    if (this.stage === 'asking' || this.stage === 'unreadable') {
      if (verdict === 'error') this.stage = 'unreadable';
      else this.stage = this.paused ? 'opened' : 'running';
    } else if (this.stage === 'judging' || this.stage === 'undecided') {
      if (verdict === 'pass' || this.#stopped) this.#next();
      else this.stage = 'undecided';
    }
    this.settle();
  }

  approveStart(wave: number, seconds: number): void {
    if (this.outcome === null) this.starts[wave]?.push(this.now + seconds);
    this.settle();
  }

  approveGroup(group: number, seconds: number): void {
    if (this.outcome === null) this.groupStarts[group]?.push(this.now + seconds);
    this.settle();
  }

  approveUndecided(): void {
    if (this.stage === 'undecided') this.#next();
    this.settle();
  }

  /** Goes on as far as it can. */
  settle(): void {
    while (this.outcome === null && this.#step());
  }

  /** True: look again. */
  #step(): boolean {
    const wave = this.#waves[this.index];
    if (!wave) return false;
    const open = wave.gated ? 'asking' : 'running';
    switch (this.stage) {
      case 'waiting':
        if (this.#stopped) return this.#next();
        if (this.paused) return false;
        this.stage = wave.approval ? 'held' : open;
        return true;
      case 'opened':
        if (this.#stopped) return this.#next();
        if (this.paused) return false;
        this.stage = 'asking';
        return true;
      case 'held':
        if (this.#stopped) return this.#next();
        if (!this.#takeStart()) return false;
        this.stage = open;
        return true;
      case 'asking':
      case 'unreadable':
        return this.#stopped && this.#next();
      case 'running':
        return this.#run(wave);
      case 'judging':
        return this.aborted && this.#next();
      case 'undecided':
        return this.#stopped && this.#next();
    }
  }

  #run({ atOnce, tolerance, gated }: ModelWave): boolean {
    const current = this.#current;
    if (current.filter((state) => state === 'failed').length > tolerance) this.halted = true;
    if (this.#stopped) this.#cancel();
    for (let index = 0; index < current.length && !this.paused; index += 1)
      if (current[index] === 'pending' && this.running.length < atOnce) current[index] = 'running';
    if (current.some((state) => state === 'running' || state === 'pending')) return false;
    if (this.aborted || !gated || !current.includes('succeeded')) return this.#next();
    this.stage = 'judging';
    return false;
  }

  #takeStart(): boolean {
    const isGood = (until: number) => this.now < until;
    const good = (this.starts[this.index] ?? []).findIndex(isGood);
    // One of a configured wave is for each of its parts.
    if (good < 0) return (this.groupStarts[groupOf(this.#waves, this.index)] ?? []).some(isGood);
    this.starts[this.index]?.splice(good, 1);
    return true;
  }

  #next(): true {
    if (this.#stopped) this.#cancel();
    this.index += 1;
    this.stage = 'waiting';
    return true;
  }

  #cancel(): void {
    this.#current.forEach((state, index) => {
      if (state === 'pending') this.#current[index] = 'cancelled';
    });
  }

  get #stopped(): boolean {
    return this.aborted || this.halted;
  }

  get #current() {
    return this.targets[this.index] ?? [];
  }
}

/** The first part of the configured wave that a wave is a part of. */
export function groupOf(waves: readonly ModelWave[], wave: number): number {
  let first = wave;
  while (first > 0 && waves[first]?.joined === true) first -= 1;
  return first;
}

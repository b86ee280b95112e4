import type { Random } from './random';

interface Timer {
  readonly at: number;
  readonly order: number;
  fire: (() => void) | null;
}

/** Many times more than any run that ends. */
const MOST_TIMERS = 50_000;

/** Time that passes only when everything waits for it. Timers of one instant fire in an order drawn from a seed. */
export class VirtualTime {
  /** Milliseconds that have passed, whatever wall clocks show. */
  elapsed = 0;
  #fired = 0;
  readonly #random: Random;
  readonly #heap: Timer[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Calls back in so many milliseconds; what is returned forgets it. */
  after(milliseconds: number, fire: () => void): () => void {
    const timer: Timer = { at: this.elapsed + Math.max(0, milliseconds), order: this.#random.next(), fire };
    this.#push(timer);
    return () => {
      timer.fire = null;
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /**
   * Lets time pass until a promise settles. Everything simulated waits for promises and for this alone, so once a turn of the event loop is
   * over, nothing more happens before the next timer. Rejects where there is none: it would wait for ever.
   */
  async run<Value>(work: Promise<Value>): Promise<Value> {
    let settled = false;
    const note = () => {
      settled = true;
    };
    work.then(note, note);
    for (;;) {
      await turn();
      if (settled) return work;
      const timer = this.#next();
      if (!timer) throw new Error('nothing is left to wait for, and the work has not ended');
      this.elapsed = Math.max(this.elapsed, timer.at);
      this.#fired += 1;
      if (this.#fired > MOST_TIMERS) throw new Error(`no end after ${Math.round(this.elapsed / 1000)} s`);
      timer.fire?.();
    }
  }

  #next(): Timer | undefined {
    for (;;) {
      const timer = this.#pop();
      if (!timer || timer.fire) return timer;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let index = heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(timer, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = timer;
  }

  #pop(): Timer | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = pickChild(heap, left);
      if (child === undefined || !isBefore(child.timer, last)) break;
      heap[index] = child.timer;
      index = child.index;
    }
    heap[index] = last;
    return first;
  }
}

function pickChild(heap: readonly Timer[], left: number): { readonly index: number; readonly timer: Timer } | undefined {
  const [one, other] = [heap[left], heap[left + 1]];
  if (one === undefined) return undefined;
  return other !== undefined && isBefore(other, one) ? { index: left + 1, timer: other } : { index: left, timer: one };
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Resolves when all that can happen now has happened. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import type { TargetId } from '../../contracts/target';

/** What processes know of stacks by looking at them, before they run anything there themselves. */
export class Looks {
  readonly #readable = new Map<string, boolean>();
  readonly #ran = new Set<string>();

  /** A process looked at a stack, and could read it or not. */
  note(pid: number, target: TargetId, readable: boolean): void {
    const key = `${pid} ${target}`;
    if (!this.#ran.has(key)) this.#readable.set(key, readable);
  }

  /** A process runs something there: from now on it knows more than what it saw. */
  run(pid: number, target: TargetId): void {
    this.#ran.add(`${pid} ${target}`);
  }

  /** Whether a stack could be read when a process looked at it last; undefined: it never did. */
  couldRead(pid: number, target: TargetId): boolean | undefined {
    return this.#readable.get(`${pid} ${target}`);
  }
}

import type { Segment } from './segment';

/** Journals whose segments are kept: a verb goes through the last ones again and again, and seldom through others. */
const MOST_JOURNALS = 4;

/** Segments that this process has read whole and in their place: nothing writes them a second time, so nobody reads them again. */
export class KnownSegments {
  readonly #journals = new Map<string, Map<string, Segment>>();

  get(prefix: string, key: string): Segment | undefined {
    return this.#journals.get(prefix)?.get(key);
  }

  keep(prefix: string, key: string, segment: Segment): void {
    const journal = this.#journals.get(prefix) ?? new Map<string, Segment>();
    this.#journals.set(prefix, journal.set(key, segment));
    if (this.#journals.size <= MOST_JOURNALS) return;
    for (const oldest of this.#journals.keys()) {
      this.#journals.delete(oldest);
      return;
    }
  }
}

/** A standing resource as a run got to know it. */
export interface KnownInstance {
  readonly id: string;
  /** The URN it was made under, which an alias may have left behind. */
  readonly origin: string;
  readonly generation: number;
}

/** What one run of the engine said about one URN. */
interface Known {
  readonly ids: Set<string>;
  /** Ids that a create of this run found standing and took over. */
  readonly adopted: Set<string>;
  origin: string | undefined;
  highest: number;
  recorded: boolean;
}

/**
 * What the engine's record of a stack holds, as far as its calls in one run tell: whatever else stands under a stack's name was left
 * unrecorded by a run that died.
 */
export class RunMemory {
  readonly #byUrn = new Map<string, Known>();

  /** The engine has a record of the URN. */
  noteRecorded(urn: string): void {
    this.#of(urn).recorded = true;
  }

  /** The engine named an instance, or made or took over one. */
  noteInstance(urn: string, { id, origin, generation }: KnownInstance): void {
    const known = this.#of(urn);
    known.ids.add(id);
    known.origin = origin;
    known.highest = Math.max(known.highest, generation);
  }

  /** The engine was told that it is gone, and drops its record. */
  noteGone(urn: string): void {
    this.#byUrn.delete(urn);
  }

  noteAdopted(urn: string, id: string): void {
    this.#of(urn).adopted.add(id);
  }

  /** True where a create of this run took the instance over: what the engine deletes by this id is its outdated record. */
  isAdopted(urn: string, id: string): boolean {
    return this.#byUrn.get(urn)?.adopted.has(id) === true;
  }

  /** False where the engine recorded this instance, or one that it has not named. */
  isUnrecorded(urn: string, id: string): boolean {
    const known = this.#byUrn.get(urn);
    if (!known) return true;
    return known.ids.size === 0 ? !known.recorded : !known.ids.has(id);
  }

  /** The URN that the instances of a URN were made under. */
  originOf(urn: string): string {
    return this.#byUrn.get(urn)?.origin ?? urn;
  }

  /** Highest generation of the instances named so far, gone ones included; -1 where there was none. */
  highestGeneration(urn: string): number {
    return this.#byUrn.get(urn)?.highest ?? -1;
  }

  #of(urn: string): Known {
    const known = this.#byUrn.get(urn) ?? { ids: new Set(), adopted: new Set(), origin: undefined, highest: -1, recorded: false };
    this.#byUrn.set(urn, known);
    return known;
  }
}

/** One thing that is wrong, or unwise, about what fleet.yaml says for a place. Where it stands in the file is looked for afterwards. */
export interface Finding {
  /** `refused`: AWS would refuse it, or orders would be lost. `advice`: AWS or the requirements advise against it. */
  readonly level: 'refused' | 'advice';
  /** Kebab case; does not change. */
  readonly code: string;
  /** One line: the wrong value and what to change, or what comes of it. It names no place, so that many places with the same are one line. */
  readonly message: string;
  /** Keys of fleet.yaml that make it so, as paths. The one that was set last counts; of two in one block, the first one here. */
  readonly keys: readonly (readonly string[])[];
}

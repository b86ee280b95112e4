import { diskLogs, type AppendLog, type OpenLog } from '../append-log';

interface Change {
  readonly key: string;
  readonly active: boolean;
}

/** Cost allocation tags that the simulated payer activated, kept on disk. */
export class ActiveTags {
  readonly #log: AppendLog<Change>;
  readonly #keys: Set<string>;

  /** `initial` are active unless they were changed since. */
  constructor({
    path,
    initial,
    openLog = diskLogs(),
  }: {
    readonly path: string;
    readonly initial: readonly string[];
    readonly openLog?: OpenLog;
  }) {
    this.#log = openLog<Change>(path);
    this.#keys = new Set(initial);
    this.#log.read().forEach((change) => this.#take(change));
  }

  isActive(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Durable when it returns. */
  set(key: string, active: boolean): void {
    if (this.isActive(key) === active) return;
    this.#log.append({ key, active });
    this.#take({ key, active });
  }

  #take({ key, active }: Change): void {
    if (active) this.#keys.add(key);
    else this.#keys.delete(key);
  }
}

import type { BackendFiles } from '../../../../fleet/engine/pulumi/backend-files';

/** A backend's files in memory. Where `down` is set, nothing answers. */
export class MemoryBackend implements BackendFiles {
  readonly files = new Map<string, Buffer>();
  down = false;

  constructor(readonly hasSidecars = true) {}

  put(key: string, body: unknown): this {
    this.files.set(key, Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    return this;
  }

  read(key: string): Promise<Buffer | undefined> {
    return this.#answer(() => this.files.get(key));
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#answer(() => [...this.files.keys()].filter((key) => key.startsWith(`${folder}/`)).sort());
  }

  remove(key: string): Promise<void> {
    return this.#answer(() => void this.files.delete(key));
  }

  #answer<Value>(answer: () => Value): Promise<Value> {
    return this.down ? Promise.reject(new Error('nobody answers')) : Promise.resolve(answer());
  }
}

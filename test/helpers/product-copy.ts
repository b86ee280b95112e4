import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SOURCES = ['contracts', 'layer-kit', 'foundation', 'regional', 'observability', 'lambda', 'package.json', 'package-lock.json'];
const root = resolve(__dirname, '../..');

/** The sources that a release is built from, in a folder where they may be changed. */
export class ProductCopy {
  readonly directory = mkdtempSync(join(tmpdir(), 'fleet-product-'));

  constructor() {
    for (const source of SOURCES) cpSync(join(root, source), join(this.directory, source), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.directory, 'node_modules'));
  }

  /** Changes a file's text; the change must change something. */
  edit(file: string, from: string, to: string): void {
    this.#change(file, from, (text) => text.replace(from, to));
  }

  /** As {@link edit}, wherever the text is found. */
  editAll(file: string, from: string, to: string): void {
    this.#change(file, from, (text) => text.replaceAll(from, to));
  }

  #change(file: string, from: string, change: (text: string) => string): void {
    const path = join(this.directory, file);
    const before = readFileSync(path, 'utf8');
    if (!before.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}`);
    writeFileSync(path, change(before));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

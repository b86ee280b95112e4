import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { cachedCli, toolCache } from '../../../../../fleet/engine/pulumi/cli/pulumi-cli';

/** A machine of its own as far as tools go: a PATH with what is planted there, a home, a cache, a product with the pinned module. */
export class Machine {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly productRoot: string;

  constructor(folder: string) {
    this.home = mkdtempSync(join(folder, 'machine-'));
    this.productRoot = join(this.home, 'product');
    mkdirSync(join(this.productRoot, 'tools', 'pulumi'), { recursive: true });
    // Scripts need a shell's own tools; a CLI or Go of the machine that runs the tests must not be found.
    const system = ['/bin', '/usr/bin'].filter((bin) => !existsSync(join(bin, 'pulumi')) && !existsSync(join(bin, 'go')));
    this.env = { PATH: [join(this.home, 'bin'), ...system].join(delimiter), HOME: this.home };
  }

  /** A program that is a shell script; paths are relative to this machine's home. */
  plant(path: string, script: string): string {
    const whole = join(this.home, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, `#!/bin/sh\n${script}\n`);
    chmodSync(whole, 0o755);
    return whole;
  }

  /** A CLI of a version. */
  plantCli(path: string, version: string): string {
    return this.plant(path, `echo v${version}`);
  }

  /** A Go whose build makes a CLI of a version, and which writes down how it was called. */
  plantGo(version: string, before = ''): void {
    const out = 'while [ "$1" != -o ]; do shift; done';
    this.plant('bin/go', `${this.noting('go')}\n${before}\n${out}\nmkdir -p "$(dirname "$2")"\n${writing('"$2"', version)}`);
  }

  /** An archive as the official release's, with a CLI that is a shell script; undefined: with nothing. Gives its path. */
  plantArchive(script: string | undefined): string {
    const folder = join(this.home, 'archive', 'pulumi');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'README'), '');
    if (script !== undefined) writeFileSync(join(folder, 'pulumi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const archive = join(this.home, 'archive.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', dirname(folder), 'pulumi']);
    return archive;
  }

  /** Where the pinned CLI belongs. */
  get cached(): string {
    return cachedCli(this.env).path;
  }

  /** What is in the cache, by name. */
  get cache(): readonly string[] {
    const cache = toolCache(this.env);
    return existsSync(cache) ? readdirSync(cache).sort() : [];
  }

  /** What a planted program wrote down. */
  noted(name: string): string {
    return readFileSync(join(this.home, `${name}.noted`), 'utf8');
  }

  /** A line of a script that writes its arguments, folder and environment down. */
  noting(name: string): string {
    return `{ pwd; printf '%s\\n' "$@"; env; } > '${join(this.home, `${name}.noted`)}'`;
  }
}

/** Lines of a script that write a CLI. */
function writing(path: string, version: string): string {
  return `printf '#!/bin/sh\\necho v${version}\\n' > ${path}\nchmod +x ${path}`;
}

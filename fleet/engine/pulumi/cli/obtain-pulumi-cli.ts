import { FleetError, messageOf } from '../../../errors';
import type { Clock } from '../../../ports';
import { systemClock } from '../../../system-clock';

import { buildCli } from './build-cli';
import { cliOf } from './find-pulumi-cli';
import { installRelease } from './install-release';
import { lookAt, lookAtNamed, lookInCache, lookOnPath, type Look, type LookOptions } from './look-for-cli';
import { makeWhole } from './make-whole';
import { MINIMUM_VERSION, PINNED_VERSION, cachedCli, cliIn, type Environment, type PulumiCli } from './pulumi-cli';
import type { ToolResult } from './run-tool';

/** One way tried. `begun` is told of those that take their time only; `message` is one line. */
export interface CliAttempt {
  readonly way: 'named' | 'path' | 'cache' | 'release' | 'build';
  readonly state: 'begun' | 'failed' | 'succeeded';
  readonly message: string;
}

/** How a CLI is obtained. */
export interface ObtainPulumiCliOptions {
  readonly env: Environment;
  /** Root of this product, with tools/pulumi. */
  readonly productRoot: string;
  readonly onAttempt: (attempt: CliAttempt) => void;
  /** @default that of this machine */
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** As {@link installRelease} takes them. */
  readonly digests?: Readonly<Record<string, string>>;
}

/**
 * A CLI, however it can be had: named, on PATH, obtained earlier; else the official release; else a build from the pinned Go module. Throws
 * `pulumi/cli-missing` where there is no way, and as `findPulumiCli` for a named one; rejects with the signal's reason.
 */
export async function obtainPulumiCli({ clock = systemClock, ...options }: ObtainPulumiCliOptions): Promise<PulumiCli> {
  return new Ladder({ ...options, clock }).climb();
}

type Fill = (folders: { readonly content: string; readonly scratch: string }) => Promise<ToolResult>;

class Ladder {
  readonly #options: ObtainPulumiCliOptions & LookOptions;
  readonly #failures: string[] = [];

  constructor(options: ObtainPulumiCliOptions & LookOptions) {
    this.#options = options;
  }

  async climb(): Promise<PulumiCli> {
    const named = await lookAtNamed(this.#options);
    if (named) {
      this.#tell('named', named);
      return cliOf(named);
    }
    const found = this.#tell('path', await lookOnPath(this.#options)) ?? this.#tell('cache', await lookInCache(this.#options));
    if (found) return found;
    const install: Fill = (folders) => installRelease({ ...this.#options, ...folders });
    const build: Fill = (folders) => buildCli({ ...this.#options, ...folders });
    this.#begin('release', `the official release ${PINNED_VERSION} is downloaded`);
    const installed = this.#tell('release', await this.#make('installed', install));
    if (installed) return installed;
    this.#begin('build', `version ${PINNED_VERSION} is built from its Go module: about 5 minutes the first time`);
    const built = this.#tell('build', await this.#make('built', build));
    if (built) return built;
    throw new FleetError(
      'pulumi/cli-missing',
      `no Pulumi CLI can be had: ${this.#failures.join('; ')}: put one of ${MINIMUM_VERSION} or newer on PATH ` +
        '(https://www.pulumi.com/docs/install), or install Go (https://go.dev/dl) where its module proxy can be reached',
    );
  }

  /** Makes a folder with the CLI in it, unless what came out is not the one that was wanted. */
  async #make(source: 'installed' | 'built', fill: Fill): Promise<Look> {
    const { folder, path } = cachedCli(this.#options.env);
    const look = (at: string) => lookAt(cliIn(at), source, this.#options);
    let problem: string | undefined;
    try {
      await makeWhole(folder, {
        make: async (folders) => {
          const filled = await fill(folders);
          problem = filled.ok ? wrongOf(await look(folders.content)) : filled.why;
          if (problem !== undefined) throw new Error(problem);
        },
        isWhole: async (at) => wrongOf(await look(at)) === undefined,
      });
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      // A cache that cannot be written is a way that failed, too.
      return { kind: 'missing', why: problem ?? messageOf(error) };
    }
    return { kind: 'found', cli: { path, version: PINNED_VERSION, source } };
  }

  #begin(way: CliAttempt['way'], message: string): void {
    this.#options.onAttempt({ way, state: 'begun', message });
  }

  #tell(way: CliAttempt['way'], look: Look): PulumiCli | undefined {
    if (look.kind === 'found') {
      this.#options.onAttempt({ way, state: 'succeeded', message: `${NAMES[way]}: ${look.cli.path} is ${look.cli.version}` });
      return look.cli;
    }
    const message = `${NAMES[way]}: ${look.why}`;
    this.#failures.push(message);
    this.#options.onAttempt({ way, state: 'failed', message });
    return undefined;
  }
}

const NAMES = {
  named: 'FLEET_PULUMI',
  path: 'on PATH',
  cache: 'obtained earlier',
  release: 'official release',
  build: 'build with Go',
} as const satisfies Record<CliAttempt['way'], string>;

function wrongOf(look: Look): string | undefined {
  if (look.kind !== 'found') return look.why;
  return look.cli.version === PINNED_VERSION ? undefined : `${look.cli.path} is ${look.cli.version}, not ${PINNED_VERSION}`;
}

import { resolve } from 'node:path';

import { buildRelease } from '../release/build-release';
import { storeRelease, writeReleaseTo } from '../release/release-folder';
import { textTable } from '../report/terminal-text';

import { openFleet, type CommandContext, type CommandOutcome } from './context';

/** Flags of `build`. */
export interface BuildFlags {
  readonly config: string;
  /** Root of the sources; the product's own where it is not given. */
  readonly source?: string;
  /** Writes the release here instead of into the fleet's state. */
  readonly out?: string;
}

/** Builds a release from source. */
export async function build(flags: BuildFlags, context: CommandContext): Promise<CommandOutcome> {
  const started = context.clock.now().getTime();
  const release = await buildRelease(flags.source === undefined ? context.productRoot : resolve(context.cwd, flags.source));
  const directory = flags.out === undefined ? keep(flags.config, release) : resolve(context.cwd, flags.out);
  if (flags.out !== undefined) writeReleaseTo(directory, release);
  const rows = [...release.files]
    .filter(([path]) => path.endsWith('.js'))
    .map(([path, content]) => [path, `${(content.byteLength / 1000).toFixed(1)} kB`]);
  const seconds = ((context.clock.now().getTime() - started) / 1000).toFixed(1);
  return {
    exitCode: 0,
    text: `release ${release.digest} in ${directory} (${seconds} s)\n\n${textTable(['BUNDLE', 'SIZE'], rows)}`,
    data: { digest: release.digest, directory, manifest: release.manifest },
  };
}

function keep(configPath: string, release: Awaited<ReturnType<typeof buildRelease>>): string {
  const { config, store } = openFleet(configPath);
  store.claim(config.name);
  return storeRelease(store.releases, release).directory;
}

import { resolve } from 'node:path';

import { buildOrganization, buildRelease } from '../release/build-release';
import { storeRelease, writeReleaseTo } from '../release/release-folder';
import { safeText, textTable } from '../report/terminal-text';

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
  const root = flags.source === undefined ? context.productRoot : resolve(context.cwd, flags.source);
  const release = await buildRelease(root);
  const directory = flags.out === undefined ? await keep(flags.config, release) : resolve(context.cwd, flags.out);
  // Beside the layers, for `pulumi up` in any project folder.
  if (flags.out !== undefined) writeReleaseTo(directory, { files: new Map([...release.files, ...(await buildOrganization(root))]) });
  const rows = [...release.files]
    .filter(([path]) => path.endsWith('.js'))
    .map(([path, content]) => [path, `${(content.byteLength / 1000).toFixed(1)} kB`]);
  const seconds = ((context.clock.now().getTime() - started) / 1000).toFixed(1);
  return {
    exitCode: 0,
    text: `${safeText(`release ${release.digest} in ${directory} (${seconds} s)`)}\n\n${textTable(['BUNDLE', 'SIZE'], rows)}`,
    data: { digest: release.digest, directory, manifest: release.manifest },
  };
}

async function keep(configPath: string, release: Awaited<ReturnType<typeof buildRelease>>): Promise<string> {
  const { store } = await openFleet(configPath);
  await store.claim();
  return (await store.shareRelease(storeRelease(store.releases, release))).directory;
}

import { existsSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { makeFolders } from '../../sandbox/make-folders';
import { initFiles, type InitOptions } from '../config/init-files';
import { messageOf, userError } from '../errors';
import { safeText } from '../report/terminal-text';

import type { CommandContext, CommandOutcome } from './context';

/** Flags of `init`. */
export interface InitFlags {
  readonly directory: string;
  readonly options: InitOptions;
}

/** Writes fleet.yaml, and organization.yaml for a sandbox, into a folder that has neither. */
export function init(flags: InitFlags, context: CommandContext): CommandOutcome {
  const directory = resolve(context.cwd, flags.directory);
  const files = Object.entries(initFiles(flags.options));
  const taken = files.map(([name]) => join(directory, name)).filter((path) => existsSync(path));
  if (taken.length > 0) throw userError('exists', `${taken.join(' and ')} exists: name another folder, or remove it first`);
  try {
    makeFolders(directory);
  } catch (cause) {
    throw userError('init', `folder ${directory} cannot be made: ${messageOf(cause)}; name another folder`, { cause });
  }
  for (const [name, text] of files) writeFileSync(join(directory, name), text, { flag: 'wx' });
  const written = files.map(([name]) => join(directory, name));
  const next = `next: cd ${basename(directory)} && fleet discover && fleet plan && fleet rollout`;
  return { exitCode: 0, text: `${safeText(`wrote ${written.join(' and ')}`)}\n${safeText(next)}`, data: { directory, files: written } };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Region } from '../../../contracts/ids';
import { stackName, type Target } from '../../../contracts/target';

import { openBackend } from './open-backend';

/** From where a stack is copied, and to which folder. */
export interface CopyStackOptions {
  /** URL of a backend; null: there is none. */
  readonly from: string | null;
  readonly homeRegion: Region;
  readonly to: string;
}

/** Copies what a backend has of a stack into a folder that is a backend of its own, and gives its URL. What is done there touches nothing else. */
export async function copyStack(target: Target, { from, homeRegion, to }: CopyStackOptions): Promise<string> {
  mkdirSync(to, { recursive: true });
  const stack = `.pulumi/stacks/${target.layer}/${stackName(target)}.json`;
  if (from !== null) {
    const { files } = await openBackend(from, homeRegion);
    for (const key of ['.pulumi/meta.yaml', stack, `${stack}.gz`]) {
      const body = await files.read(key);
      if (body === undefined) continue;
      mkdirSync(dirname(join(to, key)), { recursive: true });
      writeFileSync(join(to, key), body);
    }
  }
  return pathToFileURL(to).href;
}

import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

import { messageOf } from '../../../errors';
import { programEnvironment } from '../child-environment';

import type { LookOptions } from './look-for-cli';
import { PINNED_VERSION, cliIn } from './pulumi-cli';
import { RELEASE_DIGESTS } from './release-digests';
import { runTool, type ToolResult } from './run-tool';

/** Where the official release is put. */
export interface InstallReleaseOptions extends LookOptions {
  /** Folder that gets `bin/pulumi`. */
  readonly content: string;
  readonly scratch: string;
  /** SHA-256 of the release's archive by platform. @default those that are pinned */
  readonly digests?: Readonly<Record<string, string>> | undefined;
}

/** Names another place of the archives: what comes from there is held against the same digests. */
export const RELEASES_BY = 'FLEET_PULUMI_RELEASES';

const RELEASES = 'https://get.pulumi.com/releases/sdk';
/** So long without a byte, and it is given up: a network may swallow what is sent. */
const QUIET_SECONDS = 30;
const UNPACK_SECONDS = 120;
/** Three times what it is. */
const MOST_BYTES = 600 * 1024 * 1024;

/**
 * Downloads the archive of the official release, and unpacks it where it has the digest that is pinned. Nothing of it is run before that, and no
 * script of anybody's at all. Rejects with the signal's reason only.
 */
export async function installRelease({
  content,
  scratch,
  digests = RELEASE_DIGESTS,
  env,
  ...look
}: InstallReleaseOptions): Promise<ToolResult> {
  const platform = `${process.platform}-${process.arch}`;
  const pinned = digests[platform];
  if (pinned === undefined) return { ok: false, why: `no SHA-256 of it is pinned for ${platform}` };
  const { [RELEASES_BY]: mirror = '' } = env;
  const url = `${(mirror === '' ? RELEASES : mirror).replace(/\/+$/, '')}/pulumi-v${PINNED_VERSION}-${platform}.tar.gz`;
  const archive = join(scratch, 'pulumi.tar.gz');
  const got = await download(url, archive, look);
  if (!got.ok) return got;
  if (got.output !== pinned) return { ok: false, why: `${url} has SHA-256 ${got.output}, and ${pinned} is pinned: it is thrown away` };
  const bin = dirname(cliIn(content));
  mkdirSync(bin);
  return runTool('tar', {
    args: ['-xzf', archive, '-C', bin, '--strip-components=1', '--no-same-owner'],
    env: programEnvironment(env),
    limitSeconds: UNPACK_SECONDS,
    ...look,
  });
}

/** Gives the digest of what was written. */
async function download(url: string, file: string, { clock, signal }: Omit<LookOptions, 'env'>): Promise<ToolResult> {
  signal?.throwIfAborted();
  const given = new AbortController();
  const over = new AbortController();
  let bytes = 0;
  const watch = async () => {
    for (let before = -1; bytes > before;) {
      before = bytes;
      await clock.sleep(QUIET_SECONDS * 1000, over.signal);
    }
    given.abort(new Error(`nothing came for ${QUIET_SECONDS} s`));
  };
  const watching = watch().catch(() => undefined); // It ended first.
  const hash = createHash('sha256');
  try {
    const response = await fetch(url, { signal: AbortSignal.any(signal ? [given.signal, signal] : [given.signal]) });
    if (!response.ok || response.body === null) return { ok: false, why: `${url} answers ${response.status}` };
    const take = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES} bytes`);
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), take, createWriteStream(file));
    return { ok: true, output: hash.digest('hex') };
  } catch (error) {
    signal?.throwIfAborted();
    return { ok: false, why: `${url} cannot be had: ${given.signal.aborted ? messageOf(given.signal.reason) : innermost(error)}` };
  } finally {
    over.abort();
    await watching;
  }
}

/** `fetch failed` says nothing; its cause does. */
function innermost(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  return cause === undefined ? (messageOf(error).split('\n')[0] ?? '') : innermost(cause);
}

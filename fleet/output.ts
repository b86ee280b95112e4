import { fstatSync, writeFileSync } from 'node:fs';

import { messageOf } from './errors';

/** Why a stream did not take everything: its reader went away, or it cannot be written, as on a full disk. */
export type OutputLoss = { readonly kind: 'closed' } | { readonly kind: 'failed'; readonly message: string };

/** A standard stream that never ends what writes to it: what cannot be written is dropped. */
export interface StandardOutput {
  write(text: string): void;
  /** Aborted once its reader has gone away. */
  readonly closed: AbortSignal;
  /** Resolves when all that was written until now is out or dropped; undefined: nothing was dropped. */
  settled(): Promise<OutputLoss | undefined>;
}

/** What a write to a pipe or socket fails with once nobody reads it. */
const CLOSED = ['EPIPE', 'ECONNRESET', 'ENOTCONN', 'ERR_STREAM_DESTROYED'];

/** Takes a standard stream over: nothing else may write to it. */
export function openOutput(stream: NodeJS.WriteStream & { readonly fd: number }): StandardOutput {
  const closed = new AbortController();
  let loss: OutputLoss | undefined;
  let written: Promise<void> = Promise.resolve();
  const lose = (error: unknown): void => {
    const isClosed = CLOSED.includes((error as NodeJS.ErrnoException).code ?? '');
    if (isClosed) closed.abort(new Error('nobody reads the output any more'));
    else loss = { kind: 'failed', message: messageOf(error) };
    loss ??= { kind: 'closed' };
  };
  // Each failed write is also an event, which would end the process where nobody listens.
  stream.on('error', lose);
  const write = isFile(stream) ? fileWriter(stream.fd) : streamWriter(stream);
  return {
    write: (text) => {
      // A disk may have room again for the next line; a reader does not come back.
      if (!closed.signal.aborted) written = write(text).catch(lose);
    },
    closed: closed.signal,
    settled: async () => {
      await written;
      return loss;
    },
  };
}

/** A file, or a device that is no terminal. */
function isFile({ fd, isTTY }: Pick<NodeJS.WriteStream, 'isTTY'> & { readonly fd: number }): boolean {
  const stats = fstatSync(fd);
  return stats.isFile() || (stats.isCharacterDevice() && !isTTY);
}

/** Node's own stream over a file takes a part for the whole: what a disk has no room for would be missing without an error. */
function fileWriter(fd: number): (text: string) => Promise<void> {
  return async (text) => writeFileSync(fd, text);
}

/** Writes follow each other: once the last one is through, all are. A stream that failed would keep the next one for ever. */
function streamWriter(stream: NodeJS.WriteStream): (text: string) => Promise<void> {
  return (text) =>
    new Promise((resolve, reject) => {
      if (stream.errored) resolve();
      else stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
}

import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';

import { openOutput } from '../../fleet/output';
import { temporaryFolder } from '../helpers/temporary-folder';

const folder = temporaryFolder('output');
type Stream = Parameters<typeof openOutput>[0];

/** A stream as the process has it over an open file. */
const over = (fd: number): Stream => Object.assign(new Writable(), { fd, isTTY: false }) as unknown as Stream;

/** A pipe whose writes end as they are told to. */
function pipe(outcomes: readonly (string | undefined)[]) {
  const written: string[] = [];
  const left = [...outcomes];
  const stream = new Writable({
    decodeStrings: false,
    autoDestroy: false,
    write: (chunk: string, _encoding, done) => {
      const code = left.shift();
      if (code === undefined) written.push(chunk);
      done(code === undefined ? null : Object.assign(new Error(code), { code }));
    },
  });
  // As a terminal: a device that is written to by its stream.
  return { written, stream: Object.assign(stream, { fd: openSync('/dev/null', 'w'), isTTY: true }) as unknown as Stream };
}

test('a file has all that was written, in order, and nothing is lost', async () => {
  const file = join(folder, 'all');
  const fd = openSync(file, 'w');
  const output = openOutput(over(fd));
  output.write('a\n');
  output.write('b\n');

  expect(await output.settled()).toBeUndefined();
  closeSync(fd);
  expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
});

test('a full disk loses what it has no room for, and says so', async () => {
  const fd = openSync('/dev/full', 'w');
  const output = openOutput(over(fd));
  output.write('a\n');

  expect(await output.settled()).toEqual({ kind: 'failed', message: expect.stringContaining('ENOSPC') as string });
  expect(output.closed.aborted).toBe(false);
  closeSync(fd);
});

test.each(['EPIPE', 'ECONNRESET'])('a reader that has left is told once, and nothing more is written: %s', async (code) => {
  const { stream, written } = pipe([undefined, code, undefined]);
  const output = openOutput(stream);
  output.write('a');
  await output.settled();
  output.write('b');

  expect(await output.settled()).toEqual({ kind: 'closed' });
  expect(output.closed.aborted).toBe(true);
  output.write('c');
  expect(written).toEqual(['a']);
});

test('what could not be written stays lost, also where the reader leaves afterwards', async () => {
  const { stream } = pipe(['EIO', 'EPIPE']);
  const output = openOutput(stream);
  output.write('a');
  await output.settled();
  output.write('b');

  expect(await output.settled()).toMatchObject({ kind: 'failed' });
});

import { createSocket } from 'node:dgram';

/** Where a function sends its segments, as Lambda runs one beside it. Close it. */
export interface TraceDaemon {
  /** As `127.0.0.1:2000`. */
  readonly address: string;
  /** Segment documents, as they came. */
  readonly segments: readonly string[];
  close(): Promise<void>;
}

/** An X-Ray daemon that keeps what it is sent. */
export async function traceDaemon(): Promise<TraceDaemon> {
  const segments: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (datagram) => segments.push(datagram.toString('utf8')));
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    segments,
    close: () => new Promise((done) => socket.close(() => done())),
  };
}

import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { CreateBucketCommand } from '@aws-sdk/client-s3';

import { regionSchema } from '../../contracts/ids';
import { createS3Client } from '../../fleet/state/s3-client';
import { S3Objects } from '../../fleet/state/s3-objects';

/** What happens to one request in place of being carried out and answered. */
export type Mishap =
  /** It is carried out, and its answer is lost. */
  | { readonly lose: 'answer' }
  /** It is never carried out; meanwhile something else is done. */
  | { readonly lose: 'request'; readonly meanwhile?: () => Promise<unknown> }
  /** It is carried out, and its answer breaks off in the middle of the body. */
  | { readonly lose: 'rest' }
  /** It is not carried out, and nothing is ever answered. */
  | { readonly lose: 'everything' }
  /** It is refused; meanwhile something else is done. */
  | { readonly status: number; readonly code: string; readonly meanwhile?: () => Promise<unknown> };

const REGION = 'eu-west-1';
const keys = { accessKeyId: 'AKIASTATE', secretAccessKey: 'secret' };

/**
 * A door to moto's S3 that carries out one request after the other: S3 decides a conditional write in one step, and moto, whose requests
 * run in threads, looks first and writes then. What goes wrong on the way can be planned.
 */
export class S3Door {
  /** Every request that came, as `PUT /bucket/key`. */
  readonly requests: string[] = [];
  readonly #moto: string;
  readonly #server: Server;
  #mishaps: { readonly method: string; readonly mishap: Mishap; times: number }[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(moto: string) {
    this.#moto = moto;
    this.#server = createServer((incoming, outgoing) => {
      this.#last = this.#last.then(() => this.#serve(incoming, outgoing)).catch(() => outgoing.destroy());
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next requests of a method go wrong. */
  plan(method: string, mishap: Mishap, times = 1): void {
    this.#mishaps.push({ method, mishap, times });
  }

  /** Nothing that was planned is left, and what came is forgotten. */
  reset(): void {
    this.#mishaps = [];
    this.requests.length = 0;
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const { method = '', url = '' } = incoming;
    this.requests.push(`${method} ${url.split('?')[0] ?? ''}`);
    const planned = this.#mishaps.find((one) => one.method === method && one.times > 0);
    if (planned) planned.times -= 1;
    const mishap = planned?.mishap;
    if (mishap && 'meanwhile' in mishap) await mishap.meanwhile?.();
    if (mishap && 'status' in mishap) {
      outgoing.writeHead(mishap.status, { 'content-type': 'application/xml' });
      outgoing.end(`<?xml version="1.0"?><Error><Code>${mishap.code}</Code><Message>as planned</Message></Error>`);
      return;
    }
    if (mishap?.lose === 'everything') return;
    if (mishap?.lose === 'request') return void outgoing.destroy();
    const answer = await this.#forward({ method, url, headers: incoming.headers, body });
    if (mishap?.lose === 'answer') return void outgoing.destroy();
    outgoing.writeHead(answer.status, answer.headers);
    if (mishap?.lose === 'rest') outgoing.write(answer.body.subarray(0, answer.body.length / 2), () => outgoing.destroy());
    else outgoing.end(answer.body);
  }

  async #forward(sent: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: Buffer;
  }): Promise<{ readonly status: number; readonly headers: IncomingMessage['headers']; readonly body: Buffer }> {
    const { expect: _expect, ...headers } = sent.headers;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const forwarded = request(`${this.#moto}${sent.url}`, { method: sent.method, headers }, resolve);
      forwarded.once('error', reject);
      forwarded.end(sent.body);
    });
    return { status: answer.statusCode ?? 500, headers: answer.headers, body: await bytesOf(answer) };
  }
}

/** S3 behind a door, for a test file. */
export interface S3Behind {
  readonly door: () => S3Door;
  readonly bucket: string;
  /** Objects below a prefix, through the door with a client of their own, as another process would have one; or past the door. */
  readonly objects: (prefix: string, way?: 'through' | 'past') => S3Objects;
}

/** Opens a door to moto with an empty bucket behind it. */
export function s3Behind(moto: () => string): S3Behind {
  const bucket = 'fleet-state';
  let door: S3Door;
  const clients: ReturnType<typeof createS3Client>[] = [];
  const client = (endpoint: string) => {
    const created = createS3Client({
      region: regionSchema.parse(REGION),
      credentials: keys,
      endpoint,
      maxAttempts: 3,
      requestTimeoutMs: 10_000,
    });
    clients.push(created);
    return created;
  };
  beforeAll(async () => {
    door = new S3Door(moto());
    await door.open();
    await client(moto()).send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  });
  afterEach(() => door.reset());
  afterAll(async () => {
    for (const one of clients) one.destroy();
    await door.close();
  });
  return {
    door: () => door,
    bucket,
    objects: (prefix, way = 'through') => new S3Objects(client(way === 'through' ? door.endpoint : moto()), { bucket, prefix }),
  };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A door to moto that takes buckets' policies in and hands none on: moto reads a policy without its conditions, and would close a bucket to
 * everybody whom they are there to let in.
 */
export class PolicyDoor {
  /** Every request that writes, as `PUT /bucket?policy`. */
  readonly writes: string[] = [];
  readonly policies = new Map<string, string>();
  readonly #moto: string;
  readonly #server = createServer((asked, reply) => void this.#serve(asked, reply).catch(() => reply.destroy()));

  constructor(moto: string) {
    this.#moto = moto;
  }

  async open(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = asked;
    const body = await bytesOf(asked);
    if (method === 'PUT' || method === 'DELETE') this.writes.push(`${method} ${url}`);
    const bucket = /^\/([^/?]+)\/?\?policy/.exec(url)?.[1];
    if (bucket !== undefined && method === 'PUT') {
      this.policies.set(bucket, body.toString('utf8'));
      return void reply.writeHead(204).end();
    }
    const kept = bucket !== undefined && method === 'GET' ? this.policies.get(bucket) : undefined;
    if (kept !== undefined) return void reply.writeHead(200, { 'content-type': 'application/json' }).end(kept);
    const forwarded = request(`${this.#moto}${url}`, { method, headers });
    forwarded.end(body);
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
    reply.writeHead(answer.statusCode ?? 502, answer.headers).end(await bytesOf(answer));
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that came to a door, whole. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A server on loopback before another one, which answers what it does not answer itself. */
export abstract class MotoDoor {
  readonly #behind: string;
  readonly #server = createServer((asked, reply) => void this.#take(asked, reply).catch(() => reply.destroy()));

  constructor(behind: string) {
    this.#behind = behind;
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

  /** Answers, or {@link passOn passes on}. What it throws cuts the connection. */
  protected abstract serve(asked: Asked, reply: ServerResponse): Promise<void>;

  /** Asks who is behind the door the same, and answers as that does. */
  protected async passOn({ method, url, headers, body }: Asked, reply: ServerResponse): Promise<void> {
    const forwarded = request(`${this.#behind}${url}`, { method, headers });
    forwarded.end(body);
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
    reply.writeHead(answer.statusCode ?? 502, answer.headers).end(await bytesOf(answer));
  }

  async #take(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers } = asked;
    await this.serve({ method, url, headers, body: await bytesOf(asked) }, reply);
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What is wrong with the credentials that lead into an account. */
export type RoleTrouble =
  | { readonly is: 'no-such-role' }
  | { readonly is: 'credentials-ended' }
  /** The role's name leads into another account, as an address that was typed wrong in a trust or a proxy does. */
  | { readonly is: 'other-account'; readonly account: string };

/** A door before an emulated AWS, which lets every role of every account be assumed: some roles give trouble here, in AWS's own words. */
export class RoleTroubles {
  endpoint = '';
  /** By account. */
  readonly troubles = new Map<string, RoleTrouble>();
  readonly #behind: URL;
  readonly #role: string;
  readonly #server = createServer((asked, reply) => void this.#answer(asked, reply));

  /** `role` as `fleet/deploy`; other roles give none. */
  constructor(behind: string, role: string) {
    this.#behind = new URL(behind);
    this.#role = role;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    if (!String(asked.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return this.#pass(asked, reply);
    const form = new URLSearchParams(await text(asked));
    const [, account = ''] = new RegExp(`^arn:aws:iam::(\\d{12}):role/${this.#role}$`).exec(form.get('RoleArn') ?? '') ?? [];
    const trouble = this.troubles.get(account);
    switch (trouble?.is) {
      case undefined:
        return this.#pass(asked, reply, form);
      case 'no-such-role':
        return refuse(reply, 'AccessDenied', `User: arn:aws:sts::1:assumed-role/control is not authorized to perform: sts:AssumeRole`);
      case 'credentials-ended':
        return refuse(reply, 'ExpiredToken', 'The security token included in the request is expired');
      case 'other-account':
        form.set('RoleArn', `arn:aws:iam::${trouble.account}:role/${this.#role}`);
        return this.#pass(asked, reply, form);
      default:
        trouble satisfies undefined;
    }
  }

  /** moto checks no signature: a form may be another than the one that was signed. */
  #pass(asked: IncomingMessage, reply: ServerResponse, form?: URLSearchParams): void {
    const { 'content-length': length, ...kept } = asked.headers;
    const body = form?.toString();
    const size = body === undefined ? length : String(Buffer.byteLength(body));
    const headers = { ...kept, ...(size !== undefined && { 'content-length': size }) };
    const passed = request(this.#behind, { method: asked.method, path: asked.url, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    passed.on('error', () => reply.destroy());
    if (body === undefined) asked.pipe(passed);
    else passed.end(body);
  }
}

function refuse(reply: ServerResponse, code: string, message: string): void {
  reply.writeHead(403, { 'content-type': 'text/xml' });
  reply.end(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`);
}

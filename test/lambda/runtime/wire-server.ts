import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the service does with it: answers, cuts the connection, or never answers. */
export type WireAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

/** A service on loopback. Close it. */
export interface WireServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `handle` over HTTP. */
export async function serveWire(handle: (request: WireRequest) => WireAnswer | Promise<WireAnswer>): Promise<WireServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const answered = Promise.resolve(handle({ method, url, headers, body: Buffer.concat(chunks) }));
      void answered.then((answer) => {
        switch (answer.kind) {
          case 'answer':
            response.writeHead(answer.status, { 'x-amzn-requestid': 'a-request', ...answer.headers });
            response.end(answer.body);
            return;
          case 'reset':
            request.socket.destroy();
            return;
          case 'hang':
            return;
        }
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done, failed) => {
        server.close((error) => (error ? failed(error) : done()));
        server.closeAllConnections();
      }),
  };
}

/** Why a request is not one that AWS signs for `service`; undefined where it is. */
export function signatureProblem({ headers }: WireRequest, service: string): string | undefined {
  const { authorization = '' } = headers;
  if (!authorization.startsWith('AWS4-HMAC-SHA256 Credential=')) return 'no signature';
  if (!authorization.includes(`/eu-west-1/${service}/aws4_request`)) return `signed for another region or service: ${authorization}`;
  return headers['x-amz-security-token'] === undefined ? 'no session token' : undefined;
}

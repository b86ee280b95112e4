import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { sha256Hex } from '../../../../../fleet/digest';

/** What a place of releases gives. */
export interface Releases {
  /** As `FLEET_PULUMI_RELEASES` names it. */
  readonly url: string;
  readonly asked: readonly string[];
  /** Of the archive, for this platform. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Places of releases on loopback, which end with their test. */
export function releaseServers(): {
  /** Serves an archive to whoever asks for anything. */
  serve(archive: string): Promise<Releases>;
  answer(listener: RequestListener): Promise<Releases>;
} {
  let servers: Server[] = [];
  afterEach(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    servers = [];
  });
  const answer = async (listener: RequestListener, digest = '0'.repeat(64)): Promise<Releases> => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      listener(request, response);
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/sdk/`, asked, digests: { [`${process.platform}-${process.arch}`]: digest } };
  };
  return {
    answer,
    serve: (archive) => {
      const body = readFileSync(archive);
      return answer((_request, response) => response.end(body), sha256Hex(body));
    },
  };
}

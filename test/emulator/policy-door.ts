import type { ServerResponse } from 'node:http';

import { MotoDoor, type Asked } from './moto-door';

/**
 * A door to moto that takes buckets' policies in and hands none on: moto reads a policy without its conditions, and would close a bucket to
 * everybody whom they are there to let in.
 */
export class PolicyDoor extends MotoDoor {
  /** Every request that writes, as `PUT /bucket?policy`. */
  readonly writes: string[] = [];
  readonly policies = new Map<string, string>();

  protected override async serve(asked: Asked, reply: ServerResponse): Promise<void> {
    const { method, url, body } = asked;
    if (method === 'PUT' || method === 'DELETE') this.writes.push(`${method} ${url}`);
    const bucket = /^\/([^/?]+)\/?\?policy/.exec(url)?.[1];
    if (bucket !== undefined && method === 'PUT') {
      this.policies.set(bucket, body.toString('utf8'));
      return void reply.writeHead(204).end();
    }
    const kept = bucket !== undefined && method === 'GET' ? this.policies.get(bucket) : undefined;
    if (kept !== undefined) return void reply.writeHead(200, { 'content-type': 'application/json' }).end(kept);
    return this.passOn(asked, reply);
  }
}

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

import { signatureProblem, type WireAnswer, type WireRequest } from './wire-server';

/** What goes wrong with one attempt to write. `lost`: it is written, and the answer does not arrive. */
export type ArchiveFault = 'slow-down' | 'reset' | 'lost';

/** The archive bucket behind S3's wire protocol: PutObject, with its checksums. */
export class FakeArchive {
  /** Contents by key. */
  readonly objects = new Map<string, string>();
  readonly #attempts = new Map<string, number>();
  readonly #bucket: string;
  readonly #faultOf: (key: string, attempt: number) => ArchiveFault | undefined;

  /** `faultOf` is asked at each attempt of a key, counted from 1. */
  constructor(bucket: string, faultOf: (key: string, attempt: number) => ArchiveFault | undefined = () => undefined) {
    this.#bucket = bucket;
    this.#faultOf = faultOf;
  }

  readonly handle = (request: WireRequest): WireAnswer => {
    const { method, headers, body } = request;
    const { pathname } = new URL(request.url, 'http://s3');
    const [, bucket = '', ...rest] = pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const problem = signatureProblem(request, 's3');
    if (problem !== undefined) return refuse(403, 'AccessDenied', problem);
    if (method !== 'PUT' || key === '') return refuse(501, 'NotImplemented', `${method} ${pathname}`);
    if (bucket !== this.#bucket) return refuse(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex'))
      return refuse(400, 'XAmzContentSHA256Mismatch', 'The provided content hash does not match what was computed.');
    if (headers['x-amz-checksum-crc32'] !== crc32Text(body))
      return refuse(400, 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.');

    const attempt = (this.#attempts.get(key) ?? 0) + 1;
    this.#attempts.set(key, attempt);
    const fault = this.#faultOf(key, attempt);
    if (fault === 'slow-down') return refuse(503, 'SlowDown', 'Please reduce your request rate.');
    if (fault === 'reset') return { kind: 'reset' };
    this.objects.set(key, body.toString('utf8'));
    return fault === 'lost' ? { kind: 'reset' } : { kind: 'answer', status: 200, headers: { etag: '"0"' }, body: '' };
  };
}

function crc32Text(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

function refuse(status: number, code: string, message: string): WireAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { kind: 'answer', status, headers: { 'content-type': 'application/xml' }, body };
}

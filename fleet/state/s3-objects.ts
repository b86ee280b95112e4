import { randomUUID } from 'node:crypto';

import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

import { sdkErrorName, statusOf } from '../aws/sdk-error';
import { FleetError, isFleetError } from '../errors';
import type { ObjectStore, StoredObject } from '../ports';

import { markBody, unmarkBody } from './marked-body';
import { checkedKey, checkedPrefix, isKey } from './object-key';
import { s3Error, type S3Attempt } from './s3-error';

/** Where the objects are. */
export interface S3Place {
  readonly bucket: string;
  /** Without a slash at either end; may be empty. */
  readonly prefix: string;
}

interface Found extends StoredObject {
  readonly mark: string;
}

/** Times that a write is begun which another one's, at the very same time, kept S3 from deciding. */
const MAX_WRITES = 8;
/** Times that an object is asked for whose body does not arrive whole. */
const MAX_READS = 3;

/**
 * Objects in a bucket, written under conditions: If-None-Match creates, If-Match replaces, and the version is the ETag, which the mark in
 * each body makes the write's own.
 *
 * A refused write is looked at before it counts as refused. The SDK sends a request again whose answer was lost, and that second one meets
 * what the first one wrote: its own mark is there, and it was done.
 */
export class S3Objects implements ObjectStore {
  readonly #client: S3Client;
  readonly #place: S3Place;

  constructor(client: S3Client, place: S3Place) {
    this.#client = client;
    this.#place = place;
  }

  async read(key: string): Promise<StoredObject | undefined> {
    const found = await this.#find(checkedKey(key));
    return found && { body: found.body, version: found.version };
  }

  async create(key: string, body: string): Promise<boolean> {
    return (await this.replace(key, body, null)) !== undefined;
  }

  async replace(key: string, body: string, version: string | null): Promise<string | undefined> {
    const attempt = this.#attempt('written', checkedKey(key));
    const mark = randomUUID();
    const condition = version === null ? { IfNoneMatch: '*' } : { IfMatch: version };
    const what = { Bucket: attempt.bucket, Key: attempt.key, Body: markBody({ body, mark }), ContentType: 'text/plain; charset=utf-8' };
    for (let writes = 1; ; writes += 1) {
      try {
        return versionOf(await this.#client.send(new PutObjectCommand({ ...what, ...condition })));
      } catch (cause) {
        if (!isRefused(cause)) throw s3Error(cause, attempt);
        const found = await this.#find(key);
        if (found?.mark === mark) return found.version;
        if (!isUndecided(cause) || (found?.version ?? null) !== version) return undefined;
        if (writes === MAX_WRITES) throw s3Error(cause, attempt);
      }
    }
  }

  async list(prefix: string, after = ''): Promise<readonly string[]> {
    const attempt = this.#attempt('listed', checkedPrefix(prefix));
    const root = this.#key('');
    const input = { Bucket: attempt.bucket, Prefix: attempt.key, ...(after === '' ? {} : { StartAfter: this.#key(after) }) };
    const keys: string[] = [];
    try {
      for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, input))
        keys.push(...Contents.map(({ Key = '' }) => Key.slice(root.length)));
    } catch (cause) {
      throw s3Error(cause, attempt);
    }
    // A bucket may hold what others put there: the console's own folders are objects whose keys end with a slash.
    return keys.filter(isKey).sort();
  }

  async remove(key: string): Promise<void> {
    const attempt = this.#attempt('removed', checkedKey(key));
    try {
      await this.#client.send(new DeleteObjectCommand({ Bucket: attempt.bucket, Key: attempt.key }));
    } catch (cause) {
      throw s3Error(cause, attempt);
    }
  }

  async #find(key: string): Promise<Found | undefined> {
    const attempt = this.#attempt('read', key);
    for (let reads = 1; ; reads += 1) {
      let hasBegun = false;
      try {
        const answer = await this.#client.send(new GetObjectCommand({ Bucket: attempt.bucket, Key: attempt.key }));
        hasBegun = true;
        return whole(key, { text: (await answer.Body?.transformToString('utf8')) ?? '', version: versionOf(answer) });
      } catch (cause) {
        if (isFleetError(cause)) throw cause;
        if (sdkErrorName(cause) === 'NoSuchKey') return undefined;
        // The SDK repeats a request, and not one whose answer breaks off in the middle.
        if (!hasBegun || reads === MAX_READS) throw s3Error(cause, attempt);
      }
    }
  }

  #attempt(what: S3Attempt['what'], key: string): S3Attempt {
    return { what, bucket: this.#place.bucket, key: this.#key(key) };
  }

  #key(key: string): string {
    return this.#place.prefix === '' ? key : `${this.#place.prefix}/${key}`;
  }
}

/** What the object says of itself. Throws `user/state-damaged` where this did not write it. */
function whole(key: string, { text, version }: { readonly text: string; readonly version: string }): Found {
  const found = unmarkBody(text);
  if (found) return { ...found, version };
  throw new FleetError('user/state-damaged', `${key} is damaged: the mark of its writer, its last line, is missing; restore it`);
}

function versionOf({ ETag }: { readonly ETag?: string | undefined }): string {
  if (ETag === undefined || ETag === '') throw new Error('S3 gave no ETag');
  return ETag;
}

/** Another object is there than the one that was to be: none, one, or another version. */
function isRefused(cause: unknown): boolean {
  return statusOf(cause) === 412 || sdkErrorName(cause) === 'NoSuchKey' || isUndecided(cause);
}

/** Another write or a removal was under way: S3 asks for the request to be sent again. */
function isUndecided(cause: unknown): boolean {
  return statusOf(cause) === 409;
}

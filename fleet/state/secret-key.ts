import { createHmac, randomBytes } from 'node:crypto';

import * as z from 'zod';

import { userError } from '../errors';
import type { ObjectStore } from '../ports';

import { checkedKind, openObject, sealObject } from './sealed';

/** Below `secrets/`, which those who only look and operate may not read. */
const KEY = 'secrets/digest-key.json';
const BYTES = 32;
const DIGEST_KEY = checkedKind<string>(
  'digest-key',
  z.base64().refine((text) => Buffer.from(text, 'base64').length === BYTES, `is no key of ${BYTES} bytes`),
);

/** The fleet's own key for digests of secrets: with it a value that changed is seen, without it a digest tells nothing of the value. */
export interface SecretKey {
  /** HMAC-SHA256 of a variable's value. Equal values of two variables have other digests. */
  digest(variable: string, value: string): string;
  /** Keeps the key, where it is a new one. Throws `user/plan-outdated` where another process kept its own first: what was digested is void. */
  keep(): Promise<void>;
}

/** The key as kept, or a new one that nobody has kept yet. Nothing is written. Rejects where it may not be read, or is damaged. */
export async function readSecretKey(objects: ObjectStore, draw: (bytes: number) => Buffer = randomBytes): Promise<SecretKey> {
  const kept = await keptKey(objects);
  const key = kept ?? draw(BYTES);
  return {
    digest: (variable, value) =>
      createHmac('sha256', key)
        .update(JSON.stringify([variable, value]))
        .digest('hex'),
    keep: async () => {
      if (kept !== undefined || (await objects.create(KEY, sealObject(DIGEST_KEY, { key: KEY, content: key.toString('base64') })))) return;
      if ((await keptKey(objects))?.equals(key) === true) return;
      throw userError('plan-outdated', `${KEY} was made by another process at the same time: plan again, with its key`);
    },
  };
}

async function keptKey(objects: ObjectStore): Promise<Buffer | undefined> {
  const found = await objects.read(KEY);
  return found && Buffer.from(openObject(DIGEST_KEY, { key: KEY, body: found.body }), 'base64');
}

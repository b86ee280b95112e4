import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type BucketLocationConstraint,
  type S3Client,
} from '@aws-sdk/client-s3';

import type { AccountId, Region } from '../../contracts/ids';
import { isAccountRegional, type OrganizationConfig } from '../../contracts/organization';
import { userError } from '../errors';
import { sdkErrorName, statusOf } from '../aws/sdk-error';

import { asked } from './asked';
import { bucketSettings, ownTags, tagsOf, type BucketAt } from './bucket-settings';

/** The state bucket as it stands. */
export interface BucketFound {
  readonly exists: boolean;
  /** When the organisation was first prepared, ISO 8601; null: no run came so far. */
  readonly createdAt: string | null;
  /** Names of the settings that it has not. */
  readonly missing: readonly string[];
}

/** Which bucket, and whose. */
export interface StateBucketPlace {
  readonly bucket: string;
  readonly account: AccountId;
  readonly region: Region;
}

/**
 * The bucket of all state, made before Pulumi has a place for its own. What it has already is left as it is, and a bucket of anybody else is
 * never touched. The client is of the shared-services account.
 */
export class StateBucket {
  readonly #client: S3Client;
  readonly #place: StateBucketPlace;

  constructor(client: S3Client, place: StateBucketPlace) {
    this.#client = client;
    this.#place = place;
  }

  /** Looks; changes nothing. Rejects with `user/state-bucket` where the name, the region or what is in it is not the fleet's. */
  async look(): Promise<BucketFound> {
    const { bucket, account, region } = this.#place;
    if (!(await this.#isListed())) {
      await this.#refuseTaken();
      return { exists: false, createdAt: null, missing: bucketSettings.map(({ name }) => name) };
    }
    const stands = await this.#region();
    if (stands !== region)
      throw userError('state-bucket', `bucket ${bucket} is in ${stands}, and homeRegion is ${region}: name another bucket in fleet.yaml`);
    const tags = await asked(`s3:GetBucketTagging of ${bucket}`, () => tagsOf(this.#at));
    const createdAt = ownTags(tags) ?? null;
    if (createdAt === null && (Object.keys(tags).length > 0 || (await this.#holdsAnything())))
      throw userError(
        'state-bucket',
        `bucket ${bucket} of account ${account} was not made by fleet bootstrap: name another in fleet.yaml, or one that is not there yet`,
      );
    const missing: string[] = [];
    for (const { name, isSet } of bucketSettings)
      if (!(await asked(`reading the ${name} of bucket ${bucket}`, () => isSet(this.#at)))) missing.push(name);
    return { exists: true, createdAt, missing };
  }

  /** Makes the bucket, or only what an earlier run left out. */
  async complete({ exists, missing }: BucketFound, config: OrganizationConfig): Promise<void> {
    if (!exists) await this.#create();
    for (const { name, set } of bucketSettings)
      if (missing.includes(name)) await asked(`setting the ${name} of bucket ${this.#place.bucket}`, () => set(this.#at, config));
  }

  get #at(): BucketAt {
    return { client: this.#client, bucket: this.#place.bucket };
  }

  async #isListed(): Promise<boolean> {
    const { bucket } = this.#place;
    let ContinuationToken: string | undefined;
    do {
      const asking = new ListBucketsCommand({
        Prefix: bucket,
        MaxBuckets: 1000,
        ...(ContinuationToken !== undefined && { ContinuationToken }),
      });
      const page = await asked('s3:ListBuckets', () => this.#client.send(asking));
      if (page.Buckets?.some(({ Name }) => Name === bucket) === true) return true;
      ContinuationToken = page.ContinuationToken;
    } while (ContinuationToken !== undefined);
    return false;
  }

  /** A name that is not in the account's list may still be somebody else's. */
  async #refuseTaken(): Promise<void> {
    const isTaken = await asked('s3:HeadBucket', async () => {
      try {
        await this.#client.send(new HeadBucketCommand({ Bucket: this.#place.bucket }));
        return true;
      } catch (cause) {
        if (statusOf(cause) === 404) return false;
        if (statusOf(cause) === 403 || statusOf(cause) === 301) return true;
        throw cause;
      }
    });
    if (isTaken) throw this.#taken();
  }

  #taken(): Error {
    const { bucket, account } = this.#place;
    return userError('state-bucket', `bucket ${bucket} is another account's than ${account}: name another in fleet.yaml`);
  }

  async #region(): Promise<string> {
    const Bucket = this.#place.bucket;
    const { LocationConstraint: told } = await asked(`s3:GetBucketLocation of ${Bucket}`, () =>
      this.#client.send(new GetBucketLocationCommand({ Bucket })),
    );
    // The oldest regions have other names there.
    if (told === 'EU') return 'eu-west-1';
    return (told ?? '') === '' ? 'us-east-1' : String(told);
  }

  async #holdsAnything(): Promise<boolean> {
    const Bucket = this.#place.bucket;
    const { KeyCount = 0 } = await asked(`s3:ListObjectsV2 of ${Bucket}`, () =>
      this.#client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 })),
    );
    return KeyCount > 0;
  }

  async #create(): Promise<void> {
    const { bucket: Bucket, region } = this.#place;
    const command = new CreateBucketCommand({
      Bucket,
      ...(region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: region as string as BucketLocationConstraint } }),
      ...(isAccountRegional(Bucket) && { BucketNamespace: 'account-regional' }),
    });
    try {
      await this.#client.send(command);
    } catch (cause) {
      if (sdkErrorName(cause) === 'BucketAlreadyExists') throw this.#taken();
      await asked('s3:CreateBucket', () => Promise.reject(cause as Error));
    }
  }
}

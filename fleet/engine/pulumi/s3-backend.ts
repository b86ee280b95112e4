import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

import type { S3Place } from '../../state/s3-objects';

import type { BackendFiles } from './backend-files';

/** The files of an `s3://` backend. The client is the caller's. */
export function s3Backend(client: S3Client, { bucket, prefix }: S3Place): BackendFiles {
  const within = prefix === '' ? '' : `${prefix}/`;
  return {
    hasSidecars: false,
    read: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `${within}${key}` }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    list: async (folder) => {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: `${within}${folder}/` }))
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key.slice(within.length)])));
      return keys.sort();
    },
    remove: async (key) => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${within}${key}` }))),
  };
}

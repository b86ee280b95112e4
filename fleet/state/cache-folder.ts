import { dirname, join } from 'node:path';

import type { S3Place } from './s3-objects';

/**
 * Folder beside fleet.yaml for what a state on S3 needs on disk: releases, which programs are loaded from, and a simulated organisation. No
 * two places share one: `+` is in neither a bucket's name nor a prefix that fleet.yaml may say.
 */
export function cacheFolder(fleetFile: string, { bucket, prefix }: S3Place): string {
  const name = [bucket, ...(prefix === '' ? [] : [prefix])].join('/').replaceAll('/', '+');
  return join(dirname(fleetFile), '.fleet', 'cache', name);
}

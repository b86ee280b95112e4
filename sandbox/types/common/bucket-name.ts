import type { Place } from '../../resource-type';

const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/** What S3 finds wrong with the name of a general purpose bucket; undefined where nothing. */
export function bucketNameProblem(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return `${name} has ${name.length} characters; a bucket name has 3 to 63`;
  if (!/^[a-z0-9.-]+$/.test(name)) return `${name} may have lower-case letters, digits, periods and hyphens only`;
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return `${name} must begin and end with a letter or a digit`;
  if (name.includes('..')) return `${name} has two adjacent periods`;
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return `${name} is formatted as an IP address`;
  const prefix = RESERVED_PREFIXES.find((reserved) => name.startsWith(reserved));
  if (prefix !== undefined) return `${name} begins with ${prefix}, which is reserved`;
  const suffix = RESERVED_SUFFIXES.find((reserved) => name.endsWith(reserved));
  return suffix === undefined ? undefined : `${name} ends with ${suffix}, which is reserved`;
}

/** End of every bucket name in an account's own regional namespace, which nobody else can take. */
export function accountRegionalSuffix(place: Pick<Place, 'account' | 'region'>): string {
  return `-${place.account}-${place.region}-an`;
}

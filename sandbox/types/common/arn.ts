import type { Place } from '../../resource-type';

import { matchesWildcard } from './wildcard';

/** The parts of an Amazon Resource Name. Region and account are empty where the service leaves them out. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the fifth colon, colons included. */
  readonly resource: string;
}

/** Splits an ARN; undefined where the text is none. Wildcards are ordinary characters here. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, account, ...rest] = text.split(':');
  const resource = rest.join(':');
  if (prefix !== 'arn' || !partition || !service || region === undefined || account === undefined || resource === '') return undefined;
  return { partition, service, region, account, resource };
}

/** An ARN in the commercial partition, the only one this product knows, at a place. */
export function arnOf(service: string, resource: string, place: Pick<Place, 'account' | 'region'>): string {
  return `arn:aws:${service}:${place.region}:${place.account}:${resource}`;
}

/** An ARN of a service whose resources have no region, as IAM. */
export function globalArnOf(service: string, resource: string, place: Pick<Place, 'account'>): string {
  return `arn:aws:${service}::${place.account}:${resource}`;
}

/** IAM's ArnLike (and ArnEquals, which is the same): each of the six parts is matched on its own, so that `*` never crosses a colon before the resource. */
export function matchesArn(pattern: string, arn: string): boolean {
  const wanted = parseArn(pattern);
  const given = parseArn(arn);
  // Text without parts, as a lone `*`, is compared whole; an ARN with too few parts matches nothing.
  if (!wanted || !given) return !pattern.startsWith('arn:') && matchesWildcard(pattern, arn);
  return (
    matchesWildcard(wanted.partition, given.partition) &&
    matchesWildcard(wanted.service, given.service) &&
    matchesWildcard(wanted.region, given.region) &&
    matchesWildcard(wanted.account, given.account) &&
    matchesWildcard(wanted.resource, given.resource)
  );
}

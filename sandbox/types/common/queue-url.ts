import type { Place, WorldResource, WorldView } from '../../resource-type';

import { computeTokens } from './compute-tokens';

/** URL of a queue. */
export function queueUrl(name: string, place: Pick<Place, 'account' | 'region'>): string {
  return `https://sqs.${place.region}.amazonaws.com/${place.account}/${name}`;
}

/** The queue behind a URL, in the place's own account and region. */
export function queueOfUrl(url: string, place: Place, world: WorldView): WorldResource | undefined {
  const queue = world.find(computeTokens.queue, url.slice(url.lastIndexOf('/') + 1), place);
  return queue?.id === url ? queue : undefined;
}

import { isDeepStrictEqual } from 'node:util';

import { asLeft, takeIn, type ByHand } from '../../../sandbox/planted-drift';

import type { Checkpoint } from './checkpoint';

/**
 * Takes what AWS has now into a stack's record, resource by resource: what differs is recorded as it was found, what is gone is not recorded any
 * more. The plan that follows brings it back. Whoever dies in between leaves a record of what was found, which a later run brings back too.
 * @param how `writes`: what people did by hand becomes real first, in the account whose one writer this is; `looks` is for drafts.
 */
export function takeInFound(checkpoint: Checkpoint, byHand: ByHand, how: 'writes' | 'looks'): void {
  for (const resource of [...checkpoint.resources.values()]) {
    if (!resource.place) continue;
    const there = byHand.world.find(resource.type, resource.key, resource.place);
    const now = there && (how === 'writes' ? takeIn : asLeft)(there, byHand);
    if (!now) checkpoint.gone(resource);
    else {
      const found = { ...resource, inputs: now.inputs, outputs: now.outputs };
      if (!isDeepStrictEqual(found, resource)) checkpoint.done(found);
    }
  }
}

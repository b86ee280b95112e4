import { isDeepStrictEqual } from 'node:util';

import type { TargetId } from '../../../contracts/target';
import type { SandboxProvider } from '../../../sandbox/provider';

import type { Checkpoint } from './checkpoint';

/** Settles operations whose end nobody recorded: what the world holds by this very stack and URN was done, the rest had no effect. */
export function recover(checkpoint: Checkpoint, stack: { readonly target: TargetId; readonly provider: SandboxProvider }): void {
  for (const { op, resource, succession } of [...checkpoint.pending.values()]) {
    const { type, origin, place, key } = resource;
    if (!place) continue;
    const there = stack.provider.madeBefore({ type, urn: origin, place, target: stack.target, key });
    if (op === 'delete' && !there) checkpoint.gone(resource);
    else if (op !== 'delete' && there && isDeepStrictEqual(there.inputs, resource.inputs)) checkpoint.done(resource, succession);
    else checkpoint.settled(resource);
  }
}

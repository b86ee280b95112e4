import type { RolloutRequest } from '../../fleet/rollout/driver-ports';

import type { Outside } from './outside';
import type { Deed } from './scenario';

/** What somebody does through the inbox. */
export type Asking = Deed & { readonly kind: Exclude<Deed['kind'], 'second-controller' | 'clock-jump' | 'account-leaves'> };

/** The request that a deed makes, now. */
export function requestOf(
  { kind, amount }: Asking,
  { outside, planDigest }: { readonly outside: Outside; readonly planDigest: string },
): RolloutRequest {
  const common = { id: outside.messageId(), by: 'somebody' };
  const expiresAt = outside.isoIn(amount === 3 ? 20 : 600);
  const approval = { ...common, type: 'approve', wave: null, acceptRed: false, planDigest, expiresAt } as const;
  switch (kind) {
    case 'approve':
      return approval;
    case 'approve-ahead':
      return { ...approval, wave: outside.step?.figures.waves.at(-1)?.name ?? null };
    case 'approve-red':
      return { ...approval, acceptRed: true };
    case 'approve-stale':
      return { ...approval, planDigest: 'another-plan', acceptRed: true, by: 'somebody with an old plan' };
    case 'approve-expired':
      return { ...approval, expiresAt: outside.isoIn(amount), acceptRed: true };
    case 'pause':
    case 'resume':
      return { ...common, type: kind };
    case 'abort':
      return { ...common, type: 'abort', reason: 'enough' };
    case 'limits':
      return {
        ...common,
        type: 'limits',
        limits: { maxConcurrent: Math.max(1, amount), ...(amount === 0 ? { failureTolerance: 0 } : { perAccount: amount }) },
      };
    default:
      throw new Error(`unknown deed ${String(kind satisfies never)}`);
  }
}

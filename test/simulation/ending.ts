import { isFleetError, messageOf } from '../../fleet/errors';
import type { DriverResult } from '../../fleet/rollout/driver';

import { UNREADABLE } from './ailing-engine';
import type { Outside } from './outside';
import { Killed } from './simulated-process';

/** How a controller ended. */
export type Ending =
  | { readonly kind: 'left'; readonly result: DriverResult }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'died' };

/** How a controller ended, for the trace. */
export function describeEnding(ending: Ending): string {
  switch (ending.kind) {
    case 'died':
      return 'died';
    case 'failed':
      return ending.error instanceof Killed ? 'died' : `failed: ${messageOf(ending.error)}`;
    case 'left':
      return ending.result.left === 'waiting' ? `waits: ${ending.result.waiting.reason}` : ending.result.left;
    default:
      throw new Error(`unknown ending ${String(ending satisfies never)}`);
  }
}

/** Ways in which a controller may fail, by code. */
const EXPECTED: Readonly<Record<string, string>> = {
  'fleet/fenced': 'fenced',
  'fleet/locked': 'locked',
  'user/unknown-rollout': 'not begun',
  'fleet/clock-behind': 'begun already',
  'fleet/journal-failed': 'journal failed',
};

/** Notes a controller's failure; one that may not be is a defect. */
export function expectFailure(outside: Outside, error: unknown): void {
  const expected = isFleetError(error) ? EXPECTED[error.code] : undefined;
  if (expected !== undefined) outside.coverage.hit(`seen ${expected}`);
  else if (error instanceof Error && error.message === UNREADABLE) outside.coverage.hit('seen not begun over an unreadable stack');
  else if (error instanceof Error && error.name === 'AbortError') outside.coverage.hit('seen interrupted wait');
  else outside.no('unexpected', error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
}

import type { Clock } from '../ports';

import { changedCells, type CellState, type HealthCell, type HealthMatrix } from './health-matrix';

/** Who is told what a watch sees. */
export interface WatchView {
  /** Every look. */
  readonly look: (matrix: HealthMatrix) => void;
  /** A target that changed since the look before; on the first look every one that is not ok. */
  readonly change: (cell: HealthCell, was: CellState | null) => void;
}

/** Looks again and again, so many seconds after the last look was done, until the signal aborts; then it resolves with the number of looks. */
export async function watchHealth(
  survey: () => Promise<HealthMatrix>,
  view: WatchView,
  { clock, intervalSeconds, signal }: { readonly clock: Clock; readonly intervalSeconds: number; readonly signal: AbortSignal },
): Promise<number> {
  let before: HealthMatrix | null = null;
  let looks = 0;
  while (!signal.aborted) {
    try {
      const matrix = await survey();
      view.look(matrix);
      for (const { cell, was } of changedCells(before, matrix)) view.change(cell, was);
      before = matrix;
      looks += 1;
      await clock.sleep(intervalSeconds * 1000, signal);
    } catch (error) {
      if (!isAborted(signal)) throw error;
    }
  }
  return looks;
}

/** Asked anew: it changes while something is waited for. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

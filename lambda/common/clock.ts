/** Time as a function sees it. Injected, so that tests say what time it is. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. For timestamps. */
  epochMs(): number;
  /** Milliseconds that never jump back. For durations. */
  monotonicMs(): number;
}

/** Runs `callback` once after `delayMs`; the returned function cancels it. */
export type Schedule = (delayMs: number, callback: () => void) => () => void;

/** The machine's own clock. */
export const systemClock: Clock = { epochMs: () => Date.now(), monotonicMs: () => performance.now() };

/** The machine's own timer. */
export const systemSchedule: Schedule = (delayMs, callback) => {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
};

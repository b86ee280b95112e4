/** Real time as the sandbox sees it; the manager's clock fits. */
export interface RealClock {
  now(): Date;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Simulated time: as real time, but `scale` times as fast. */
export interface SimulatedClock {
  /** Simulated seconds in which one real second passes. */
  readonly scale: number;
  /** Milliseconds of real time, for keeping. */
  realNow(): number;
  /** Simulated seconds between two real instants. */
  secondsBetween(fromReal: number, toReal: number): number;
  /** Waits simulated seconds. */
  wait(seconds: number, signal?: AbortSignal): Promise<void>;
  /** Waits real seconds. */
  waitReal(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** Makes the sandbox's clock over a real one. */
export function simulatedClock(real: RealClock, scale: number): SimulatedClock {
  return {
    scale,
    realNow: () => real.now().getTime(),
    secondsBetween: (from, to) => ((to - from) / 1000) * scale,
    wait: (seconds, signal) => real.sleep((seconds * 1000) / scale, signal),
    waitReal: (seconds, signal) => real.sleep(seconds * 1000, signal),
  };
}

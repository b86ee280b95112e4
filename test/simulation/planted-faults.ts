import { lastingFaultKinds, type Fault } from '../../sandbox/organization';

import type { TimedFault } from './scenario';

/** Faults that come and go with time: each is asked anew whenever it could strike, so that nothing need be counted on a disk. */
export function plantedFaults(
  timed: readonly TimedFault[],
  { seconds, onStrike }: { readonly seconds: () => number; readonly onStrike: (kind: string) => void },
): { readonly faults: readonly Fault[]; readonly arm: () => void } {
  let armed = false;
  const strike = (kind: string) => {
    if (armed) onStrike(kind);
  };
  const faults = timed.map(({ fault, from, until }): Fault => {
    const lasting = (lastingFaultKinds as readonly string[]).includes(fault.kind);
    return {
      ...{ after: 0, kind: fault.kind, on: fault.on, phase: fault.phase },
      get target() {
        const active = from <= seconds() && seconds() < until;
        if (active && lasting) strike(fault.kind);
        return active ? fault.target : 'nowhere';
      },
      // Read once for every operation that it strikes.
      get seconds() {
        strike(fault.kind);
        return fault.seconds;
      },
    };
  });
  return { faults, arm: () => void (armed = true) };
}

import type { TargetId } from '../../contracts/target';
import type { AlarmReading, HealthReader } from '../../fleet/gates/health-reader';
import type { GateTarget } from '../../fleet/ports';

import type { Trouble } from './scenario';

/** Troubles of a rollout that began at an instant (milliseconds), and the targets that they count. */
export interface HealthScript {
  readonly began: number;
  readonly troubles: readonly Trouble[];
  readonly targets: readonly TargetId[];
}

const ORDERS_PER_SECOND = 1;

/** Reads what a script says: alarms are green, orders come in every second, but for what ails the target now. */
export function scriptedReader({
  script,
  now,
  onTrouble,
}: {
  readonly script: () => HealthScript;
  /** Milliseconds by a clock that nobody sets. */
  readonly now: () => number;
  readonly onTrouble: (kind: Trouble['kind']) => void;
}): HealthReader {
  return {
    read: async (asked) => {
      const { began } = script();
      const at = now();
      const mine = troublesOf(asked.target.id, script());
      const standing = (kind: Trouble['kind']) => {
        const stands = mine.some((one) => one.kind === kind && began + one.from * 1000 <= at && at < began + one.until * 1000);
        if (stands) onTrouble(kind);
        return stands;
      };
      if (standing('unreadable')) throw new Error('health cannot be read');
      const red = mine
        .filter(({ kind, from }) => kind === 'red' && began + from * 1000 <= at)
        .map(({ from, until }) => ({
          from: isoOf(began + from * 1000),
          until: began + until * 1000 <= at ? isoOf(began + until * 1000) : null,
        }));
      if (red.length > 0) onTrouble('red');
      const silent = standing('no-data');
      const composites = asked.health?.composites ?? [];
      const alarms = [...composites, ...(asked.health?.children ?? [])].map((name, index): AlarmReading => ({
        name,
        kind: index < composites.length ? 'composite' : 'metric',
        ...(index === 0
          ? { state: red.some(({ until }) => until === null) ? 'ALARM' : 'OK', red }
          : { state: silent ? 'INSUFFICIENT_DATA' : 'OK', red: [] }),
      }));
      const orders = standing('no-traffic') ? 0 : ordersOf(asked, at);
      return { alarms: standing('missing-alarm') ? alarms.slice(0, -1) : alarms, orders, synthetic: orders === null ? null : 0 };
    },
    close: () => Promise.resolve(),
  };
}

/** Troubles of a target: those of all, and those of its place in the list. */
export function troublesOf(target: TargetId, { troubles, targets }: HealthScript): readonly Trouble[] {
  return troubles.filter((one) => one.target === null || targets[one.target % Math.max(1, targets.length)] === target);
}

function ordersOf({ ordersSince }: GateTarget, at: number): number | null {
  return ordersSince === null ? null : Math.max(0, Math.floor(((at - Date.parse(ordersSince)) / 1000) * ORDERS_PER_SECOND));
}

function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

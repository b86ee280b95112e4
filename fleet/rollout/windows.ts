import { DateTime, IANAZone } from 'luxon';

import type { Window, Windows } from '../plan/rollout-plan';

/** Where windows stand at an instant. */
export interface WindowsAt {
  readonly open: boolean;
  /** When that next changes, ISO 8601; where it does not within {@link SEARCH_DAYS} days, the end of these. */
  readonly until: string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Two weeks and a day: a change to summer time may swallow the only window of a week. */
const SEARCH_DAYS = 15;

/** Whether targets may start at an instant. Wall clocks are those of the windows' time zone. */
export function windowsOpen(windows: Windows, at: string): boolean {
  return isOpen(windows, wallClock(windows.timezone)(DateTime.fromISO(at, { zone: 'utc' }).toMillis()));
}

/** As {@link windowsOpen}, and until when that holds. */
export function windowsAt(windows: Windows, at: string): WindowsAt {
  const start = DateTime.fromISO(at, { zone: 'utc' }).toMillis();
  const wall = wallClock(windows.timezone);
  const open = isOpen(windows, wall(start));
  const end = start + SEARCH_DAYS * DAY;
  let instant = start;
  do {
    instant = nextEdge(instant, { windows, wall });
  } while (instant < end && isOpen(windows, wall(instant)) === open);
  return { open, until: DateTime.fromMillis(Math.min(instant, end), { zone: 'utc' }).toISO() ?? at };
}

/** Milliseconds that the wall clock shows at an instant, counted as if it were UTC. */
type WallClock = (instant: number) => number;

function wallClock(timezone: string): WallClock {
  const zone = IANAZone.create(timezone);
  if (!zone.isValid) throw new Error(`time zone ${timezone} is not known here`);
  return (instant) => instant + Math.round(zone.offset(instant) * MINUTE);
}

function isOpen({ allow }: Windows, wall: number): boolean {
  return allow.some((window) => covers(window, wall));
}

function covers({ days, fromMinute, toMinute }: Window, wall: number): boolean {
  const day = Math.floor(wall / DAY);
  const minute = (wall - day * DAY) / MINUTE;
  // Day 0 of the epoch was a Thursday, ISO day 4.
  return days.includes(((((day + 3) % 7) + 7) % 7) + 1) && fromMinute <= minute && minute < toMinute;
}

/** The next instant at which a window may open or close: at most a day ahead. */
function nextEdge(instant: number, { windows, wall }: { readonly windows: Windows; readonly wall: WallClock }): number {
  const now = wall(instant);
  const midnight = Math.floor(now / DAY) * DAY;
  const edges = windows.allow.flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute]).map((minute) => midnight + minute * MINUTE);
  const edge = Math.min(midnight + DAY, ...edges.filter((one) => one > now));
  const next = instant + (edge - now);
  // The wall clock reaches the edge only if it is not turned meanwhile; where it is, that is the next edge itself.
  return wall(next) === edge ? next : turnOf(instant, { next, wall });
}

/** The instant, after one and not after the other, from which the wall clock shows otherwise than it would have. */
function turnOf(instant: number, { next, wall }: { readonly next: number; readonly wall: WallClock }): number {
  const offset = wall(instant) - instant;
  let [before, after] = [instant, next];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wall(middle) - middle === offset) before = middle;
    else after = middle;
  }
  return after;
}

import { roundSeconds, secondsBetween } from '../../contracts/duration';

/** What a new rollout is named after. */
export interface NewRollout {
  /** Now, ISO 8601. */
  readonly at: string;
  readonly planDigest: string;
  /** The last rollout; undefined: it is the first. */
  readonly last: string | undefined;
}

/** An id, and by how many seconds the last rollout's lies in the future. */
export interface RolloutId {
  readonly id: string;
  readonly behind: number;
}

/**
 * The id of a rollout that begins now, as `20261123T223356.123-1a2b`. Ids sort by time, and what a rollout did counts after all with lower ones:
 * where a clock was ahead once, it takes the millisecond after the last one's.
 */
export function newRolloutId({ at, planDigest, last }: NewRollout): RolloutId {
  const ahead = last === undefined ? undefined : timeIn(last);
  const isBehind = ahead !== undefined && ahead >= at;
  const time = isBehind ? new Date(Date.parse(ahead) + 1).toISOString() : at;
  return { id: `${time.replace(/[-:Z]/g, '')}-${planDigest.slice(0, 4)}`, behind: isBehind ? secondsBetween(at, ahead) : 0 };
}

/** What is told of a clock that was ahead, or is behind. */
export function behindText({ id, behind }: RolloutId, last: string): string {
  return `rollout ${last} began ${roundSeconds(Math.max(1, behind))} from now by this machine's clock: that clock was ahead, or this one is behind; ${id} is named so that it counts after it`;
}

function timeIn(id: string): string | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})-/.exec(id) ?? [];
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

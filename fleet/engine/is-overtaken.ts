const ATTEMPT = /^(.+)#(\d+)$/;

/**
 * True where an attempt (`<rollout>/<target>#<number>`) may not begin any more: the stack has begun that very one, a later one of the same rollout,
 * or one of a later rollout. Each begins once, so the one that asks is a controller that slept while another took over.
 */
export function isOvertaken(attempt: string, last: string | null): boolean {
  const [, rollout, number] = ATTEMPT.exec(attempt) ?? [];
  const [, lastRollout, lastNumber] = ATTEMPT.exec(last ?? '') ?? [];
  if (isRollout(rollout) && isRollout(lastRollout) && lastRollout.split('/')[0] !== rollout.split('/')[0]) return lastRollout > rollout;
  return rollout !== undefined && rollout === lastRollout && Number(lastNumber) >= Number(number);
}

/** Ids of rollouts begin with their time, and sort by it; those of other work do not. */
function isRollout(id: string | undefined): id is string {
  return id !== undefined && /^\d{8}T\d{6}\.\d{3}-/.test(id);
}

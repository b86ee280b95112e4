const ATTEMPT = /^(.+)#(\d+)$/;

/**
 * True where an attempt (`<rollout>/<target>#<number>`) may not begin any more: the stack has begun that very one, or a later one of the same
 * rollout. Each begins once, so the one that asks is a controller that slept while another took over.
 */
export function isOvertaken(attempt: string, last: string | null): boolean {
  const [, rollout, number] = ATTEMPT.exec(attempt) ?? [];
  const [, lastRollout, lastNumber] = ATTEMPT.exec(last ?? '') ?? [];
  return rollout !== undefined && rollout === lastRollout && Number(lastNumber) >= Number(number);
}

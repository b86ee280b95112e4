import { MIN_UNRESERVED_CONCURRENCY } from '../../../contracts/regional';
import type { Place, Refusal, WorldView } from '../../resource-type';

import { computeTokens } from './compute-tokens';
import { refusal } from './refusal';

/**
 * What Lambda says of a reservation: the account's limit less every reservation in the region must leave 100, or the whole limit in
 * accounts that have less. `reserved` of -1 reserves nothing.
 */
export function refuseReservation(
  reservation: { readonly functionName: string; readonly reserved: number },
  place: Place,
  world: WorldView,
): Refusal | undefined {
  if (reservation.reserved <= 0) return undefined;
  const limit = world.lambdaConcurrency(place.account);
  const floor = Math.min(MIN_UNRESERVED_CONCURRENCY, limit);
  const others = world
    .list(computeTokens.function, place)
    .filter(({ key }) => key !== reservation.functionName)
    .reduce((sum, { outputs }) => sum + Math.max(0, Number(outputs.reservedConcurrentExecutions ?? 0)), 0);
  if (limit - others - reservation.reserved >= floor) return undefined;
  return refusal(
    'InvalidParameterValueException',
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${floor}].`,
  );
}

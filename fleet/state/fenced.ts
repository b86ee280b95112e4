import { FleetError } from '../errors';

/** This controller is no longer the fleet's. `how` says how that shows. */
export function fenced(how: string): FleetError {
  return new FleetError('fleet/fenced', `another controller has taken over this fleet (${how}): this one writes nothing more`);
}

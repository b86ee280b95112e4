import { userError } from '../errors';

import { failed, ok, skipped, type Check } from './check';

const NAME = 'secret variables';

/** A secret that fleet.yaml refers to: what keeps it from being used, in words; null: nothing. */
export interface ReferredSecret {
  readonly variable: string;
  readonly lacking: string | null;
}

/** Whether the secrets that fleet.yaml refers to are there. Their values are told to nobody. */
export function checkVariables(secrets: readonly ReferredSecret[]): Check {
  if (secrets.length === 0) return skipped(NAME, 'fleet.yaml refers to none');
  const lacking = secrets.flatMap((one) => one.lacking ?? []);
  if (lacking.length > 0) return failed(NAME, userError('secret-missing', lacking.join('; ')));
  return ok(NAME, `${secrets.map(({ variable }) => variable).join(', ')}: set`);
}

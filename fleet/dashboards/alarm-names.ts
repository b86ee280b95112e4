import { regionSchema, type Region } from '../../contracts/ids';

import type { AlarmName } from './metric-source';

/** The alarm of an ARN; null for any other text. */
export function readAlarmArn(arn: string): AlarmName | null {
  const match = /^arn:aws[\w-]*:cloudwatch:([a-z0-9-]+):(\d{12}):alarm:(.+)$/s.exec(arn);
  const region = regionSchema.safeParse(match?.[1]);
  const [, , account, name] = match ?? [];
  return region.success && account !== undefined && name !== undefined ? { arn, account, region: region.data, name } : null;
}

/** A region as a body names it. Throws where the fleet knows none of that name. */
export function parseRegion(text: string): Region {
  const region = regionSchema.safeParse(text);
  if (!region.success) throw new Error(region.error.issues[0]?.message ?? `${text} is no region`);
  return region.data;
}

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import type { Place, WorldResource, WorldView } from '../../resource-type';

import { parseArn } from './arn';
import { monitoringTokens } from './monitoring-tokens';

/** Where a regional ARN points: the place to look in, and what follows the account. */
export interface LocatedArn {
  readonly service: string;
  readonly place: Place;
  readonly resource: string;
}

/** Reads an ARN with an account and a region this product knows; undefined for any other text. */
export function locateArn(text: string, from: Place): LocatedArn | undefined {
  const arn = parseArn(text);
  const region = regionSchema.safeParse(arn?.region);
  const account = accountIdSchema.safeParse(arn?.account);
  if (arn?.partition !== 'aws' || !region.success || !account.success) return undefined;
  return {
    service: arn.service,
    place: { account: account.data, region: region.data, organizationId: from.organizationId },
    resource: arn.resource,
  };
}

/** The topic of an ARN, wherever it stands. By name: a topic policy's outputs carry the topic's ARN too. */
export function findTopic(world: WorldView, arn: string, from: Place): WorldResource | undefined {
  const located = locateArn(arn, from);
  return located?.service === 'sns' ? world.find(monitoringTokens.topic, located.resource, located.place) : undefined;
}

/** The OAM sink of an ARN, wherever it stands. Not by ARN: a sink policy's outputs carry the sink's ARN too. */
export function findSink(world: WorldView, arn: string, from: Place): WorldResource | undefined {
  const located = locateArn(arn, from);
  return located?.service === 'oam' ? world.list(monitoringTokens.sink, located.place).find((sink) => sink.outputs.arn === arn) : undefined;
}

import * as z from 'zod';

import type { Place, Refusal, WorldView } from '../resource-type';

import { arnOf } from './common/arn';
import { findSink, locateArn } from './common/locate-arn';
import { monitoringTokens } from './common/monitoring-tokens';
import { knownPolicy } from './common/policy-document';
import { allows } from './common/policy-evaluation';
import { readText } from './common/property-readers';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { arnShape, oneOf } from './common/shapes';
import { tagsShape } from './common/tags-shape';
import { uuidOf } from './common/uuid';

/** OAM: most sinks, each of another monitoring account, that one account links to in a region. */
const MAX_LINKS = 5;

const resourceTypes = [
  'AWS::CloudWatch::Metric',
  'AWS::Logs::LogGroup',
  'AWS::XRay::Trace',
  'AWS::ApplicationInsights::Application',
  'AWS::InternetMonitor::Monitor',
  'AWS::ApplicationSignals::Service',
  'AWS::ApplicationSignals::ServiceLevelObjective',
] as const;

const filterShape = z.strictObject({ filter: z.string().min(1).max(2000) });

const inputs = z.strictObject({
  labelTemplate: z.string().min(1).max(64),
  linkConfiguration: z
    .strictObject({ logGroupConfiguration: filterShape.optional(), metricConfiguration: filterShape.optional() })
    .optional(),
  resourceTypes: z
    .array(oneOf(resourceTypes))
    .min(1)
    .max(50)
    .refine((types) => new Set(types).size === types.length, { error: 'resourceTypes has a type twice' }),
  sinkIdentifier: arnShape(['oam']),
  tags: tagsShape.optional(),
});

/** A source account's attachment to a sink of another account, in the same region. `label` shows the account's id: its name is not known here. */
export const oamLink = defineType({
  type: monitoringTokens.link,
  inputs,
  invalid: 'InvalidParameterException',
  replaceOn: ['labelTemplate', 'sinkIdentifier'],
  taggable: true,
  scope: 'region',
  onTaken: { refuse: 'ConflictException' },
  seconds: { create: 3, update: 2, delete: 2 },
  key: ({ sinkIdentifier }) => sinkIdentifier,
  render: ({ labelTemplate, sinkIdentifier }, context) => {
    const linkId = uuidOf(context, 'link');
    const arn = arnOf('oam', `link/${linkId}`, context.place);
    const label = labelTemplate.replace(/\$Account(Name|EmailNoDomain|Email)/g, context.place.account);
    return { id: arn, computed: { arn, linkId, label, sinkArn: sinkIdentifier } };
  },
  refuse: ({ op, inputs: link, key, place }, world) => {
    if (op === 'delete') return undefined;
    const sink = locateArn(link.sinkIdentifier, place);
    if (sink?.place.region !== place.region)
      return refusal(
        'InvalidParameterException',
        `A link and its sink must be in the same Region: ${link.sinkIdentifier} is not in ${place.region}`,
      );
    if (sink.place.account === place.account)
      return refusal('InvalidParameterException', `Account ${place.account} cannot link to its own sink`);
    if (!findSink(world, link.sinkIdentifier, place))
      return refusal('InvalidParameterException', `Sink ${link.sinkIdentifier} does not exist`);
    const others = world.list(monitoringTokens.link, place).filter((other) => other.key !== key);
    if (others.length >= MAX_LINKS)
      return refusal('ServiceQuotaExceededException', `Account ${place.account} has ${MAX_LINKS} links in ${place.region} already`);
    return refuseByPolicy(op === 'create' ? 'oam:CreateLink' : 'oam:UpdateLink', {
      sinkArn: link.sinkIdentifier,
      types: link.resourceTypes,
      place,
      world,
    });
  },
});

interface Linking {
  readonly sinkArn: string;
  readonly types: readonly string[];
  readonly place: Place;
  readonly world: WorldView;
}

/** The sink's policy must let the source account link with these types of data; without a policy nobody may. */
function refuseByPolicy(action: 'oam:CreateLink' | 'oam:UpdateLink', { sinkArn, types, place, world }: Linking): Refusal | undefined {
  const sink = locateArn(sinkArn, place);
  const policy = sink && world.find(monitoringTokens.sinkPolicy, sinkArn, sink.place);
  const document = knownPolicy(readText(policy?.outputs, 'policy'), 'resource');
  const allowed =
    document !== undefined &&
    allows([document], {
      action,
      resource: sinkArn,
      caller: { kind: 'account', account: place.account },
      context: { 'aws:PrincipalOrgID': place.organizationId, 'aws:PrincipalAccount': place.account, 'oam:ResourceTypes': types },
    });
  if (allowed) return undefined;
  return refusal(
    'AccessDeniedException',
    `Account ${place.account} is not authorized to perform: ${action} on resource: ${sinkArn} because no resource-based policy allows the ${action} action`,
  );
}

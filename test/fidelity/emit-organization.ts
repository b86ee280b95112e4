import { createHash } from 'node:crypto';

import { ORGANIZATION_CONFIG_KEY } from '../../contracts/organization';
import organization from '../../organization/index';
import { renderProgram, type RecordedResource, type ResourceRequest } from '../../sandbox/recording-monitor';
import { text } from '../layer-kit/render-layer';
import { organizationConfig } from '../organization/render-organization';

import type { EmittedShape } from './findings';
import type { OrganizationShape } from './organization-shapes';
import { ownInputs } from './provider-types';

/** All that the organisation program asks of AWS for one shape, with ids of the form that AWS gives. */
export async function emitOrganization(shape: OrganizationShape): Promise<EmittedShape> {
  const config = organizationConfig(shape.changes);
  const { resources } = await renderProgram(organization, {
    project: 'organization',
    stack: 'main',
    config: { [ORGANIZATION_CONFIG_KEY]: JSON.stringify(config) },
    answers: { register: (request) => answer(request, config), stackOutputs: () => undefined },
  });
  const emitted = resources.filter(({ type }) => type.startsWith('aws:')).map((resource) => withDefaultTags(resource, resources));
  return { name: `organisation: ${shape.name}`, targets: [{ id: 'organization', resources: emitted }] };
}

function answer({ type, name, inputs }: ResourceRequest, config: ReturnType<typeof organizationConfig>) {
  const { management, shared } = config.accounts;
  const uuid = uuidOf(name);
  const named = text(inputs.name ?? name);
  const made = ((): { readonly id: string; readonly arn?: string } => {
    switch (type) {
      case 'aws:kms/key:Key':
        return { id: uuid, arn: `arn:aws:kms:${config.homeRegion}:${shared}:key/${uuid}` };
      case 'aws:s3/bucket:Bucket':
        return { id: text(inputs.bucket), arn: `arn:aws:s3:::${text(inputs.bucket)}` };
      case 'aws:sns/topic:Topic':
        return { id: named, arn: `arn:aws:sns:${text(inputs.region ?? config.homeRegion)}:${management}:${named}` };
      case 'aws:costexplorer/anomalyMonitor:AnomalyMonitor':
        return { id: uuid, arn: `arn:aws:ce::${management}:anomalymonitor/${uuid}` };
      case 'aws:organizations/policy:Policy':
        return { id: `p-${uuid.slice(0, 8)}` };
      case 'aws:iam/role:Role':
        return { id: named, arn: `arn:aws:iam::${management}:role${text(inputs.path)}${named}` };
      default:
        return { id: named };
    }
  })();
  return { id: made.id, outputs: { keyId: uuid, ...(made.arn === undefined ? {} : { arn: made.arn }), ...inputs } };
}

/** As the provider merges them. */
function withDefaultTags({ type, name, provider, inputs }: RecordedResource, all: readonly RecordedResource[]) {
  const through = all.find(({ urn }) => provider?.startsWith(`${urn}::`));
  const { tags } = JSON.parse(text(through?.inputs.defaultTags ?? '{}')) as { readonly tags?: object };
  return {
    type,
    name,
    inputs: ownInputs(type).has('tags') ? { ...inputs, tags: { ...tags, ...(inputs.tags as object | undefined) } } : inputs,
  };
}

function uuidOf(text: string): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

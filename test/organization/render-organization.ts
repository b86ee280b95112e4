import { ORGANIZATION_CONFIG_KEY } from '../../contracts/organization';
import organization from '../../organization/index';
import { renderProgram, type Rendering } from '../../sandbox/recording-monitor';
import { createdAt, monitoring, shared, tags, text } from '../layer-kit/render-layer';

export const management = '999999999999';
export const controlRoles = ['fleet-control', 'ci/release'];

/** Configuration of an ordinary organisation, as `fleet bootstrap` writes it. */
export function organizationConfig(changes: Readonly<Record<string, unknown>> = {}) {
  return {
    version: 1,
    fleet: 'orders',
    homeRegion: 'eu-west-1',
    regions: ['eu-west-1', 'us-east-1'],
    organization: { id: 'o-abcdefghij', rootId: 'r-ab12' },
    accounts: { management, shared, monitoring },
    control: { account: management, roles: controlRoles, operators: ['on-call'] },
    tags,
    createdAt,
    state: { bucket: 'acme-fleet-state', keyAlias: 'alias/acme-fleet' },
    cost: {
      budgets: { perAccountUsd: 250.5, accounts: ['333333333333'] },
      anomalies: { thresholdUsd: 100 },
      emails: ['finops@example.com'],
    },
    ...changes,
  };
}

/** Runs the program as Pulumi does, against a small AWS that gives every resource an ARN. */
export function renderOrganization(changes: Readonly<Record<string, unknown>> = {}): Promise<Rendering> {
  return renderProgram(organization, {
    project: 'organization',
    stack: 'main',
    config: { [ORGANIZATION_CONFIG_KEY]: JSON.stringify(organizationConfig(changes)) },
    answers: {
      register: ({ name, type, inputs }) => ({
        // A bucket's id is its name.
        id: type === 'aws:s3/bucket:Bucket' ? text(inputs.bucket) : `${name}-id`,
        outputs: {
          ...inputs,
          arn: `arn:aws:${type.split(/[:/]/)[1] ?? ''}:eu-west-1:0:${text(inputs.name ?? inputs.bucket ?? name)}`,
          keyId: 'k',
          ...(inputs.arn === undefined ? {} : { arn: inputs.arn }),
        },
      }),
      stackOutputs: () => undefined,
    },
  });
}

import * as pulumi from '@pulumi/pulumi';

import { organizationNames, trustedServices, type OrganizationConfig, type OrganizationOutputs } from '../contracts/organization';
import { requiredTagKeys, reservedTagKeys, resourceTags, tagStandard } from '../contracts/tags';
import { protectionOf } from '../layer-kit/protection';
import type { ProgramOutputs } from '../layer-kit/program-outputs';
import { controlPrincipals } from '../contracts/control-principals';
import { CostRole } from './cost-role';
import { CostTopic } from './cost-topic';
import { CostWatch } from './cost-watch';
import { FleetRoles } from './fleet-roles';
import { organizationProviders } from './organization-providers';
import { roleTrustPolicy } from './role-trust-policy';
import { rolesTemplate } from './roles-template';
import { StateStore } from './state-store';
import { tagPolicy } from './tag-policy';
import { TaggingStandard } from './tagging-standard';
import { TrustedAccess } from './trusted-access';

/** Makes what the fleet needs before its first rollout, in the management and the shared-services account. Repeatable: new accounts get their budgets. */
export function createOrganization(config: OrganizationConfig): ProgramOutputs<OrganizationOutputs> {
  const { accounts, organization } = config;
  const names = organizationNames(config.fleet);
  const providers = organizationProviders(config);
  const control = controlPrincipals(config.control);
  const { identity: protect } = protectionOf(config);
  const management = { providers: { aws: providers.management } };
  const targets = organization.units.length > 0 ? organization.units : [organization.rootId];

  const state = new StateStore(
    'state',
    { state: config.state, policies: { account: accounts.shared, organizationId: organization.id, control } },
    { providers: { aws: providers.shared } },
  );
  const { grants: after } = new TrustedAccess('trust', { services: trustedServices }, management);
  const roles = new FleetRoles(
    'roles',
    { stackSetName: names.stackSet, homeRegion: config.homeRegion, targets, templateBody: template(config, control), after, protect },
    management,
  );
  new TaggingStandard(
    'tags',
    { policyName: names.tagPolicy, policy: tagPolicy(tagStandard, config.tagPolicy.reportRequiredFor), targets, after },
    management,
  );
  const topic = new CostTopic(
    'cost',
    { topicName: names.costTopic, payer: accounts.management, emails: config.cost.emails, protect },
    management,
  );
  new CostWatch('watch', { names, cost: config.cost, topicArn: topic.arn, costTags }, management);
  new CostRole('cost', { role: config.costRole, trust: roleTrustPolicy(control, control.operators, organization.id) }, management);

  return {
    version: 1,
    state: {
      bucket: state.bucket,
      keyArn: state.keyArn,
      secretsProvider: pulumi.interpolate`awskms:///${state.keyArn}?region=${config.homeRegion}`,
    },
    stackSet: roles.stackSetName,
    costTopicArn: topic.arn,
    roles: { preview: config.previewRole, deploy: config.deployRole, operate: config.operateRole, cost: config.costRole },
  };
}

/** The keys that tell costs apart: those a person chooses, not those the fleet sets itself. */
const costTags = requiredTagKeys.filter((key) => !reservedTagKeys.some((reserved) => reserved === key));

function template(config: OrganizationConfig, control: ReturnType<typeof controlPrincipals>): string {
  const { previewRole, deployRole, operateRole, costRole } = config;
  return rolesTemplate({
    fleet: config.fleet,
    organizationId: config.organization.id,
    control,
    roles: { preview: previewRole, deploy: deployRole, operate: operateRole },
    policies: {
      fleet: config.fleet,
      regions: [...config.regions, config.homeRegion],
      accounts: config.accounts,
      deployRole,
      fleetRoles: [previewRole, deployRole, operateRole, costRole],
      stateBucket: config.state.bucket,
      stateKeyAlias: config.state.keyAlias,
    },
    tags: resourceTags(config.tags, config.createdAt),
  });
}

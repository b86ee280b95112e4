import { organizationOutputsSchema, trustedServices } from '../../contracts/organization';
import { rolesRegion } from '../../organization/fleet-roles';
import type { RecordedResource, Rendering } from '../../sandbox/recording-monitor';
import { accountOf, awsResources, createdAt, find, shared, tags, text } from '../layer-kit/render-layer';
import { allows } from '../../sandbox/types/common/policy-document';
import { parsed, readTemplate } from './read-template';
import { management, organizationConfig, renderOrganization } from './render-organization';

const typesOf = (resources: readonly RecordedResource[]) => [...new Set(resources.map(({ type }) => type.split('/')[0]))].sort();
const all = (rendering: Rendering, type: string) => awsResources(rendering).filter((resource) => resource.type.endsWith(`:${type}`));
const cost = organizationConfig().cost;

describe('the organisation program', () => {
  test('exports exactly its contract', async () => {
    const { outputs } = await renderOrganization();

    expect(organizationOutputsSchema.strict().parse(outputs)).toEqual({
      version: 1,
      state: {
        bucket: 'acme-fleet-state',
        keyArn: 'arn:aws:kms:eu-west-1:0:state-key',
        secretsProvider: 'awskms:///arn:aws:kms:eu-west-1:0:state-key?region=eu-west-1',
      },
      stackSet: 'orders-roles',
      costTopicArn: 'arn:aws:sns:eu-west-1:0:orders-cost',
      roles: {
        preview: 'fleet/orders/orders-preview',
        deploy: 'fleet/orders/orders-deploy',
        operate: 'fleet/orders/orders-operate',
        cost: 'fleet/orders/orders-cost',
      },
    });
  });

  test('makes everything through an explicit provider and under a component', async () => {
    const resources = awsResources(await renderOrganization());

    expect(resources.length).toBeGreaterThan(15);
    expect(resources.filter(({ provider }) => provider === null)).toEqual([]);
    expect(resources.filter(({ parent }) => parent === null || parent.includes('::pulumi:pulumi:Stack::'))).toEqual([]);
  });

  test('keeps state and its key in the shared-services account, all else in management', async () => {
    const rendering = await renderOrganization();
    const resources = awsResources(rendering);

    expect(typesOf(resources.filter((resource) => accountOf(rendering, resource) === shared))).toEqual(['aws:kms', 'aws:s3']);
    expect(typesOf(resources.filter((resource) => accountOf(rendering, resource) === management))).toEqual([
      'aws:budgets',
      'aws:cloudformation',
      'aws:costexplorer',
      'aws:iam',
      'aws:organizations',
      'aws:sns',
    ]);
  });

  test('its providers refuse any other account, and tag completely', async () => {
    const { resources } = await renderOrganization();
    const providers = resources.filter(({ type }) => type === 'pulumi:providers:aws');

    expect(providers.map(({ inputs }) => inputs.allowedAccountIds).sort()).toEqual([`["${shared}"]`, `["${management}"]`]);
    for (const { inputs } of providers) {
      expect(JSON.parse(text(inputs.defaultTags))).toEqual({ tags: { ...tags, ManagedBy: 'Pulumi', CreatedAt: createdAt } });
    }
    expect(providers.map(({ inputs }) => inputs.assumeRoles).filter(Boolean)).toEqual([
      `[{"roleArn":"arn:aws:iam::${shared}:role/OrganizationAccountAccessRole","sessionName":"fleet"}]`,
    ]);
  });

  test('never declares the organisation, its accounts or its units', async () => {
    const made = awsResources(await renderOrganization()).map(({ type }) => type.split(':').at(-1));

    expect(made.filter((type) => ['Organization', 'Account', 'OrganizationalUnit'].includes(type ?? ''))).toEqual([]);
  });

  test('protects what cannot be made again', async () => {
    const guarded = awsResources(await renderOrganization()).filter(({ protect }) => protect);

    expect(guarded.map(({ type }) => type.split(':').at(-1)).sort()).toEqual([
      'Alias',
      'Bucket',
      'BucketLifecycleConfiguration',
      'BucketPolicy',
      'BucketPublicAccessBlock',
      'BucketServerSideEncryptionConfiguration',
      'BucketVersioning',
      'Key',
      'StackSet',
      'Topic',
    ]);
  });

  test('gives up roles and topic where they are to be destroyed, and never the state and what keeps it closed', async () => {
    const rendering = await renderOrganization({ unprotect: 'identity' });
    const guarded = awsResources(rendering).filter(({ protect }) => protect);

    expect(guarded.filter(({ type }) => !/^aws:(s3|kms)/.test(type))).toEqual([]);
    expect(guarded).toHaveLength(8);
    expect(find(rendering, 'StackSetInstance').inputs.retainStack).toBe(false);
  });

  test('leaves the bucket out where it is not to be taken over, and keeps its settings', async () => {
    const rendering = await renderOrganization({ state: { ...organizationConfig().state, takeOver: false } });

    expect(all(rendering, 'Bucket')).toEqual([]);
    expect(find(rendering, 'BucketPolicy').inputs.bucket).toBe('acme-fleet-state');
  });

  test('gives two runs of one configuration the same inputs', async () => {
    const inputsOf = async () => (await renderOrganization()).resources.map(({ urn, inputs }) => ({ urn, inputs }));

    expect(await inputsOf()).toEqual(await inputsOf());
  });
});

describe('the state store', () => {
  test('is versioned, encrypted with its own rotating key, and closed to the public', async () => {
    const rendering = await renderOrganization();

    expect(find(rendering, 'BucketVersioning').inputs.versioningConfiguration).toEqual({ status: 'Enabled' });
    expect(find(rendering, 'BucketServerSideEncryptionConfiguration').inputs.rules).toEqual([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: 'arn:aws:kms:eu-west-1:0:state-key' },
        bucketKeyEnabled: true,
      },
    ]);
    expect(find(rendering, 'BucketPublicAccessBlock').inputs).toMatchObject({ blockPublicPolicy: true, restrictPublicBuckets: true });
    expect(find(rendering, 'Key').inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(find(rendering, 'Alias').inputs.name).toBe('alias/acme-fleet');
  });

  test('forgets old versions after the days configured, and nothing else', async () => {
    const rendering = await renderOrganization({ state: { ...organizationConfig().state, oldVersionsDays: 90 } });
    const [rule] = find(rendering, 'BucketLifecycleConfiguration').inputs.rules as readonly Readonly<Record<string, unknown>>[];

    expect(rule).toMatchObject({ status: 'Enabled', noncurrentVersionExpiration: { noncurrentDays: 90 } });
    expect(rule).not.toHaveProperty('expiration');
  });

  test('takes its name from the account’s own name space where it is one of those', async () => {
    const bucket = `acme-state-${shared}-eu-west-1-an`;
    const own = await renderOrganization({ state: { ...organizationConfig().state, bucket } });

    expect(find(own, 'Bucket').inputs.bucketNamespace).toBe('account-regional');
    expect(find(await renderOrganization(), 'Bucket').inputs).not.toHaveProperty('bucketNamespace');
  });
});

describe('the roles of the fleet', () => {
  test('come by a service-managed stack set that also reaches accounts that join later', async () => {
    const stackSet = find(await renderOrganization(), 'StackSet');

    expect(stackSet.inputs).toMatchObject({
      name: 'orders-roles',
      permissionModel: 'SERVICE_MANAGED',
      callAs: 'SELF',
      capabilities: ['CAPABILITY_NAMED_IAM'],
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true },
      managedExecution: { active: true },
    });
    expect(stackSet.ignoreChanges).toContain('administrationRoleArn');
  });

  test('stand in every account of the organisation, in one region, since IAM is global', async () => {
    const { inputs } = find(await renderOrganization(), 'StackSetInstance');

    expect(inputs).toMatchObject({ deploymentTargets: { organizationalUnitIds: ['r-ab12'] }, stackSetInstanceRegion: 'eu-west-1' });
    expect(all(await renderOrganization(), 'StackSetInstance')).toHaveLength(1);
    // The one that stood for all units before there was one a unit.
    expect(find(await renderOrganization(), 'StackSetInstance').aliases).toEqual([expect.stringMatching(/::roles-instances$/)]);
  });

  test('stand in the units named only, where some are, and so does the tag policy', async () => {
    const units = ['ou-ab12-11111111', 'ou-ab12-22222222'];
    const rendering = await renderOrganization({ organization: { ...organizationConfig().organization, units } });

    const instances = all(rendering, 'StackSetInstance');
    expect(instances.map(({ inputs }) => inputs.deploymentTargets)).toEqual(units.map((unit) => ({ organizationalUnitIds: [unit] })));
    // One that goes must not take the roles with it, and one that comes must not rename the others.
    expect(instances.map(({ name, protect, inputs }) => [name, protect, inputs.retainStack])).toEqual(
      units.map((unit) => [`roles-${unit}`, false, true]),
    );
    expect(instances.flatMap(({ aliases }) => aliases)).toEqual([]);
    expect(all(rendering, 'PolicyAttachment').map(({ inputs }) => inputs.targetId)).toEqual(units);
  });

  test('carry a template that names the roles as configured', async () => {
    const rendering = await renderOrganization({ deployRole: 'platform/orders-deploy' });
    const resources = readTemplate(text(find(rendering, 'StackSet').inputs.templateBody));

    expect(resources.DeployRole?.Properties).toMatchObject({ Path: '/platform/', RoleName: 'orders-deploy' });
    expect(Object.keys(resources)).toEqual(expect.arrayContaining(['WorkloadBoundary', 'PreviewRole', 'OperateRole']));
  });

  test('wait for the organisation’s trust, which outlives the fleet', async () => {
    const rendering = await renderOrganization();
    const access = all(rendering, 'AwsServiceAccess');

    expect(access.map(({ inputs }) => inputs.servicePrincipal)).toEqual([...trustedServices]);
    expect(access.every(({ retainOnDelete }) => retainOnDelete)).toBe(true);
    expect(find(rendering, 'StackSet').dependencies).toEqual(expect.arrayContaining(access.map(({ urn }) => urn)));
  });

  test.each([
    ['eu-west-1', 'eu-west-1'],
    ['eu-south-1', 'us-east-1'],
  ])('of a fleet at home in %s stand in %s: accounts need not opt in first', (home, expected) => {
    expect(rolesRegion(home)).toBe(expected);
  });

  test('in the payer, which stack sets skip, are the cost role alone', async () => {
    const rendering = await renderOrganization();
    const policies = [parsed(JSON.parse(text(find(rendering, 'RolePolicy').inputs.policy)))];

    expect(find(rendering, 'Role').inputs).toMatchObject({ name: 'orders-cost', path: '/fleet/orders/' });
    expect(allows(policies, { action: 'ce:GetCostAndUsage', resource: '*' })).toBe(true);
    expect(allows(policies, { action: 'ce:DeleteAnomalyMonitor', resource: '*' })).toBe(false);
  });
});

describe('the cost watch', () => {
  test('tells of budgets and anomalies on one topic that both services may publish to, for the payer only', async () => {
    const rendering = await renderOrganization();
    const topicArn = `arn:aws:sns:us-east-1:${management}:orders-cost`;
    const policy = [parsed(JSON.parse(text(find(rendering, 'TopicPolicy').inputs.policy)), 'resource')];
    const publishes = (service: string, source: string) =>
      allows(policy, {
        action: 'sns:Publish',
        resource: topicArn,
        caller: { kind: 'service', service },
        context: { 'aws:SourceAccount': source },
      });

    expect(publishes('budgets.amazonaws.com', management)).toBe(true);
    expect(publishes('costalerts.amazonaws.com', management)).toBe(true);
    expect(publishes('budgets.amazonaws.com', '123456789012')).toBe(false);
    expect(publishes('events.amazonaws.com', management)).toBe(false);
    expect(all(rendering, 'TopicSubscription').map(({ inputs }) => [inputs.protocol, inputs.endpoint])).toEqual([
      ['email', 'finops@example.com'],
    ]);
  });

  test('has one monthly budget an account', async () => {
    const accounts = ['333333333333', '444444444444'];
    const rendering = await renderOrganization({ cost: { ...cost, budgets: { perAccountUsd: 250.5, accounts } } });
    const budgets = all(rendering, 'Budget');

    expect(budgets.map(({ inputs }) => [inputs.name, inputs.limitAmount, inputs.costFilters])).toEqual([
      ['orders-account-333333333333', '250.5', [{ name: 'LinkedAccount', values: ['333333333333'] }]],
      ['orders-account-444444444444', '250.5', [{ name: 'LinkedAccount', values: ['444444444444'] }]],
    ]);
    expect(budgets[0]?.inputs.notifications).toMatchObject([
      { notificationType: 'ACTUAL', threshold: 80, subscriberSnsTopicArns: ['arn:aws:sns:eu-west-1:0:orders-cost'] },
      { notificationType: 'FORECASTED', threshold: 100 },
    ]);
  });

  test('watches every account for anomalies from the start', async () => {
    const rendering = await renderOrganization();

    expect(all(rendering, 'AnomalyMonitor').map(({ inputs }) => inputs)).toMatchObject([
      { monitorType: 'DIMENSIONAL', monitorDimension: 'LINKED_ACCOUNT' },
    ]);
    expect(find(rendering, 'AnomalySubscription').inputs).toMatchObject({
      frequency: 'IMMEDIATE',
      thresholdExpression: { dimension: { key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE', values: ['100'] } },
    });
  });

  test('uses the account monitor that an organisation has already', async () => {
    const accountMonitorArn = `arn:aws:ce::${management}:anomalymonitor/abc`;
    const rendering = await renderOrganization({ cost: { ...cost, anomalies: { ...cost.anomalies, accountMonitorArn } } });

    expect(all(rendering, 'AnomalyMonitor')).toEqual([]);
    expect(find(rendering, 'AnomalySubscription').inputs.monitorArnLists).toEqual([accountMonitorArn]);
  });

  test.each([
    [false, [], 1],
    [true, ['Application', 'CostCenter', 'Environment', 'Team'], 3],
  ])('activates cost tags, and watches cost centres by them, as a second step: %s', async (activateTags, keys, monitors) => {
    const anomalies = { ...cost.anomalies, costCenters: ['cc-100', 'cc-200'] };
    const rendering = await renderOrganization({ cost: { ...cost, anomalies, activateTags } });

    expect(
      all(rendering, 'CostAllocationTag')
        .map(({ inputs }) => inputs.tagKey)
        .sort(),
    ).toEqual(keys);
    const arns = find(rendering, 'AnomalySubscription').inputs.monitorArnLists as readonly string[];
    expect(arns).toHaveLength(monitors);
    expect(arns).toEqual([...arns].sort());
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { createFoundation } from '../../foundation/create-foundation';
import { foundationSettingsSchema } from '../../contracts/foundation';
import { readConfig } from '../../layer-kit/read-config';
import { deployPermissions } from '../../organization/deploy-permissions';
import { withinLimit } from '../../organization/policy-limits';
import { allows } from '../../sandbox/types/common/policy-document';
import { awsResources, renderLayer, shared } from '../layer-kit/render-layer';
import { renderRegional } from '../regional/render-regional';
import { account, policiesOf } from './read-template';

const LAYERS = ['foundation', 'regional', 'observability', 'layer-kit'];

/** Resource types by the deep imports of the layers' programs: complete whatever the configuration is. */
function typesOfPrograms(): readonly string[] {
  const root = join(__dirname, '..', '..');
  const sources = LAYERS.flatMap((layer) =>
    readdirSync(join(root, layer))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, layer, file), 'utf8')),
  );
  const imports = sources.flatMap((source) => [...source.matchAll(/^import \{ (\w+)[^}]*\} from '@pulumi\/aws\/(\w+\/\w+)';$/gm)]);
  return [...new Set(imports.map(([, name = '', path = '']) => `aws:${path}:${name}`))].sort();
}

describe('the permissions of the deploy role', () => {
  test('cover exactly the resource types of the layers’ programs', () => {
    expect(Object.keys(deployPermissions).sort()).toEqual(typesOfPrograms());
  });

  test('name the types as the programs register them', async () => {
    const foundation = await renderLayer(
      async () => createFoundation({ ...readConfig('foundation', foundationSettingsSchema), environment: {} }),
      {
        layer: 'foundation',
        account: shared,
        settings: {
          sourceAccounts: { kind: 'organisation' },
          subscriptions: { critical: [{ email: 'a@example.com' }], warning: [] },
          existingSink: null,
        },
      },
    );
    const regional = await renderRegional({ order: { encryption: 'customer' } });

    const made = [...awsResources(foundation), ...awsResources(regional)].map(({ type }) => type);
    expect([...new Set(made)].filter((type) => deployPermissions[type] === undefined)).toEqual([]);
  });

  test('are refused when a policy would be too large for IAM', () => {
    const huge = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'a', Effect: 'Allow', Action: Array.from({ length: 700 }, () => 'sqs:SendMessage'), Resource: '*' }],
    } as const;

    expect(() => withinLimit('deploy-data', huge)).toThrow(/policy deploy-data has \d+ characters, IAM takes 6144/);
  });
});

describe('what the deploy role may do', () => {
  const policies = policiesOf('DeployRole');
  const region = { 'aws:RequestedRegion': 'eu-west-1' };
  const boundary = { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/fleet/workload-boundary` };
  const role = `arn:aws:iam::${account}:role/orders/orders-order-eu-west-1`;
  const queue = `arn:aws:sqs:eu-west-1:${account}:orders-order-queue`;
  const key = `arn:aws:kms:eu-west-1:${account}:key/1`;
  const asLambda = { 'iam:PassedToService': 'lambda.amazonaws.com' };

  test.each([
    ['make a queue of the fleet', 'sqs:CreateQueue', queue, region],
    ['publish a version', 'lambda:PublishVersion', `arn:aws:lambda:eu-west-1:${account}:function:orders-order`, region],
    ['move an alias', 'lambda:UpdateAlias', `arn:aws:lambda:eu-west-1:${account}:function:orders-order:live`, region],
    [
      'connect a queue to its function',
      'lambda:CreateEventSourceMapping',
      '*',
      { ...region, 'lambda:FunctionArn': `arn:aws:lambda:eu-west-1:${account}:function:orders-order` },
    ],
    ['make a role under the boundary', 'iam:CreateRole', role, boundary],
    ['write the policy of such a role', 'iam:PutRolePolicy', role, boundary],
    ['hand a role to Lambda', 'iam:PassRole', role, asLambda],
    ['make a log group', 'logs:CreateLogGroup', `arn:aws:logs:eu-west-1:${account}:log-group:/orders/orders-order`, region],
    ['make a composite alarm', 'cloudwatch:PutCompositeAlarm', '*', region],
    ['draw a dashboard', 'cloudwatch:PutDashboard', `arn:aws:cloudwatch::${account}:dashboard/orders-target-eu-west-1`, region],
    ['make a tagged key', 'kms:CreateKey', '*', { ...region, 'aws:RequestTag/ManagedBy': 'Pulumi' }],
    ['change a key of its own', 'kms:PutKeyPolicy', key, { ...region, 'aws:ResourceTag/ManagedBy': 'Pulumi' }],
    ['make the archive', 's3:CreateBucket', `arn:aws:s3:::orders-archive-${account}-eu-west-1-an`, {}],
  ])('it may %s', (_name, action, resource, context) => {
    expect(allows(policies, { action, resource, context })).toBe(true);
  });

  test.each([
    ['touch a queue of somebody else', 'sqs:DeleteQueue', `arn:aws:sqs:eu-west-1:${account}:payments`, region],
    ['touch another fleet', 'lambda:DeleteFunction', `arn:aws:lambda:eu-west-1:${account}:function:returns-order`, region],
    [
      'make anything in a region the fleet is not in',
      'sqs:CreateQueue',
      queue.replace('eu-west-1', 'ap-south-1'),
      { 'aws:RequestedRegion': 'ap-south-1' },
    ],
    ['make a role without the boundary', 'iam:CreateRole', role, {}],
    ['make a role with another boundary', 'iam:CreateRole', role, { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/other` }],
    ['write the policy of a role without the boundary', 'iam:PutRolePolicy', role, {}],
    ['take the boundary off', 'iam:DeleteRolePermissionsBoundary', role, boundary],
    ['change its own role', 'iam:UpdateAssumeRolePolicy', `arn:aws:iam::${account}:role/fleet/deploy`, boundary],
    ['write its own policy', 'iam:PutRolePolicy', `arn:aws:iam::${account}:role/fleet/deploy`, boundary],
    ['change a role of the fleet that has another path', 'iam:UpdateRole', `arn:aws:iam::${account}:role/platform/cost`, boundary],
    ['loosen the boundary', 'iam:CreatePolicyVersion', `arn:aws:iam::${account}:policy/fleet/workload-boundary`, {}],
    ['attach a managed policy', 'iam:AttachRolePolicy', role, boundary],
    ['hand a role to another service', 'iam:PassRole', role, { 'iam:PassedToService': 'ec2.amazonaws.com' }],
    ['hand over one of the fleet’s roles', 'iam:PassRole', `arn:aws:iam::${account}:role/fleet/deploy`, asLambda],
    ['read orders', 'dynamodb:GetItem', `arn:aws:dynamodb:eu-west-1:${account}:table/orders-order-table`, region],
    ['read dead letters', 's3:GetObject', `arn:aws:s3:::orders-archive-${account}-eu-west-1-an/dead-letters/1`, {}],
    ['open the state bucket, whatever it is called', 's3:PutBucketPolicy', 'arn:aws:s3:::orders-fleet-state', {}],
    [
      'delete the key of the state',
      'kms:ScheduleKeyDeletion',
      key,
      { ...region, 'aws:ResourceTag/ManagedBy': 'Pulumi', 'kms:ResourceAliases': 'alias/orders-fleet-state' },
    ],
    ['delete a key of somebody else', 'kms:ScheduleKeyDeletion', key, { ...region, 'aws:ResourceTag/ManagedBy': 'Terraform' }],
    ['take a key into its own hands', 'kms:TagResource', key, { ...region, 'aws:ResourceTag/ManagedBy': 'Terraform' }],
  ])('it may not %s', (_name, action, resource, context) => {
    expect(allows(policies, { action, resource, context })).toBe(false);
  });
});

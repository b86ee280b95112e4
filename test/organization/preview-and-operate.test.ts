import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { regionalNames } from '../../contracts/names';
import { readsOf } from '../../organization/grants-to-statements';
import { allows } from '../../sandbox/types/common/policy-document';
import { ireland, shared, workload } from '../layer-kit/render-layer';
import { account, policiesOf, readTemplate } from './read-template';

const names = regionalNames('orders', { account: workload, region: ireland });
const table = `arn:aws:dynamodb:eu-west-1:${account}:table/${names.ordersTable}`;
const queue = `arn:aws:sqs:eu-west-1:${account}:${names.orderQueue}`;
const deadLetters = `arn:aws:sqs:eu-west-1:${account}:${names.deadLetterQueue}`;
const archived = `arn:aws:s3:::${names.archiveBucket}/dead-letters/1.json`;
const key = `arn:aws:kms:eu-west-1:${account}:key/1`;

/** Actions that sources of the manager name, each once. */
function actionsNamedIn(files: readonly string[]): readonly string[] {
  const source = files.map((file) => readFileSync(join(__dirname, '../../fleet', file), 'utf8')).join('\n');
  return [...new Set([...source.matchAll(/'([a-z0-9]+:[A-Z][A-Za-z]+)'/g)].map(([, action = '']) => action))].sort();
}

describe('what the preview role may do', () => {
  const policies = policiesOf('PreviewRole');

  test.each([
    ['cloudwatch:DescribeAlarms', '*'],
    ['cloudwatch:DescribeAlarmHistory', '*'],
    ['cloudwatch:GetMetricData', '*'],
    ['lambda:GetAccountSettings', '*'],
    ['lambda:GetFunction', `arn:aws:lambda:eu-west-1:${account}:function:${names.orderFunction}`],
    ['dynamodb:DescribeTable', table],
    ['sqs:GetQueueAttributes', queue],
    ['iam:GetRolePolicy', `arn:aws:iam::${account}:role/orders/${names.orderRole}`],
  ])('it may %s', (action, resource) => {
    expect(allows(policies, { action, resource })).toBe(true);
  });

  test.each([
    ['dynamodb:GetItem', table],
    ['sqs:ReceiveMessage', queue],
    ['s3:GetObject', archived],
    ['logs:FilterLogEvents', `arn:aws:logs:eu-west-1:${account}:log-group:${names.orderLogGroup}`],
    ['kms:Decrypt', key],
  ])('it may not %s: that would show orders', (action, resource) => {
    expect(allows(policies, { action, resource })).toBe(false);
  });

  test('it may do all that fleet preflight and fleet verify read', () => {
    const folders = ['preflight/aws-preflight.ts', 'preflight/aws-names.ts', 'verify/aws-deployed.ts'];
    const asked = actionsNamedIn(folders).filter((action) => action !== 'sts:GetCallerIdentity');
    const here = `eu-west-1:${account}`;
    const on: Readonly<Record<string, string>> = {
      'cloudwatch:GetDashboard': `arn:aws:cloudwatch::${account}:dashboard/${names.dashboard}`,
      'dynamodb:DescribeTable': table,
      'iam:GetPolicy': `arn:aws:iam::${account}:policy/fleet/workload-boundary`,
      // As IAM asks about a role that is not there.
      'iam:GetRole': `arn:aws:iam::${account}:role/${names.orderRole}`,
      'kms:DescribeKey': key,
      'lambda:GetAlias': `arn:aws:lambda:${here}:function:${names.orderFunction}:live`,
      'lambda:GetFunctionConfiguration': `arn:aws:lambda:${here}:function:${names.orderFunction}`,
      'logs:DescribeLogGroups': `arn:aws:logs:${here}:log-group:*`,
      's3:ListBucket': `arn:aws:s3:::${names.archiveBucket}`,
      'sqs:GetQueueAttributes': queue,
      'sqs:GetQueueUrl': queue,
    };
    const inShared = policiesOf('PreviewRole', readTemplate(undefined, shared));
    const may = (action: string) =>
      action.startsWith('sns:')
        ? allows(inShared, { action, resource: `arn:aws:sns:eu-west-1:${shared}:orders-alerts-critical` })
        : allows(policies, { action, resource: on[action] ?? '*' });

    expect(asked.length).toBeGreaterThan(14);
    expect(asked.filter((action) => !may(action))).toEqual([]);
  });

  test('its actions change nothing', () => {
    const actions = policies.flatMap(({ statements }) => statements).flatMap((statement) => statement.actions);

    expect(actions.filter((action) => !/^[a-z0-9]+:(Get|List|Describe)|^kms:Decrypt$/.test(action))).toEqual([]);
  });

  test('it reads environments under the target’s own key only', () => {
    const decrypt = (alias: string) =>
      allows(policies, { action: 'kms:Decrypt', resource: key, context: { 'kms:ResourceAliases': alias } });

    expect(decrypt('alias/orders-data')).toBe(true);
    expect(decrypt('alias/acme-fleet')).toBe(false);
  });
});

describe('what the operate role may do', () => {
  const policies = policiesOf('OperateRole');

  test.each([
    ['send a synthetic order', 'sqs:SendMessage', queue],
    ['find it in the table', 'dynamodb:GetItem', table],
    ['look at dead letters', 'sqs:ReceiveMessage', deadLetters],
    ['read the archive', 's3:GetObject', archived],
    ['mark what it sent again', 's3:PutObjectTagging', archived],
    ['read logs', 'logs:FilterLogEvents', `arn:aws:logs:eu-west-1:${account}:log-group:${names.orderLogGroup}:*`],
  ])('it may %s', (_name, action, resource) => {
    expect(allows(policies, { action, resource })).toBe(true);
  });

  test('it may do all that fleet dlq asks for', () => {
    const source = readFileSync(join(__dirname, '../../fleet/dead-letters/aws-dead-letters.ts'), 'utf8');
    const asked = [...new Set([...source.matchAll(/#ask\('([^']+)'/g)].map(([, action = '']) => action))].sort();
    const on = (action: string) => {
      if (action === 's3:ListBucket') return `arn:aws:s3:::${names.archiveBucket}`;
      return action.startsWith('s3:') ? archived : queue;
    };

    expect(asked).toEqual(['s3:GetObject', 's3:GetObjectTagging', 's3:ListBucket', 's3:PutObjectTagging', 'sqs:SendMessage']);
    expect(asked.filter((action) => !allows(policies, { action, resource: on(action) }))).toEqual([]);
  });

  test('it may do all that fleet verify sends and follows', () => {
    const asked = actionsNamedIn(['verify/aws-orders.ts']);
    const on: Readonly<Record<string, string>> = { 'dynamodb:GetItem': table, 'sqs:SendMessage': queue };

    expect(asked).toEqual(['cloudwatch:GetMetricData', 'dynamodb:GetItem', 'sqs:SendMessage']);
    expect(asked.filter((action) => !allows(policies, { action, resource: on[action] ?? '*' }))).toEqual([]);
  });

  test.each([
    ['take orders off the order queue', 'sqs:ReceiveMessage', queue],
    ['delete dead letters', 'sqs:DeleteMessage', deadLetters],
    ['delete from the archive', 's3:DeleteObject', archived],
    ['change an order', 'dynamodb:PutItem', table],
    ['deploy', 'lambda:UpdateFunctionCode', `arn:aws:lambda:eu-west-1:${account}:function:${names.orderFunction}`],
    ['silence an alarm', 'cloudwatch:DisableAlarmActions', `arn:aws:cloudwatch:eu-west-1:${account}:alarm:orders-critical`],
  ])('it may not %s', (_name, action, resource) => {
    expect(allows(policies, { action, resource })).toBe(false);
  });
});

describe('the reads among the deploy role’s grants', () => {
  test('are told by their verb', () => {
    const actions = [
      'sqs:GetQueueUrl',
      'sqs:ListQueueTags',
      'logs:DescribeLogGroups',
      'kms:GenerateDataKey',
      'lambda:PutFunctionConcurrency',
      'iam:DeleteRole',
    ];

    expect(readsOf([{ scope: 'Queues', actions }])).toEqual([{ scope: 'Queues', actions: actions.slice(0, 3) }]);
  });
});

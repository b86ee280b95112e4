import { deadLetterFunctionPolicy, heartbeatPolicy, orderFunctionPolicy, type FunctionAccess } from '../../regional/function-policies';
import { allows } from '../../sandbox/types/common/policy-document';
import { account, parsed, readTemplate, resourceOf } from './read-template';

const boundary = [parsed(resourceOf(readTemplate(), 'WorkloadBoundary').Properties.PolicyDocument)];
const keyArn = `arn:aws:kms:eu-west-1:${account}:key/1`;
const deadLetterQueueArn = `arn:aws:sqs:eu-west-1:${account}:orders-order-dlq`;
const queueArn = `arn:aws:sqs:eu-west-1:${account}:orders-order-queue`;
const access: FunctionAccess = {
  logGroupArn: `arn:aws:logs:eu-west-1:${account}:log-group:/orders/orders-order`,
  sourceQueueArn: queueArn,
  tracing: 'active',
  keyArn,
};
const tableArn = `arn:aws:dynamodb:eu-west-1:${account}:table/orders-order-table`;
const archiveArn = `arn:aws:s3:::orders-archive-${account}-eu-west-1-an`;
const ownKey = { 'aws:ResourceTag/Fleet': 'orders' };
/** As a key was made before there was the tag. */
const oldKey = { 'aws:ResourceTag/ManagedBy': 'Pulumi', 'kms:ResourceAliases': ['alias/orders-data'] };

describe('the boundary of workload roles', () => {
  test.each([
    ['the order function', orderFunctionPolicy({ ...access, deadLetterQueueArn, tableArn })],
    ['the dead-letter function', deadLetterFunctionPolicy({ ...access, sourceQueueArn: deadLetterQueueArn, archiveArn })],
    ['the heartbeat', heartbeatPolicy({ queueArn, keyArn })],
  ])('lets %s do all that its own policy allows, under a key of today or of yesterday', (_name, policy) => {
    const wanted = parsed(policy).statements.flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.flatMap((resource) => [ownKey, oldKey].map((context) => ({ action, resource, context })))),
    );

    expect(wanted.length).toBeGreaterThan(1);
    expect(wanted.filter((request) => !allows(boundary, request))).toEqual([]);
  });

  test.each([
    ['a role of the fleet', 'sts:AssumeRole', `arn:aws:iam::${account}:role/fleet/deploy`],
    ['the cost role under its own path', 'sts:AssumeRole', `arn:aws:iam::${account}:role/platform/cost`],
    ['any role', 'iam:PassRole', `arn:aws:iam::${account}:role/orders/orders-order-eu-west-1`],
    ['a new user', 'iam:CreateUser', `arn:aws:iam::${account}:user/x`],
    ['a queue of another name', 'sqs:SendMessage', `arn:aws:sqs:eu-west-1:${account}:payments`],
    ['a queue of another account', 'sqs:SendMessage', 'arn:aws:sqs:eu-west-1:444444444444:orders-order-queue'],
    ['a key that is not the fleet’s', 'kms:Decrypt', keyArn],
    ['a whole table', 'dynamodb:DeleteTable', tableArn],
    ['log groups, which Lambda would make again after a destroy', 'logs:CreateLogGroup', access.logGroupArn],
  ])('keeps a workload from %s, whatever its own policy says', (_name, action, resource) => {
    const context = { 'aws:ResourceTag/ManagedBy': 'Pulumi', 'kms:ResourceAliases': ['alias/payroll'] };

    expect(allows(boundary, { action, resource, context })).toBe(false);
  });
});

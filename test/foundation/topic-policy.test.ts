import { accountIdSchema } from '../../contracts/ids';
import { topicPolicy, topicPolicyLimits, type TopicPolicyInput } from '../../foundation/topic-policy';

const accounts = (count: number) => Array.from({ length: count }, (_, index) => accountIdSchema.parse(String(100_000_000_000 + index)));

const input = (sources: TopicPolicyInput['sources']): TopicPolicyInput => ({
  topicArn: 'arn:aws:sns:eu-west-1:111111111111:orders-alerts-critical',
  region: 'eu-west-1',
  organizationId: 'o-abcdefghij',
  sources,
  fleetAccounts: ['222222222222'],
});

describe('the policy of an alert topic', () => {
  test('by organisation it names no account, so that a new one changes nothing', () => {
    const policy = topicPolicy(input({ kind: 'organisation' }));

    expect(policy.Statement).toHaveLength(1);
    expect(policy.Statement[0]?.Condition).toEqual({
      StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:*:alarm:*' },
    });
  });

  test('listed, it names the accounts as a condition and never as a principal', () => {
    const policy = topicPolicy(input({ kind: 'listed', accounts: accounts(2) }));

    expect(policy.Statement[0]?.Principal).toEqual({ Service: 'cloudwatch.amazonaws.com' });
    expect(policy.Statement[0]?.Condition?.StringEquals).toEqual({ 'aws:SourceAccount': ['100000000000', '100000000001', '222222222222'] });
  });

  test('listed accounts are written in one order, each once', () => {
    const listed = accounts(3);
    const forwards = topicPolicy(input({ kind: 'listed', accounts: listed }));
    const backwards = topicPolicy(input({ kind: 'listed', accounts: [...listed, ...listed].reverse() }));

    expect(JSON.stringify(backwards)).toBe(JSON.stringify(forwards));
  });

  test('stays inside what SNS accepts for a large organisation', () => {
    const policy = topicPolicy(input({ kind: 'listed', accounts: accounts(1900) }));

    expect(JSON.stringify(policy).length).toBeLessThanOrEqual(topicPolicyLimits.bytes);
    expect(policy.Statement.length).toBeLessThanOrEqual(topicPolicyLimits.statements);
  });

  test('says what to change where the list is too long for SNS', () => {
    expect(() => topicPolicy(input({ kind: 'listed', accounts: accounts(2100) }))).toThrow(
      /SNS accepts 30720: set alerts.sourceAccounts to organisation/,
    );
  });
});

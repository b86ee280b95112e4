import { foundationFindings, MAX_LISTED_ACCOUNTS, monitoringBlockSchema } from '../../contracts/foundation';
import { accountIdSchema, MAX_FLEET_NAME } from '../../contracts/ids';
import { foundationNames } from '../../contracts/names';
import { topicPolicy } from '../../foundation/topic-policy';

const listed = (count: number) => ({
  kind: 'listed' as const,
  accounts: Array.from({ length: count }, (_, index) => accountIdSchema.parse(String(100_000_000_000 + index))),
});
const settings = (count: number) => ({ sourceAccounts: listed(count), subscriptions: { critical: [], warning: [] }, existingSink: null });

describe('listed source accounts', () => {
  test('are refused when planning where the topic policy has no room for them', () => {
    expect(foundationFindings(settings(MAX_LISTED_ACCOUNTS))).toEqual([]);
    expect(foundationFindings(settings(MAX_LISTED_ACCOUNTS + 1))).toMatchObject([
      { level: 'refused', code: 'too-many-listed', keys: [['alerts', 'sourceAccounts']] },
    ]);
    expect(foundationFindings({ ...settings(0), sourceAccounts: { kind: 'organisation' } })).toEqual([]);
  });

  test('fit into the policy up to there, whatever the names are', () => {
    const topic = foundationNames('o'.repeat(MAX_FLEET_NAME)).topic('critical');
    const policyOf = (count: number) =>
      topicPolicy({
        topicArn: `arn:aws:sns:ap-southeast-2:100000000002:${topic}`,
        region: 'ap-southeast-2',
        organizationId: `o-${'a'.repeat(32)}`,
        sources: listed(count),
        fleetAccounts: ['900000000001', '900000000002'],
      });

    expect(() => policyOf(MAX_LISTED_ACCOUNTS)).not.toThrow();
    expect(() => policyOf(MAX_LISTED_ACCOUNTS + 200)).toThrow('SNS accepts 30720');
  });
});

test('a sink that stands in another region is refused at its key', () => {
  const sink = (region: string) => `arn:aws:oam:${region}:222222222222:sink/a1`;

  expect(monitoringBlockSchema.safeParse({ sinks: { 'eu-west-1': sink('eu-west-1') } }).success).toBe(true);
  expect(
    monitoringBlockSchema.safeParse({ sinks: { 'eu-west-1': sink('eu-west-1'), 'us-east-1': sink('eu-west-1') } }).error?.issues,
  ).toMatchObject([
    { path: ['sinks', 'us-east-1'], message: 'sink of us-east-1 is in eu-west-1: AWS links a region to a sink of the same region only' },
  ]);
});

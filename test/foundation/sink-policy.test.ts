import { sinkPolicy } from '../../foundation/sink-policy';

test('the sink is open to the organisation, for the named telemetry only', () => {
  const { Statement } = sinkPolicy({ organizationId: 'o-abcdefghij', resourceTypes: ['AWS::CloudWatch::Metric'] });

  expect(Statement).toHaveLength(1);
  expect(Statement[0]).toMatchObject({
    Principal: '*',
    Action: ['oam:CreateLink', 'oam:UpdateLink'],
    Condition: {
      StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' },
      'ForAllValues:StringEquals': { 'oam:ResourceTypes': ['AWS::CloudWatch::Metric'] },
    },
  });
});

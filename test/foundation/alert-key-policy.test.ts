import { alertKeyPolicy } from '../../foundation/alert-key-policy';

const policy = alertKeyPolicy({ account: '111111111111', topicArns: ['arn:a', 'arn:b'] });

describe('the key policy of the alert topics', () => {
  test('leaves the key to its account, or nobody could manage it', () => {
    expect(policy.Statement[0]).toMatchObject({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' }, Action: 'kms:*' });
  });

  test('lets alarms of any account encrypt for the topics, and for nothing else', () => {
    expect(policy.Statement.slice(1)).toEqual([
      {
        Sid: 'AlarmsEncryptForTheTopics',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Resource: '*',
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': ['arn:a', 'arn:b'] } },
      },
    ]);
  });
});

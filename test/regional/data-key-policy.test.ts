import { dataKeyPolicy } from '../../regional/data-key-policy';

test("the logs service may use the key for the target's log groups only", () => {
  const { Statement } = dataKeyPolicy({ account: '333333333333', region: 'eu-west-1', logGroups: ['/orders/a', '/orders/b'] });

  expect(Statement[0]).toMatchObject({ Principal: { AWS: 'arn:aws:iam::333333333333:root' }, Action: 'kms:*' });
  expect(Statement.slice(1)).toMatchObject([
    {
      Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
      Condition: {
        ArnEquals: {
          'kms:EncryptionContext:aws:logs:arn': [
            'arn:aws:logs:eu-west-1:333333333333:log-group:/orders/a',
            'arn:aws:logs:eu-west-1:333333333333:log-group:/orders/b',
          ],
        },
      },
    },
  ]);
});

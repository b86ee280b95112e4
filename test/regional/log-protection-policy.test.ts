import { logProtectionPolicy } from '../../regional/log-protection-policy';

test('what is masked is what is audited, as CloudWatch Logs demands', () => {
  const { Statement } = logProtectionPolicy('orders-order') as {
    readonly Statement: readonly { readonly DataIdentifier: readonly string[]; readonly Operation: object }[];
  };

  expect(Statement.map(({ Operation }) => Object.keys(Operation))).toEqual([['Audit'], ['Deidentify']]);
  expect(Statement[1]?.DataIdentifier).toEqual(Statement[0]?.DataIdentifier);
  expect(Statement[0]?.DataIdentifier).toContain('arn:aws:dataprotection::aws:data-identifier/EmailAddress');
});

const IDENTIFIERS = ['CreditCardNumber', 'EmailAddress'].map((name) => `arn:aws:dataprotection::aws:data-identifier/${name}`);

/**
 * Data protection policy of a function's log group. The functions log no personal data; this masks what slips through, at ingestion.
 * CloudWatch Logs wants the audit and the masking statement to name the same identifiers.
 */
export function logProtectionPolicy(name: string): object {
  return {
    Name: name,
    Version: '2021-06-01',
    Statement: [
      { Sid: 'audit', DataIdentifier: IDENTIFIERS, Operation: { Audit: { FindingsDestination: {} } } },
      { Sid: 'mask', DataIdentifier: IDENTIFIERS, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  };
}

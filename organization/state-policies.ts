import { accountAdministersKey, policyDocument, type PolicyDocument, type PolicyStatement } from '../layer-kit/policy-document';
import { onlyFor, type ControlPrincipals } from './control-principals';

/** What the policies of the state store depend on. */
export interface StatePolicyInput {
  readonly account: string;
  readonly bucket: string;
  readonly organizationId: string;
  readonly control: ControlPrincipals;
}

/** Bucket policy of the state: no plain HTTP, nobody from outside the organisation, and the fleet's controllers may read and write. */
export function stateBucketPolicy(input: StatePolicyInput): PolicyDocument {
  const bucketArn = `arn:aws:s3:::${input.bucket}`;
  const objects = `${bucketArn}/*`;
  const control = onlyFor(input.control, input.control.operators, input.organizationId);
  return policyDocument(
    {
      Sid: 'EncryptedTransportOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucketArn, objects],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    {
      Sid: 'OrganisationOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [bucketArn, objects],
      Condition: {
        StringNotEqualsIfExists: { 'aws:PrincipalOrgID': input.organizationId },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    },
    { Sid: 'ControllersList', Effect: 'Allow', Action: ['s3:GetBucketLocation', 's3:ListBucket'], Resource: bucketArn, ...control },
    ...withoutSecrets(bucketArn, input),
    // Deleting leaves the old version behind: no action here destroys one.
    {
      Sid: 'ControllersReadAndWrite',
      Effect: 'Allow',
      Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      Resource: objects,
      ...control,
    },
  );
}

/** The key of the secrets' digests is for those who deploy: those who look and operate have no use for it. */
function withoutSecrets(bucketArn: string, { control, organizationId }: StatePolicyInput): readonly PolicyStatement[] {
  const onlyOperators = control.operators.filter((role) => !control.deployers.includes(role));
  if (onlyOperators.length === 0) return [];
  return [
    {
      Sid: 'NoSecretsForOperators',
      Effect: 'Deny',
      Action: 's3:*',
      Resource: [`${bucketArn}/secrets/*`, `${bucketArn}/*/secrets/*`],
      ...onlyFor(control, onlyOperators, organizationId),
    },
  ];
}

/** Policy of the key that encrypts the state and the secrets in it: its account administers it, the fleet's controllers use it. */
export function stateKeyPolicy(input: Omit<StatePolicyInput, 'bucket'>): PolicyDocument {
  return policyDocument(accountAdministersKey(input.account), {
    Sid: 'ControllersUse',
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
    Resource: '*',
    ...onlyFor(input.control, input.control.operators, input.organizationId),
  });
}

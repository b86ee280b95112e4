import { accountAdministersKey, policyDocument, type PolicyDocument, type PolicyStatement } from '../layer-kit/policy-document';
import { onlyFor, type ControlPrincipals } from './control-principals';

/** What the policies of the state store depend on. */
export interface StatePolicyInput {
  readonly account: string;
  readonly bucket: string;
  readonly organizationId: string;
  readonly control: ControlPrincipals;
}

/**
 * What a deployer runs or believes, wherever the fleet's state begins in the bucket: wildcards go across slashes, so that these are denied by
 * their names to whoever may write somewhere else.
 */
const BELIEVED = ['begun', 'journal', 'plans', 'releases', 'secrets', '.pulumi'];

/**
 * Bucket policy of the state: no plain HTTP, nobody from outside the organisation. The fleet's deployers may read and write; whoever only
 * operates reads all but the key of the secrets' digests, and writes messages, each below the name that AWS gives him.
 */
export function stateBucketPolicy(input: StatePolicyInput): PolicyDocument {
  const bucketArn = `arn:aws:s3:::${input.bucket}`;
  const objects = `${bucketArn}/*`;
  const only = (roles: readonly string[]) => onlyFor(input.control, roles, input.organizationId);
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
    {
      Sid: 'ControllersList',
      Effect: 'Allow',
      Action: ['s3:GetBucketLocation', 's3:ListBucket'],
      Resource: bucketArn,
      ...only(input.control.operators),
    },
    ...operatorStatements(bucketArn, input),
    // Deleting leaves the old version behind: no action here destroys one.
    {
      Sid: 'ControllersReadAndWrite',
      Effect: 'Allow',
      Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      Resource: objects,
      ...only(input.control.deployers),
    },
  );
}

function operatorStatements(bucketArn: string, { control, organizationId }: StatePolicyInput): readonly PolicyStatement[] {
  const onlyOperators = operatorsAlone(control);
  if (onlyOperators.length === 0) return [];
  const only = onlyFor(control, onlyOperators, organizationId);
  const anywhere = (path: string) => [`${bucketArn}/${path}`, `${bucketArn}/*/${path}`];
  const inbox = (source: string) => anywhere(`rollouts/*/inbox/\${aws:userid}/${source}/*`);
  return [
    { Sid: 'NoSecretsForOperators', Effect: 'Deny', Action: 's3:*', Resource: anywhere('secrets/*'), ...only },
    {
      Sid: 'NothingBelievedByOperators',
      Effect: 'Deny',
      Action: ['s3:DeleteObject', 's3:PutObject'],
      Resource: BELIEVED.flatMap((name) => anywhere(`${name}/*`)),
      ...only,
    },
    { Sid: 'OperatorsRead', Effect: 'Allow', Action: 's3:GetObject', Resource: `${bucketArn}/*`, ...only },
    // A session without a source identity has no such variable: then only the other place is its own.
    {
      Sid: 'OperatorsAsk',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: [...inbox('0'), ...inbox('\${aws:SourceIdentity}')],
      ...only,
    },
  ];
}

/** Who operates and does not deploy. */
function operatorsAlone({ operators, deployers }: ControlPrincipals): readonly string[] {
  return operators.filter((role) => !deployers.includes(role));
}

/**
 * Policy of the key that encrypts the state and the secrets in it: its account administers it, the fleet's deployers use it. Whoever only
 * operates uses it through S3 alone: what S3 may decrypt for him he may read, what Pulumi has encrypted in it he may not.
 */
export function stateKeyPolicy(input: Omit<StatePolicyInput, 'bucket'>): PolicyDocument {
  const { control, organizationId } = input;
  const alone = operatorsAlone(control);
  const only = onlyFor(control, alone, organizationId);
  return policyDocument(
    accountAdministersKey(input.account),
    {
      Sid: 'ControllersUse',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      ...onlyFor(control, control.deployers, organizationId),
    },
    ...(alone.length === 0
      ? []
      : [
          {
            Sid: 'OperatorsUseThroughS3',
            Effect: 'Allow' as const,
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: '*',
            ...only,
            Condition: { ...only.Condition, StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
          },
        ]),
  );
}

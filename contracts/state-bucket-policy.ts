import { onlyFor, operatorsAlone, type ControlPrincipals, type ForPrincipals } from './control-principals';

/** The bucket that keeps the state, and who may do what in it. */
export interface StateBucket {
  readonly bucket: string;
  readonly organizationId: string;
  readonly control: ControlPrincipals;
}

/** A policy of a bucket as AWS reads it. */
export interface BucketPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly BucketStatement[];
}

interface BucketStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | ForPrincipals['Principal'];
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
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
export function stateBucketPolicy(input: StateBucket): BucketPolicy {
  const bucketArn = `arn:aws:s3:::${input.bucket}`;
  const objects = `${bucketArn}/*`;
  const only = (roles: readonly string[]) => onlyFor(input.control, roles, input.organizationId);
  const Statement: readonly BucketStatement[] = [
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
  ];
  return { Version: '2012-10-17', Statement };
}

function operatorStatements(bucketArn: string, { control, organizationId }: StateBucket): readonly BucketStatement[] {
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

import { deployRoleArn } from '../../contracts/names';
import type { OrganizationConfig } from '../../contracts/organization';

/**
 * Policy of the state bucket from its first minute: no plain HTTP, nobody from outside the organisation; deployers read and write, operators
 * read and leave messages. The organisation's program puts the same in place and keeps it so.
 */
export function stateBucketPolicy({
  control,
  organization,
  state,
}: Pick<OrganizationConfig, 'control' | 'organization' | 'state'>): object {
  const bucket = `arn:aws:s3:::${state.bucket}`;
  const objects = `${bucket}/*`;
  const arnsOf = (roles: readonly string[]) => [...new Set(roles)].map((role) => deployRoleArn(control.account, role));
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [bucket, objects] };
  const onlyFor = (roles: readonly string[]) => ({
    // By the ARN that is used: an exact principal would turn into an id, and break when the role is made again (AWS.md E1).
    Principal: { AWS: `arn:aws:iam::${control.account}:root` },
    Condition: { ArnEquals: { 'aws:PrincipalArn': roles }, StringEquals: { 'aws:PrincipalOrgID': organization.id } },
  });
  const controllers = onlyFor(arnsOf([...control.roles, ...control.operators]));
  const onlyOperators = arnsOf(control.operators.filter((role) => !control.roles.includes(role)));
  const only = onlyFor(onlyOperators);
  // The fleet's state may begin anywhere in the bucket, and wildcards go across slashes.
  const anywhere = (path: string) => [`${bucket}/${path}`, `${bucket}/*/${path}`];
  const inbox = (source: string) => anywhere(`rollouts/*/inbox/\${aws:userid}/${source}/*`);
  const believed = ['begun', 'journal', 'plans', 'releases', 'secrets', '.pulumi'].flatMap((name) => anywhere(`${name}/*`));
  const operators = [
    // The key of the secrets' digests is for those who deploy, and so is what they run and believe.
    { Sid: 'NoSecretsForOperators', Effect: 'Deny', Action: 's3:*', Resource: anywhere('secrets/*'), ...only },
    { Sid: 'NothingBelievedByOperators', Effect: 'Deny', Action: ['s3:DeleteObject', 's3:PutObject'], Resource: believed, ...only },
    { Sid: 'OperatorsRead', Effect: 'Allow', Action: 's3:GetObject', Resource: objects, ...only },
    {
      Sid: 'OperatorsAsk',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: [...inbox('0'), ...inbox('\${aws:SourceIdentity}')],
      ...only,
    },
  ];
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'EncryptedTransportOnly', ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Sid: 'OrganisationOnly',
        ...deny,
        Condition: {
          StringNotEqualsIfExists: { 'aws:PrincipalOrgID': organization.id },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
      },
      { Sid: 'ControllersList', Effect: 'Allow', Action: ['s3:GetBucketLocation', 's3:ListBucket'], Resource: bucket, ...controllers },
      ...(onlyOperators.length > 0 ? operators : []),
      {
        Sid: 'ControllersReadAndWrite',
        Effect: 'Allow',
        Action: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
        Resource: objects,
        ...onlyFor(arnsOf(control.roles)),
      },
    ],
  };
}

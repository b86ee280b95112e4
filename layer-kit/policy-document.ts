/** One statement of an IAM, resource, key or sink policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  /** All but these, instead of `Resource`. */
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy as AWS reads it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** A policy of these statements. */
export function policyDocument(...statements: readonly PolicyStatement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

/** Trust policy that lets one AWS service assume a role: only on behalf of the role's own account, or of any where `account` is null. */
export function serviceTrustPolicy(service: string, account: string | null): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ServiceOfThisAccount',
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(account !== null && { Condition: { StringEquals: { 'aws:SourceAccount': account } } }),
      },
    ],
  };
}

/** Key policy statement that leaves the key to its account's IAM policies; without it nobody could manage the key. */
export function accountAdministersKey(account: string): PolicyStatement {
  return {
    Sid: 'AccountAdministersThroughIam',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
}

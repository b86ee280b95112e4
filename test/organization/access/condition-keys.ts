/** Whether a condition key has one value in a request, or a set of them (the service authorization reference: `ArrayOf...`). */
export type KeyShape = 'one' | 'many';

/** Every condition key that the policies use or an attacker sets, by its name; `*` stands for a tag's key. */
const SHAPES: Readonly<Record<string, KeyShape>> = {
  'aws:PrincipalAccount': 'one',
  'aws:PrincipalArn': 'one',
  'aws:PrincipalIsAWSService': 'one',
  'aws:PrincipalOrgID': 'one',
  'aws:RequestTag/*': 'one',
  'aws:RequestedRegion': 'one',
  'aws:ResourceAccount': 'one',
  'aws:ResourceTag/*': 'one',
  'aws:SecureTransport': 'one',
  'aws:SourceAccount': 'one',
  'aws:SourceArn': 'one',
  'aws:SourceIdentity': 'one',
  'aws:SourceOrgID': 'one',
  'aws:TagKeys': 'many',
  'cloudwatch:AlarmActions': 'many',
  'iam:AssociatedResourceArn': 'one',
  'iam:PassedToService': 'one',
  'iam:PermissionsBoundary': 'one',
  'iam:PolicyARN': 'one',
  'kms:BypassPolicyLockoutSafetyCheck': 'one',
  'kms:CallerAccount': 'one',
  'kms:GrantIsForAWSResource': 'one',
  'kms:GrantOperations': 'many',
  'kms:GranteePrincipal': 'one',
  'kms:RequestAlias': 'one',
  'kms:ResourceAliases': 'many',
  'kms:ScheduleKeyDeletionPendingWindowInDays': 'one',
  'kms:ViaService': 'one',
  'lambda:FunctionArn': 'one',
  'lambda:Layer': 'many',
  'oam:ResourceTypes': 'many',
  's3:ResourceAccount': 'one',
  'sns:Endpoint': 'one',
  'sns:Protocol': 'one',
  'sts:ExternalId': 'one',
  'sts:RoleSessionName': 'one',
  'sts:SourceIdentity': 'one',
};

const known = new Map(Object.entries(SHAPES).map(([key, shape]) => [key.toLowerCase(), shape]));

/** Shape of a condition key; throws for one that nobody wrote down here: what is not known must not pass for harmless. */
export function shapeOf(key: string): KeyShape {
  const name = key.toLowerCase().replace(/^(aws:(?:request|resource)tag\/).+$/, '$1*');
  const shape = known.get(name);
  if (shape === undefined) throw new Error(`condition key ${key} is not known here: write it down with its shape, from the service authorization reference`); // prettier-ignore
  return shape;
}

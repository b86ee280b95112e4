import { computeTypes } from '../../../sandbox/types/compute';
import type { Properties, WorldResource } from '../../../sandbox/resource-type';

import { FakeWorld, type Outcome } from './fake-world';

/** Type tokens, short. */
export const token = {
  queue: 'aws:sqs/queue:Queue',
  queuePolicy: 'aws:sqs/queuePolicy:QueuePolicy',
  redriveAllowPolicy: 'aws:sqs/redriveAllowPolicy:RedriveAllowPolicy',
  function: 'aws:lambda/function:Function',
  alias: 'aws:lambda/alias:Alias',
  mapping: 'aws:lambda/eventSourceMapping:EventSourceMapping',
  invokeConfig: 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig',
  permission: 'aws:lambda/permission:Permission',
  role: 'aws:iam/role:Role',
  rolePolicy: 'aws:iam/rolePolicy:RolePolicy',
  policy: 'aws:iam/policy:Policy',
  attachment: 'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  table: 'aws:dynamodb/table:Table',
  bucket: 'aws:s3/bucket:Bucket',
  accessBlock: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  encryption: 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  lifecycle: 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
  versioning: 'aws:s3/bucketVersioning:BucketVersioning',
  bucketPolicy: 'aws:s3/bucketPolicy:BucketPolicy',
  ownership: 'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
  schedule: 'aws:scheduler/schedule:Schedule',
} as const;

/** An empty world that knows the compute types. */
export function emptyWorld(): FakeWorld {
  return new FakeWorld(computeTypes);
}

/** Trust policy for one service. */
export function trustFor(service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
}

/** Identity policy that allows actions on resources. */
export function allowing(actions: readonly string[], resource: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] });
}

/** A deployment package whose content is told apart by one letter. */
export function codeOf(letter: string): Properties {
  return {
    '4dabf18193072939515e22adb298388d': '0def7320c3a5731c473e5ecbe6d01bc7',
    hash: letter.charCodeAt(0).toString(16).padStart(64, '0'),
  };
}

/** Inputs of a function that Lambda accepts where the role exists. */
export function functionInputs(over: Properties = {}): Properties {
  return {
    name: 'orders',
    role: 'arn:aws:iam::111122223333:role/worker',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    code: codeOf('a'),
    ...over,
  };
}

/** A world with a role that Lambda can assume. */
export function worldWithRole(policy?: string): FakeWorld {
  const world = emptyWorld();
  world.given(token.role, { name: 'worker', assumeRolePolicy: trustFor('lambda.amazonaws.com') });
  if (policy !== undefined) world.given(token.rolePolicy, { name: 'own', role: 'worker', policy });
  return world;
}

/** `done`, or the name of AWS's error. */
export function verdict(outcome: Outcome): string {
  return outcome.kind === 'done' ? 'done' : outcome.name;
}

/** What AWS said; empty where it accepted. */
export function messageOf(outcome: Outcome): string {
  return outcome.kind === 'done' ? '' : outcome.message;
}

/** The resource of an accepted operation; throws for a refused one. */
export function accepted(outcome: Outcome): WorldResource {
  if (outcome.kind === 'refused') throw new Error(`${outcome.name}: ${outcome.message}`);
  return outcome.resource;
}

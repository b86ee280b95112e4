import { isDeepStrictEqual } from 'node:util';

import type { Properties, Refusal, RenderContext, WorldView } from '../resource-type';

import { arnOf, parseArn } from './common/arn';
import { physicalName } from './common/auto-name';
import { computeTokens } from './common/compute-tokens';
import { refuseDeadLetter } from './common/destination';
import { findFunction } from './common/function-reference';
import { findKey } from './common/kms-lookup';
import { refuseReservation } from './common/lambda-concurrency';
import { functionShape, type FunctionInputs } from './common/lambda-function-shape';
import { LATEST, nextVersions, publishedVersions, VERSIONS_OUTPUT, type FunctionState } from './common/lambda-versions';
import { refuseRuntime } from './common/lambda-runtimes';
import { defineType, type TypedRequest } from './common/resource-definition';
import { refusal } from './common/refusal';
import { assumable } from './common/role-permissions';

/** What the provider sends to UpdateFunctionConfiguration or UpdateFunctionCode, and so what can make a version. */
const VERSIONED = [
  'architectures',
  'deadLetterConfig',
  'description',
  'environment',
  'ephemeralStorage',
  'handler',
  'kmsKeyArn',
  'layers',
  'loggingConfig',
  'memorySize',
  'role',
  'runtime',
  'timeout',
  'tracingConfig',
] as const;

/** A Lambda function. Its published versions are kept in the output `__versions`; `version` is the last of them. */
export const lambdaFunction = defineType({
  type: computeTokens.function,
  inputs: functionShape,
  invalid: 'InvalidParameterValueException',
  replaceOn: ['name', 'packageType'],
  taggable: true,
  scope: 'region',
  onTaken: { refuse: 'ResourceConflictException' },
  seconds: { create: 9, update: 7, delete: 1 },
  key: physicalName,
  render: (inputs, context) => ({ id: context.key, computed: outputsOf(inputs, context) }),
  refuse: (request, world) => {
    if (request.op === 'delete') return undefined;
    const { inputs, key, place } = request;
    return (
      refuseRuntime(inputs.runtime ?? '') ??
      refuseRole(request, world) ??
      refuseEnvironmentKey(request, world) ??
      (inputs.deadLetterConfig && refuseDeadLetter(inputs.deadLetterConfig.targetArn, { roleArn: inputs.role, place }, world)) ??
      refuseTimeout(request, world) ??
      refuseReservation({ functionName: key, reserved: inputs.reservedConcurrentExecutions }, place, world)
    );
  },
});

function outputsOf(inputs: FunctionInputs, context: RenderContext & { readonly key: string }): Properties {
  const { key, place, prior } = context;
  const arn = arnOf('lambda', `function:${key}`, place);
  const state = stateOf(inputs, key);
  const ledger = nextVersions(publishedVersions(prior?.outputs), state, {
    publish: inputs.publish,
    published: prior === undefined ? undefined : prior.outputs.publish === true,
    changed: prior === undefined || changed(state, prior.outputs),
    used: Number(publishedVersions(context.deleted).at(-1)?.version ?? 0),
  });
  const version = ledger.at(-1)?.version ?? LATEST;
  return {
    name: key,
    arn,
    invokeArn: invokeArn(arn, place.region),
    qualifiedArn: `${arn}:${version}`,
    qualifiedInvokeArn: invokeArn(`${arn}:${version}`, place.region),
    version,
    codeSha256: state.codeSha256,
    sourceCodeHash: inputs.sourceCodeHash ?? state.codeSha256,
    loggingConfig: state.configuration.loggingConfig,
    signingJobArn: '',
    signingProfileVersionArn: '',
    [VERSIONS_OUTPUT]: ledger,
  };
}

function stateOf(inputs: FunctionInputs, key: string): FunctionState {
  return {
    codeSha256: codeIdentity(inputs),
    description: inputs.description,
    role: inputs.role,
    deadLetterTarget: inputs.deadLetterConfig?.targetArn ?? null,
    configuration: {
      ...Object.fromEntries(VERSIONED.map((name) => [name, inputs[name] ?? null])),
      loggingConfig: loggingOutputs(inputs.loggingConfig, key),
    },
  };
}

/** As Lambda gives it: SHA-256 in base64. Of a package in a bucket nothing but its address is known. */
function codeIdentity({ code, s3Bucket, s3Key, s3ObjectVersion }: FunctionInputs): string {
  if (code) return Buffer.from(code.hash, 'hex').toString('base64');
  return Buffer.from([s3Bucket, s3Key, s3ObjectVersion].join('/')).toString('base64');
}

function changed(state: FunctionState, before: Properties): boolean {
  return state.codeSha256 !== before.codeSha256 || VERSIONED.some((name) => !same(state.configuration[name], before[name]));
}

function same(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one ?? null, other ?? null);
}

function loggingOutputs(logging: FunctionInputs['loggingConfig'], key: string): Properties {
  const logGroup = logging.logGroup ?? `/aws/lambda/${key}`;
  if (logging.logFormat === 'Text') return { ...logging, logGroup };
  return {
    ...logging,
    logGroup,
    applicationLogLevel: logging.applicationLogLevel ?? 'INFO',
    systemLogLevel: logging.systemLogLevel ?? 'INFO',
  };
}

function invokeArn(arn: string, region: string): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}

function refuseRole({ inputs, place, outputs }: TypedRequest<FunctionInputs>, world: WorldView): Refusal | undefined {
  if (parseArn(inputs.role)?.account !== place.account) return refusal('AccessDeniedException', 'Cross-account pass role is not allowed.');
  const request = { service: 'lambda.amazonaws.com', sourceArn: String(outputs.arn), place };
  return assumable(inputs.role, request, world)
    ? undefined
    : refusal('InvalidParameterValueException', 'The role defined for the function cannot be assumed by Lambda.');
}

function refuseEnvironmentKey({ inputs, place }: TypedRequest<FunctionInputs>, world: WorldView): Refusal | undefined {
  if (inputs.kmsKeyArn === undefined || findKey(world, inputs.kmsKeyArn, place).kind !== 'missing') return undefined;
  return refusal(
    'InvalidParameterValueException',
    `Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings. KMS Exception: NotFoundException KMS Message: Key '${inputs.kmsKeyArn}' does not exist`,
  );
}

/** A longer timeout is held against the queues that the function is already mapped to. */
function refuseTimeout({ op, inputs, key, place }: TypedRequest<FunctionInputs>, world: WorldView): Refusal | undefined {
  if (op !== 'update') return undefined;
  const mappings = world.list(computeTokens.eventSourceMapping, place).filter(({ inputs: mapping }) => {
    return typeof mapping.functionName === 'string' && findFunction(mapping.functionName, place, world)?.resource.key === key;
  });
  const visibilities = mappings.flatMap(({ inputs: mapping }) => {
    const visibility =
      typeof mapping.eventSourceArn === 'string' ? world.byArn(mapping.eventSourceArn)?.outputs.visibilityTimeoutSeconds : undefined;
    return typeof visibility === 'number' ? [visibility] : [];
  });
  const short = visibilities.find((visibility) => visibility < inputs.timeout);
  return short === undefined
    ? undefined
    : refusal(
        'InvalidParameterValueException',
        `Queue visibility timeout: ${short} seconds is less than Function timeout: ${inputs.timeout} seconds`,
      );
}

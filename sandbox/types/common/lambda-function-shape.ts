import * as z from 'zod';

import { conflict, mapOf, oneOf, textOf, wholeNumber, arnShape } from './shapes';
import { tagsShape } from './tags-shape';

/** Total of names and values of a function's environment. */
const ENVIRONMENT_BYTES = 4096;

/** Names that Lambda sets itself. */
const RESERVED = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
];

const variablesShape = mapOf(
  (name) =>
    /^[a-zA-Z][a-zA-Z0-9_]+$/.test(name) ? undefined : `${JSON.stringify(name)} must be a letter followed by letters, digits and _`,
  z.string({ error: 'environment variables must be text' }),
).superRefine((variables, context) => {
  const reserved = Object.keys(variables).filter((name) => RESERVED.includes(name));
  if (reserved.length > 0) {
    const message = `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`;
    context.addIssue({ code: 'custom', message });
  }
  const bytes = Buffer.byteLength(Object.entries(variables).flat().join(''));
  if (bytes > ENVIRONMENT_BYTES) {
    const message = `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. (${bytes} bytes)`;
    context.addIssue({ code: 'custom', message });
  }
});

const loggingShape = z
  .strictObject({
    logFormat: oneOf(['JSON', 'Text']),
    applicationLogLevel: oneOf(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']).optional(),
    systemLogLevel: oneOf(['DEBUG', 'INFO', 'WARN']).optional(),
    logGroup: textOf({ pattern: /^[.\-_/#A-Za-z0-9]+$/, max: 512, what: 'letters, digits and . - _ / #' }).optional(),
  })
  .refine(
    ({ logFormat, applicationLogLevel, systemLogLevel }) => logFormat === 'JSON' || (applicationLogLevel ?? systemLogLevel) === undefined,
    {
      error: 'To set log levels, the log format must be JSON',
    },
  );

/** A deployment package as the engine hands it on: which kind of archive, and the hash of its content. */
const codeShape = z.looseObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/, { error: (issue) => `hash ${JSON.stringify(issue.input)} is not a SHA-256 in hexadecimal` }),
});

/** Inputs of a Lambda function with a zip package. Images, VPCs, file systems, SnapStart and durable functions are not simulated. */
export const functionShape = z
  .strictObject({
    name: textOf({ pattern: /^[a-zA-Z0-9-_]+$/, max: 64, what: 'letters, digits, - and _' }).optional(),
    architectures: z.tuple([oneOf(['x86_64', 'arm64'])]).default(['x86_64']),
    code: codeShape.optional(),
    s3Bucket: z.string().min(3).max(63).optional(),
    s3Key: z.string().min(1).max(1024).optional(),
    s3ObjectVersion: z.string().min(1).max(1024).optional(),
    deadLetterConfig: z.strictObject({ targetArn: arnShape(['sqs', 'sns']) }).optional(),
    description: z.string().max(256, { error: 'description has more than 256 characters' }).default(''),
    environment: z.strictObject({ variables: variablesShape.optional() }).optional(),
    ephemeralStorage: z.strictObject({ size: wholeNumber({ min: 512, max: 10_240 }).default(512) }).default({ size: 512 }),
    handler: textOf({ pattern: /^\S+$/, max: 128, what: 'no white space' }).optional(),
    kmsKeyArn: arnShape(['kms']).optional(),
    layers: z
      .array(arnShape(['lambda']))
      .max(5, { error: 'a function takes at most 5 layers' })
      .optional(),
    loggingConfig: loggingShape.default({ logFormat: 'Text' }),
    memorySize: wholeNumber({ min: 128, max: 10_240 }).default(128),
    packageType: oneOf(['Zip']).default('Zip'),
    publish: z.boolean().default(false),
    /** -1: none is reserved. */
    reservedConcurrentExecutions: wholeNumber({ min: -1, max: 1_000_000 }).default(-1),
    role: arnShape(['iam']),
    runtime: z.string().optional(),
    sourceCodeHash: z.string().optional(),
    tags: tagsShape.optional(),
    timeout: wholeNumber({ min: 1, max: 900 }).default(3),
    tracingConfig: z.strictObject({ mode: oneOf(['Active', 'PassThrough']) }).default({ mode: 'PassThrough' }),
  })
  .check(conflict(['code', 's3Bucket']))
  .superRefine((inputs, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (inputs.code === undefined && inputs.s3Bucket === undefined) wrong('code', 'one of code and s3Bucket must be given');
    if (inputs.s3Bucket !== undefined && inputs.s3Key === undefined) wrong('s3Key', 's3Key must be given with s3Bucket');
    if (inputs.handler === undefined) wrong('handler', 'Handler is a mandatory parameter for functions created with deployment packages.');
    if (inputs.runtime === undefined) wrong('runtime', 'Runtime is a mandatory parameter for functions created with deployment packages.');
  });

/** Parsed inputs of a function. */
export type FunctionInputs = z.output<typeof functionShape>;

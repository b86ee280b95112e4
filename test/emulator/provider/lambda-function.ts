import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type Architecture,
  type FunctionConfiguration,
  type LambdaClient,
  type UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';

import type { Properties } from '../../../sandbox/resource-type';

import type { AwsType } from './aws-type';
import { retag, tagsOf } from './tags';
import { differs, known, orGone, same, textOf } from './wording';
import { zipFolder } from './zip-folder';

const CONFIGURATION = [
  'description',
  'environment',
  'handler',
  'loggingConfig',
  'memorySize',
  'role',
  'runtime',
  'timeout',
  'tracingConfig',
];
const LATEST = '$LATEST';

export const lambdaFunction: AwsType = {
  type: 'aws:lambda/function:Function',
  async create({ inputs }, { clients: { lambda } }) {
    const made = await lambda.send(
      new CreateFunctionCommand({
        ...configuration(inputs),
        Role: textOf(inputs, 'role'),
        Architectures: architectures(inputs),
        Code: { ZipFile: packageOf(inputs) },
        Publish: inputs.publish === true,
        Tags: tagsOf(inputs),
      }),
    );
    await reserve(lambda, inputs);
    return made.FunctionName ?? '';
  },
  async update(standing, { clients: { lambda } }) {
    const { id: FunctionName, inputs, outputs } = standing;
    const code = differs(standing, ['code', 'architectures']);
    const configured = differs(standing, CONFIGURATION);
    if (code) {
      const Architectures = architectures(inputs);
      await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: packageOf(inputs), Architectures }));
    }
    if (configured) await lambda.send(new UpdateFunctionConfigurationCommand(configuration(inputs)));
    if (inputs.publish === true && (code || configured || outputs.publish !== true) && !(await isPublished(lambda, FunctionName)))
      await lambda.send(new PublishVersionCommand({ FunctionName, Description: textOf(inputs, 'description') }));
    if (differs(standing, ['reservedConcurrentExecutions'])) await reserve(lambda, inputs);
    const Resource = textOf(outputs, 'arn');
    await retag(standing, {
      remove: (TagKeys) => lambda.send(new UntagResourceCommand({ Resource, TagKeys })),
      set: (Tags) => lambda.send(new TagResourceCommand({ Resource, Tags })),
    });
  },
  async read({ id: FunctionName, inputs }, { clients: { lambda } }) {
    const answer = await orGone(lambda.send(new GetFunctionCommand({ FunctionName })));
    if (!answer?.Configuration) return undefined;
    const { Configuration: told, Concurrency, Tags = {} } = answer;
    const arn = (told.FunctionArn ?? '').replace(/:\$LATEST$/, '');
    const version = inputs.publish === true ? await lastVersion(lambda, FunctionName) : LATEST;
    return {
      ...configurationTold(told),
      architectures: told.Architectures,
      reservedConcurrentExecutions: Concurrency?.ReservedConcurrentExecutions ?? -1,
      tags: Tags,
      name: told.FunctionName,
      arn,
      version,
      qualifiedArn: `${arn}:${version}`,
      codeSha256: told.CodeSha256,
      sourceCodeHash: told.CodeSha256,
    };
  },
  async delete({ id: FunctionName }, { clients: { lambda } }) {
    await orGone(lambda.send(new DeleteFunctionCommand({ FunctionName })));
  },
};

function configuration(inputs: Properties) {
  const { environment, loggingConfig, tracingConfig } = inputs as {
    readonly environment?: { readonly variables?: Record<string, string> };
    readonly loggingConfig?: Readonly<Record<string, string>>;
    readonly tracingConfig?: { readonly mode: 'Active' | 'PassThrough' };
  };
  const { logFormat, logGroup, applicationLogLevel, systemLogLevel } = loggingConfig ?? {};
  const levels = { ApplicationLogLevel: applicationLogLevel, SystemLogLevel: systemLogLevel };
  return {
    FunctionName: textOf(inputs, 'name'),
    Description: textOf(inputs, 'description'),
    Handler: textOf(inputs, 'handler'),
    MemorySize: Number(inputs.memorySize),
    Role: textOf(inputs, 'role'),
    Runtime: textOf(inputs, 'runtime'),
    Timeout: Number(inputs.timeout),
    Environment: { Variables: environment?.variables ?? {} },
    TracingConfig: { Mode: tracingConfig?.mode },
    LoggingConfig: { LogFormat: logFormat, LogGroup: logGroup, ...levels },
  } as UpdateFunctionConfigurationCommandInput & { readonly FunctionName: string; readonly Runtime: 'nodejs24.x' };
}

function configurationTold(told: FunctionConfiguration): Properties {
  const { LogFormat, LogGroup, ApplicationLogLevel, SystemLogLevel } = told.LoggingConfig ?? {};
  const logging = { logFormat: LogFormat, logGroup: LogGroup, applicationLogLevel: ApplicationLogLevel, systemLogLevel: SystemLogLevel };
  return known({
    description: told.Description,
    environment: told.Environment && { variables: told.Environment.Variables ?? {} },
    handler: told.Handler,
    loggingConfig: told.LoggingConfig && known(logging),
    memorySize: told.MemorySize,
    role: told.Role,
    runtime: told.Runtime,
    timeout: told.Timeout,
    tracingConfig: told.TracingConfig && { mode: told.TracingConfig.Mode },
  });
}

/** The zip of the folder that the release brought. */
function packageOf({ code }: Properties): Buffer {
  const { path } = code as { readonly path?: string };
  if (path === undefined) throw new Error('a function is deployed from a folder, and its archive names none');
  return zipFolder(path);
}

function architectures(inputs: Properties): Architecture[] {
  return [...(inputs.architectures as readonly Architecture[])];
}

async function reserve(lambda: LambdaClient, inputs: Properties): Promise<void> {
  const FunctionName = textOf(inputs, 'name');
  const reserved = Number(inputs.reservedConcurrentExecutions);
  if (reserved >= 0) await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: reserved }));
  else await orGone(lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })));
}

/** Whether the last version is what would be published now: Lambda then makes no other one. moto would. */
async function isPublished(lambda: LambdaClient, FunctionName: string): Promise<boolean> {
  const at = async (Qualifier: string) => {
    const told = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }));
    return { code: told.CodeSha256, ...configurationTold(told) };
  };
  const last = await lastVersion(lambda, FunctionName);
  return last !== LATEST && same(await at(last), await at(LATEST));
}

async function lastVersion(lambda: LambdaClient, FunctionName: string): Promise<string> {
  const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
  const numbers = Versions.map(({ Version }) => Number(Version)).filter((version) => version > 0);
  return numbers.length === 0 ? LATEST : String(Math.max(...numbers));
}

import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionEventInvokeConfigCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
  type FunctionResponseType,
} from '@aws-sdk/client-lambda';

import type { Properties } from '../../../sandbox/resource-type';

import type { AwsType } from './aws-type';
import { tagsOf } from './tags';
import { fromAws, known, orGone, textOf, toAws } from './wording';

/** Id: its ARN. */
export const lambdaAlias: AwsType = {
  type: 'aws:lambda/alias:Alias',
  async create({ inputs }, { clients: { lambda } }) {
    const made = await lambda.send(new CreateAliasCommand(aliasOf(inputs)));
    return made.AliasArn ?? '';
  },
  async update({ inputs }, { clients: { lambda } }) {
    await lambda.send(new UpdateAliasCommand(aliasOf(inputs)));
  },
  async read({ id, inputs }, { clients: { lambda } }) {
    const { FunctionName, Name } = aliasOf(inputs);
    const told = await orGone(lambda.send(new GetAliasCommand({ FunctionName, Name })));
    if (!told) return undefined;
    const weights = told.RoutingConfig?.AdditionalVersionWeights ?? {};
    return known({
      functionName: FunctionName,
      functionVersion: told.FunctionVersion,
      name: Name,
      description: told.Description,
      routingConfig: Object.keys(weights).length > 0 ? { additionalVersionWeights: weights } : undefined,
      arn: told.AliasArn ?? id,
    });
  },
  async delete({ inputs }, { clients: { lambda } }) {
    const { FunctionName, Name } = aliasOf(inputs);
    await orGone(lambda.send(new DeleteAliasCommand({ FunctionName, Name })));
  },
};

/** Id: its UUID. */
export const eventSourceMapping: AwsType = {
  type: 'aws:lambda/eventSourceMapping:EventSourceMapping',
  async create({ inputs }, { clients: { lambda } }) {
    const made = await lambda.send(
      new CreateEventSourceMappingCommand({ ...mappingOf(inputs), EventSourceArn: textOf(inputs, 'eventSourceArn'), Tags: tagsOf(inputs) }),
    );
    return made.UUID ?? '';
  },
  async update({ id: UUID, inputs }, { clients: { lambda } }) {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...mappingOf(inputs) }));
  },
  async read({ id: UUID }, { clients: { lambda } }) {
    const told = await orGone(lambda.send(new GetEventSourceMappingCommand({ UUID })));
    if (!told || told.State === 'Deleting') return undefined;
    return known({
      batchSize: told.BatchSize,
      enabled: told.State === 'Enabled',
      eventSourceArn: told.EventSourceArn,
      functionArn: told.FunctionArn,
      functionResponseTypes: told.FunctionResponseTypes,
      scalingConfig: told.ScalingConfig && fromAws(told.ScalingConfig),
      uuid: UUID,
      arn: told.EventSourceMappingArn,
      state: told.State,
    });
  },
  async delete({ id: UUID }, { clients: { lambda } }) {
    await orGone(lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
  },
};

/** Id: `function:qualifier`. */
export const functionEventInvokeConfig: AwsType = {
  type: 'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig',
  async create({ inputs }, { clients: { lambda } }) {
    const { maximumRetryAttempts, destinationConfig } = inputs;
    const wanted = known({ maximumRetryAttempts, destinationConfig });
    await lambda.send(new PutFunctionEventInvokeConfigCommand({ ...named(inputs), ...toAws<object>(wanted) }));
    return `${textOf(inputs, 'functionName')}:${textOf(inputs, 'qualifier')}`;
  },
  async update(standing, call) {
    await this.create(standing, call);
  },
  async read({ inputs }, { clients: { lambda } }) {
    const told = await orGone(lambda.send(new GetFunctionEventInvokeConfigCommand(named(inputs))));
    if (!told) return undefined;
    const onFailure = told.DestinationConfig?.OnFailure;
    const destinationConfig = onFailure?.Destination === undefined ? undefined : { onFailure: { destination: onFailure.Destination } };
    return known({ functionName: inputs.functionName, maximumRetryAttempts: told.MaximumRetryAttempts, destinationConfig });
  },
  async delete({ inputs }, { clients: { lambda } }) {
    await orGone(lambda.send(new DeleteFunctionEventInvokeConfigCommand(named(inputs))));
  },
};

function aliasOf(inputs: Properties) {
  const { additionalVersionWeights = {} } = (inputs.routingConfig ?? {}) as { readonly additionalVersionWeights?: Record<string, number> };
  return {
    FunctionName: textOf(inputs, 'functionName'),
    Name: textOf(inputs, 'name'),
    FunctionVersion: textOf(inputs, 'functionVersion'),
    Description: textOf(inputs, 'description'),
    RoutingConfig: { AdditionalVersionWeights: additionalVersionWeights },
  };
}

function mappingOf(inputs: Properties) {
  return {
    FunctionName: textOf(inputs, 'functionName'),
    Enabled: inputs.enabled !== false,
    BatchSize: Number(inputs.batchSize),
    FunctionResponseTypes: inputs.functionResponseTypes as FunctionResponseType[] | undefined,
    ScalingConfig: inputs.scalingConfig === undefined ? undefined : toAws<object>(inputs.scalingConfig),
  };
}

function named(inputs: Properties): { readonly FunctionName: string; readonly Qualifier: string } {
  return { FunctionName: textOf(inputs, 'functionName'), Qualifier: textOf(inputs, 'qualifier') };
}

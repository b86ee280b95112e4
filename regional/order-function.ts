import { Alias } from '@pulumi/aws/lambda/alias';
import { EventSourceMapping } from '@pulumi/aws/lambda/eventSourceMapping';
import { FunctionEventInvokeConfig } from '@pulumi/aws/lambda/functionEventInvokeConfig';
import * as pulumi from '@pulumi/pulumi';
import type * as z from 'zod';

import { LIVE_ALIAS, PREVIOUS_ALIAS } from '../contracts/regional-health';
import type { RunInputs } from '../contracts/target-config';
import { SLOW_ORDER_MS, type orderEnvironmentSchema } from '../contracts/telemetry';
import { orderFunctionPolicy } from './function-policies';
import { QueueFunction, type QueueFunctionArgs } from './queue-function';
import { versionRouting } from './version-routing';

/** What the order function is made of. */
export interface OrderFunctionArgs extends Pick<QueueFunctionArgs, 'guard' | 'names' | 'settings' | 'bundle' | 'keyArn' | 'protectLogs'> {
  readonly run: RunInputs;
  /** Names an alias beside `live`. */
  readonly environmentName: string;
  readonly orderQueueArn: pulumi.Output<string>;
  readonly deadLetterQueueArn: pulumi.Output<string>;
  readonly table: { readonly name: pulumi.Output<string>; readonly arn: pulumi.Output<string> };
}

/** The order function behind its aliases, fed from the order queue. */
export class OrderFunction extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;
  readonly liveAliasArn: pulumi.Output<string>;
  /** The newest version that gets traffic. */
  readonly versionOnTrial: pulumi.Output<string>;

  constructor(name: string, args: OrderFunctionArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:OrderFunction', name, {}, options);
    const { names, settings, run } = args;
    const environment: Readonly<Record<keyof z.input<typeof orderEnvironmentSchema>, pulumi.Input<string>>> = {
      ORDERS_TABLE: args.table.name,
      POWERTOOLS_SERVICE_NAME: names.orderFunction,
      POWERTOOLS_METRICS_NAMESPACE: names.metricNamespace,
      SLOW_ORDER_MS: String(SLOW_ORDER_MS),
    };
    const { lambda } = new QueueFunction(
      name,
      {
        ...args,
        functionName: names.orderFunction,
        roleName: names.orderRole,
        logGroupName: names.orderLogGroup,
        memoryMb: settings.memoryMb,
        timeoutSeconds: settings.timeoutSeconds,
        publish: run.publish,
        reservedConcurrency: settings.reservedConcurrency,
        environment,
        sourceQueueArn: args.orderQueueArn,
        policy: (access) =>
          pulumi
            .all([access, args.deadLetterQueueArn, args.table.arn])
            .apply(([common, deadLetterQueueArn, tableArn]) => orderFunctionPolicy({ ...common, deadLetterQueueArn, tableArn })),
      },
      { parent: this },
    );

    const routing = lambda.version.apply((published) => versionRouting(published, run));
    const alias = (aliasName: string, description: string) =>
      new Alias(
        `${name}-${aliasName}`,
        {
          name: aliasName,
          description,
          functionName: lambda.name,
          functionVersion: routing.live,
          // Only a named stable version can share traffic; without one nothing is sent, and AWS clears the weights.
          ...(run.stableVersion === undefined
            ? {}
            : { routingConfig: routing.weights.apply((weights) => weights && { additionalVersionWeights: weights }) }),
        },
        { parent: this },
      );
    const live = alias(LIVE_ALIAS, 'the version that takes orders');
    alias(args.environmentName, 'the version that takes orders, by the name of its environment');
    new Alias(
      `${name}-${PREVIOUS_ALIAS}`,
      {
        name: PREVIOUS_ALIAS,
        description: 'the version that took orders before, to switch back to',
        functionName: lambda.name,
        functionVersion: routing.previous,
      },
      // Whether anything is published is known too late to leave the alias out; a run that says nothing of earlier versions must not move it.
      { parent: this, ...(run.servedBefore === undefined ? { ignoreChanges: ['functionVersion'] } : {}) },
    );

    // On the alias, not in the function's own dead-letter setting: two versions that share traffic must have the same destination.
    new FunctionEventInvokeConfig(
      `${name}-failures`,
      {
        functionName: lambda.name,
        qualifier: live.name,
        maximumRetryAttempts: 2,
        destinationConfig: { onFailure: { destination: args.deadLetterQueueArn } },
      },
      { parent: this },
    );
    new EventSourceMapping(
      `${name}-source`,
      {
        eventSourceArn: args.orderQueueArn,
        functionName: live.arn,
        batchSize: settings.batchSize,
        functionResponseTypes: ['ReportBatchItemFailures'],
        scalingConfig: { maximumConcurrency: settings.eventSourceMaximum },
      },
      { parent: this },
    );
    this.functionName = lambda.name;
    this.liveAliasArn = live.arn;
    this.versionOnTrial = routing.onTrial;
    this.registerOutputs({ functionName: this.functionName, liveAliasArn: this.liveAliasArn });
  }
}

import { EventSourceMapping } from '@pulumi/aws/lambda/eventSourceMapping';
import * as pulumi from '@pulumi/pulumi';
import type * as z from 'zod';

import type { deadLetterEnvironmentSchema } from '../contracts/telemetry';
import { deadLetterFunctionPolicy } from './function-policies';
import { QueueFunction, type QueueFunctionArgs } from './queue-function';

/** Seconds one invocation may take. */
const TIMEOUT_SECONDS = 60;

/** How long a taken dead letter stays hidden: AWS's advice is six times the timeout, the requirements say 5 to 15 minutes. */
export const DEAD_LETTER_VISIBILITY_SECONDS = 6 * TIMEOUT_SECONDS;

/** What the dead-letter function is made of. */
export interface DeadLetterFunctionArgs extends Pick<
  QueueFunctionArgs,
  'guard' | 'names' | 'settings' | 'bundle' | 'keyArn' | 'protectLogs'
> {
  readonly deadLetterQueueArn: pulumi.Output<string>;
  readonly archive: { readonly name: pulumi.Output<string>; readonly arn: pulumi.Output<string> };
}

/** The function that classifies, archives and counts dead letters. It takes no business traffic, so it needs no versions. */
export class DeadLetterFunction extends pulumi.ComponentResource {
  readonly functionName: pulumi.Output<string>;

  constructor(name: string, args: DeadLetterFunctionArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:DeadLetterFunction', name, {}, options);
    const { names } = args;
    const environment: Readonly<Record<keyof z.input<typeof deadLetterEnvironmentSchema>, pulumi.Input<string>>> = {
      ARCHIVE_BUCKET: args.archive.name,
      POWERTOOLS_SERVICE_NAME: names.deadLetterFunction,
      POWERTOOLS_METRICS_NAMESPACE: names.metricNamespace,
    };
    const { lambda } = new QueueFunction(
      name,
      {
        ...args,
        functionName: names.deadLetterFunction,
        roleName: names.deadLetterRole,
        logGroupName: names.deadLetterLogGroup,
        memoryMb: 256,
        timeoutSeconds: TIMEOUT_SECONDS,
        publish: false,
        reservedConcurrency: null,
        environment,
        sourceQueueArn: args.deadLetterQueueArn,
        policy: (access) =>
          pulumi.all([access, args.archive.arn]).apply(([common, archiveArn]) => deadLetterFunctionPolicy({ ...common, archiveArn })),
      },
      { parent: this },
    );
    new EventSourceMapping(
      `${name}-source`,
      {
        eventSourceArn: args.deadLetterQueueArn,
        functionName: lambda.arn,
        batchSize: 10,
        functionResponseTypes: ['ReportBatchItemFailures'],
        // The least AWS accepts: dead letters can wait, orders need the concurrency.
        scalingConfig: { maximumConcurrency: 2 },
      },
      { parent: this },
    );
    this.functionName = lambda.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}

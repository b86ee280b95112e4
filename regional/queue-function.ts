import { LogDataProtectionPolicy } from '@pulumi/aws/cloudwatch/logDataProtectionPolicy';
import { LogGroup } from '@pulumi/aws/cloudwatch/logGroup';
import { Function as LambdaFunction } from '@pulumi/aws/lambda/function';
import * as pulumi from '@pulumi/pulumi';

import type { RegionalNames } from '../contracts/names';
import type { RegionalSettings } from '../contracts/regional';
import type { LambdaBundle } from '../layer-kit/lambda-bundle';
import type { PolicyDocument } from '../layer-kit/policy-document';
import type { FunctionAccess } from './function-policies';
import { logProtectionPolicy } from './log-protection-policy';
import { WorkloadRole, type RoleGuard } from './workload-role';

/** What a function fed from a queue is made of. */
export interface QueueFunctionArgs {
  readonly guard: RoleGuard;
  readonly names: RegionalNames;
  readonly settings: RegionalSettings;
  readonly functionName: string;
  readonly roleName: string;
  readonly logGroupName: string;
  readonly bundle: LambdaBundle;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly publish: boolean;
  /** Null: none, the function draws on the account's common pool. */
  readonly reservedConcurrency: number | null;
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  readonly sourceQueueArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string> | null;
  /** The log group and its settings, against deletion and replacement. */
  readonly protectLogs: boolean;
  /** The function's own policy, from what all of them touch. */
  readonly policy: (access: pulumi.Output<FunctionAccess>) => pulumi.Output<PolicyDocument>;
}

/** A Lambda function with its own log group and its own least-privilege role. */
export class QueueFunction extends pulumi.ComponentResource {
  readonly lambda: LambdaFunction;

  constructor(name: string, args: QueueFunctionArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:QueueFunction', name, {}, options);
    const logGroup = this.#logGroup(name, args);
    const access = pulumi
      .all([logGroup.arn, args.sourceQueueArn, args.keyArn ?? null])
      .apply(([logGroupArn, sourceQueueArn, keyArn]): FunctionAccess => ({
        logGroupArn,
        sourceQueueArn,
        keyArn,
        tracing: args.settings.tracing,
      }));
    const role = new WorkloadRole(
      name,
      {
        guard: args.guard,
        roleName: args.roleName,
        path: args.names.rolePath,
        service: 'lambda.amazonaws.com',
        policy: args.policy(access),
      },
      { parent: this },
    );
    this.lambda = new LambdaFunction(
      `${name}-function`,
      {
        name: args.functionName,
        // Carries the identity of the code: after an `up` the version behind the alias must name the bundle it was made from (AWS.md B3).
        description: `bundle ${args.bundle.digest}`,
        // A tag does not publish; a release id in description or environment would, each time.
        tags: { Version: args.bundle.digest.slice(0, 32) },
        code: new pulumi.asset.FileArchive(args.bundle.directory),
        handler: 'index.handler',
        runtime: 'nodejs24.x',
        architectures: ['arm64'],
        memorySize: args.memoryMb,
        timeout: args.timeoutSeconds,
        publish: args.publish,
        role: role.arn,
        environment: { variables: { ...args.environment } },
        loggingConfig: { logFormat: 'JSON', logGroup: logGroup.name, applicationLogLevel: 'INFO', systemLogLevel: 'WARN' },
        tracingConfig: { mode: args.settings.tracing === 'active' ? 'Active' : 'PassThrough' },
        ...(args.reservedConcurrency === null ? {} : { reservedConcurrentExecutions: args.reservedConcurrency }),
        ...(args.keyArn === null ? {} : { kmsKeyArn: args.keyArn }),
      },
      // AWS checks the role's permissions when queues and destinations are connected.
      { parent: this, dependsOn: [role.policy] },
    );
    this.registerOutputs({ functionName: this.lambda.name });
  }

  #logGroup(name: string, args: QueueFunctionArgs): LogGroup {
    const logGroup = new LogGroup(
      `${name}-logs`,
      {
        name: args.logGroupName,
        retentionInDays: args.settings.logRetentionDays,
        ...(args.keyArn === null ? {} : { kmsKeyId: args.keyArn }),
      },
      { parent: this, protect: args.protectLogs },
    );
    new LogDataProtectionPolicy(
      `${name}-log-protection`,
      { logGroupName: logGroup.name, policyDocument: JSON.stringify(logProtectionPolicy(args.functionName)) },
      { parent: this, protect: args.protectLogs },
    );
    return logGroup;
  }
}

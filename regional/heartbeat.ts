import { Schedule } from '@pulumi/aws/scheduler/schedule';
import * as pulumi from '@pulumi/pulumi';

import type { RegionalNames } from '../contracts/names';
import { heartbeatPolicy } from './function-policies';
import { HEARTBEAT_MINUTES, heartbeatOrder } from './heartbeat-order';
import { WorkloadRole, type RoleGuard } from './workload-role';

/** What the heartbeat is made of. */
export interface HeartbeatArgs {
  readonly guard: RoleGuard;
  readonly names: RegionalNames;
  readonly queueArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string> | null;
}

/** A synthetic order every few minutes: a target without customers is still seen to work, and a silent one is found. */
export class Heartbeat extends pulumi.ComponentResource {
  constructor(name: string, args: HeartbeatArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:Heartbeat', name, {}, options);
    const policy = pulumi.all([args.queueArn, args.keyArn ?? null]).apply(([queueArn, keyArn]) => heartbeatPolicy({ queueArn, keyArn }));
    const role = new WorkloadRole(
      name,
      { guard: args.guard, roleName: args.names.schedulerRole, path: args.names.rolePath, service: 'scheduler.amazonaws.com', policy },
      { parent: this },
    );
    new Schedule(
      `${name}-schedule`,
      {
        name: args.names.heartbeatSchedule,
        description: 'sends a synthetic order, so that a silent target is noticed',
        scheduleExpression: `rate(${HEARTBEAT_MINUTES} minutes)`,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: args.queueArn,
          roleArn: role.arn,
          input: heartbeatOrder(),
          // A late heartbeat proves nothing: the next one is due.
          retryPolicy: { maximumEventAgeInSeconds: HEARTBEAT_MINUTES * 60, maximumRetryAttempts: 1 },
        },
      },
      { parent: this, dependsOn: [role.policy] },
    );
    this.registerOutputs({});
  }
}

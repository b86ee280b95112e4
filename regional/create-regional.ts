import { foundationOutputsSchema } from '../contracts/foundation';
import { permissionsBoundaryArn, regionalNames } from '../contracts/names';
import type { RegionalOutputs, RegionalSettings } from '../contracts/regional';
import type { LambdaBundle } from '../layer-kit/lambda-bundle';
import type { ProgramOutputs } from '../layer-kit/program-outputs';
import { protectionOf } from '../layer-kit/protection';
import type { ProgramInput } from '../layer-kit/read-config';
import { targetProvider } from '../layer-kit/target-provider';
import { readUpstream, requireUpstream } from '../layer-kit/upstream';
import { alarmDefinitions } from './alarm-definitions';
import { Archive } from './archive';
import { DataKey } from './data-key';
import { DEAD_LETTER_VISIBILITY_SECONDS, DeadLetterFunction } from './dead-letter-function';
import { Heartbeat } from './heartbeat';
import { MonitoringLink } from './monitoring-link';
import { OrderFunction } from './order-function';
import { OrderQueues } from './order-queues';
import { OrdersTable } from './orders-table';
import { TargetAlarms } from './target-alarms';
import { TargetView } from './target-view';
import type { RoleGuard } from './workload-role';

/** What the program needs beside its configuration. */
export interface RegionalInput extends ProgramInput<RegionalSettings> {
  /** Code of a function of the release, by name. */
  readonly bundle: (name: 'order' | 'dead-letter') => LambdaBundle;
}

/** Makes the order system of one account and region, and exports who and where it is: never a version, digest or threshold. */
export function createRegional(input: RegionalInput): ProgramOutputs<RegionalOutputs> {
  const { config, run } = input;
  const { settings, region } = config;
  const protection = protectionOf(run);
  const account = config.account.id;
  const names = regionalNames(config.fleet, { account, region });
  // Required of every target when it is planned; a hand-written configuration may lack it.
  const environmentName = config.tags.Environment ?? 'prod';
  const foundation = readUpstream(requireUpstream(input, 'foundation'), foundationOutputsSchema);
  const options = { providers: { aws: targetProvider('target', input) } };

  const keyArn =
    settings.encryption === 'customer'
      ? new DataKey(
          'data',
          {
            fleet: config.fleet,
            account,
            region,
            alias: names.keyAlias,
            logGroups: [names.orderLogGroup, names.deadLetterLogGroup],
            protect: protection.data,
          },
          options,
        ).arn
      : null;
  const queues = new OrderQueues(
    'queues',
    { names, settings, deadLetterVisibilitySeconds: DEAD_LETTER_VISIBILITY_SECONDS, keyArn, protect: protection.identity },
    options,
  );
  const { table } = new OrdersTable(
    'orders',
    { tableName: names.ordersTable, deletionProtection: environmentName === 'prod' && protection.data, keyArn, protect: protection.data },
    options,
  );
  const { bucket } = new Archive('archive', { bucketName: names.archiveBucket, keyArn, protect: protection.data }, options);
  const { arn: orderQueueArn } = queues.orderQueue;
  const { arn: deadLetterQueueArn } = queues.deadLetterQueue;
  const guard: RoleGuard = {
    boundaryArn: permissionsBoundaryArn(account, config.deployRole),
    sourceAccount: settings.roleTrust === 'service' ? null : account,
  };
  const common = { guard, names, settings, keyArn, protectLogs: protection.data };

  const order = new OrderFunction(
    'order',
    { ...common, run, environmentName, bundle: input.bundle('order'), orderQueueArn, deadLetterQueueArn, table },
    options,
  );
  const deadLetter = new DeadLetterFunction(
    'dead-letter',
    { ...common, bundle: input.bundle('dead-letter'), deadLetterQueueArn, archive: { name: bucket.bucket, arn: bucket.arn } },
    options,
  );
  if (settings.heartbeat) new Heartbeat('heartbeat', { guard, names, queueArn: orderQueueArn, keyArn }, options);
  const alarms = new TargetAlarms(
    'alarms',
    {
      names,
      definitions: alarmDefinitions(names, settings),
      versionOnTrial: order.versionOnTrial,
      topics: { critical: foundation.topics.critical, warning: foundation.topics.warning },
    },
    options,
  );
  const view = settings.dashboard === 'perTarget' ? new TargetView('view', { names, settings, region }, options) : null;
  // An account cannot link to a sink of its own.
  if (account !== config.accounts.monitoring)
    new MonitoringLink('monitoring', { fleet: config.fleet, sinkArn: foundation.sinkArn }, options);

  return {
    version: 1,
    account,
    region,
    queueUrl: queues.orderQueue.id,
    queueArn: orderQueueArn,
    deadLetterQueueArn,
    tableName: table.name,
    archiveBucket: bucket.bucket,
    functionName: order.functionName,
    liveAliasArn: order.liveAliasArn,
    deadLetterFunctionName: deadLetter.functionName,
    alarms: { ...alarms.composites, children: alarms.children },
    dashboard: view === null ? null : view.dashboardName,
  };
}

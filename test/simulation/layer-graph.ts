import { createHash } from 'node:crypto';

import { regionalNames } from '../../contracts/names';
import type { RegionalSettings } from '../../contracts/regional';
import { versionRouting } from '../../regional/version-routing';
import { SECRET, SIGNATURE } from '../../sandbox/recording-monitor';

import type { GraphProgram } from './graph-engine';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** A secret that the programs give to a resource: no journal, message or report may hold it. */
export const CANARY = 'canary-5fd1a0c97b';

/**
 * The layers in small, for a simulation that runs them many thousand times: outputs, versions and aliases as the programs make them, and
 * only as many resources as that takes. `dashboard: shared` replaces the table.
 */
export const layerGraph: GraphProgram = (job, stack) => {
  const { fleet, region, upstream, account } = job.config;
  const read = digestOf(upstream.map(({ target }) => stack.outputsOf(target) ?? null));
  const marks = { release: job.release.digest.slice(0, 12), settings: settingsMark(job.config.settings) };
  if (job.target.layer !== 'regional') {
    const topic = stack.add({
      type: 'aws:sns/topic:Topic',
      name: 'topic',
      inputs: { name: `${fleet}-${job.target.layer}-${job.target.part}`, tags: { ...marks, upstream: read } },
    });
    return { topic: topic.arn, settings: marks.settings };
  }
  const settings = job.config.settings as RegionalSettings;
  const names = regionalNames(fleet, { account: account.id, region });
  const role = stack.add({
    type: 'aws:iam/role:Role',
    name: 'role',
    inputs: { name: names.orderRole, assumeRolePolicy: TRUST, tags: { upstream: read } },
  });
  const hashKey = settings.dashboard === 'shared' ? 'order' : 'id';
  const table = stack.add({
    type: 'aws:dynamodb/table:Table',
    name: 'table',
    inputs: { name: names.ordersTable, billingMode: 'PAY_PER_REQUEST', hashKey, attributes: [{ name: hashKey, type: 'S' }] },
  });
  const bundle = job.release.manifest.lambdas.order?.digest ?? '';
  const code = stack.add({
    type: 'aws:lambda/function:Function',
    name: 'order',
    inputs: {
      name: names.orderFunction,
      role: role.arn,
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      s3Bucket: 'bundles',
      s3Key: bundle,
      description: `bundle ${bundle}`,
      memorySize: settings.memoryMb,
      publish: job.run.publish,
      environment: { variables: { TOKEN: { [SIGNATURE]: SECRET, value: CANARY } } },
      tags: marks,
    },
    dependsOn: ['role', 'table'],
  });
  const { live, weights } = versionRouting(String(code.version), job.run);
  const alias = stack.add({
    type: 'aws:lambda/alias:Alias',
    name: 'live',
    inputs: {
      name: 'live',
      functionName: names.orderFunction,
      functionVersion: live,
      ...(weights ? { routingConfig: { additionalVersionWeights: weights } } : {}),
    },
    dependsOn: ['order'],
  });
  return {
    version: 1,
    account: account.id,
    region,
    queueUrl: names.orderQueue,
    queueArn: names.orderQueue,
    deadLetterQueueArn: names.deadLetterQueue,
    tableName: table.name,
    archiveBucket: names.archiveBucket,
    functionName: names.orderFunction,
    liveAliasArn: alias.arn,
    deadLetterFunctionName: names.deadLetterFunction,
    alarms: { critical: names.alarm('critical'), warning: names.alarm('warning'), children: [names.alarm('failures')] },
    dashboard: null,
  };
};

/** What marks resources as made from settings. */
export function settingsMark(settings: unknown): string {
  return digestOf(settings);
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

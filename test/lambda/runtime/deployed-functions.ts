import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { buildLambda } from '../../../fleet/release/build-release';
import { findNode24 } from '../../../tools/node24';
import type { RecordedResource, Rendering } from '../../../sandbox/recording-monitor';
import { find, text } from '../../layer-kit/render-layer';
import { renderRegional } from '../../regional/render-regional';
import type { FunctionSetup } from './function-process';
import type { QueueSettings } from './virtual-queue';

const root = resolve(__dirname, '../../..');

/** The two functions as a release and the regional program deploy them. */
export interface DeployedFunctions {
  readonly order: FunctionSetup;
  readonly deadLetter: FunctionSetup;
  readonly orderQueue: QueueSettings;
  readonly deadLetterQueue: QueueSettings;
  readonly tableName: string;
  readonly archiveBucket: string;
}

/** Builds the bundles below `folder` as a release does, and reads how the regional program sets everything up. */
export async function deployedFunctions(folder: string): Promise<DeployedFunctions> {
  const rendering = await renderRegional();
  const order = await deployed(rendering, folder, 'order');
  const deadLetter = await deployed(rendering, folder, 'dead-letter');
  return {
    order,
    deadLetter,
    orderQueue: queueOf(rendering, 'order'),
    deadLetterQueue: queueOf(rendering, 'dead-letter'),
    tableName: text(find(rendering, 'Table').inputs.name),
    archiveBucket: text(find(rendering, 'Bucket').inputs.bucket),
  };
}

async function deployed(rendering: Rendering, folder: string, name: string): Promise<FunctionSetup> {
  const directory = join(folder, name);
  const { code, map } = await buildLambda(root, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'index.js'), code);
  writeFileSync(join(directory, 'index.js.map'), map);
  const { inputs } = find(rendering, 'Function', `${name}-function`);
  return {
    node: findNode24().path,
    directory,
    handler: text(inputs.handler),
    functionName: text(inputs.name),
    functionVersion: inputs.publish === true ? '8' : '$LATEST',
    memoryMb: Number(inputs.memorySize),
    timeoutSeconds: Number(inputs.timeout),
    variables: (inputs.environment as { readonly variables: Readonly<Record<string, string>> }).variables,
    surroundings: {},
  };
}

function queueOf(rendering: Rendering, name: string): QueueSettings {
  const queue: RecordedResource = find(rendering, 'Queue', `${name}-queue`);
  const { redrivePolicy } = queue.inputs;
  return {
    arn: `arn:aws:sqs:eu-west-1:333333333333:${text(queue.inputs.name)}`,
    visibilitySeconds: Number(queue.inputs.visibilityTimeoutSeconds),
    maxReceiveCount:
      redrivePolicy === undefined ? undefined : (JSON.parse(text(redrivePolicy)) as { readonly maxReceiveCount: number }).maxReceiveCount,
    batchSize: Number(find(rendering, 'EventSourceMapping', `${name}-source`).inputs.batchSize),
  };
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { buildSync } from 'esbuild';

import { runInputsSchema } from '../../../../contracts/target-config';
import { targetSchema } from '../../../../contracts/target';
import { sha256Hex } from '../../../../fleet/digest';
import { openSandboxEngine } from '../../../../fleet/engine/sandbox/open-sandbox-engine';
import type { EngineJob, EngineResult, ReleaseManifest } from '../../../../fleet/ports';
import { organizationSchema } from '../../../../sandbox/organization';

/** What a run of every layer showed. */
export interface ReleaseRun {
  readonly first: EngineResult;
  readonly second: EngineResult;
  readonly broken: readonly (EngineResult & { readonly program: string })[];
  readonly afterwards: EngineResult;
  readonly urls: readonly unknown[];
}

const REGIONAL = `
  import { Provider } from '@pulumi/aws/provider';
  import { Queue } from '@pulumi/aws/sqs/queue';
  import { QueuePolicy } from '@pulumi/aws/sqs/queuePolicy';
  import * as pulumi from '@pulumi/pulumi';
  export = async () => {
    const target = new pulumi.Config('fleet').requireObject<{ account: { id: string }; region: 'eu-west-1' }>('target');
    const provider = new Provider('target', {
      region: target.region,
      assumeRoles: [{ roleArn: 'arn:aws:iam::' + target.account.id + ':role/fleet/deploy' }],
      allowedAccountIds: [target.account.id],
      defaultTags: { tags: { Team: 'commerce' } },
    });
    const queue = new Queue('jobs', { name: 'jobs', visibilityTimeoutSeconds: 60 }, { provider, protect: true });
    const policy = pulumi.jsonStringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: queue.arn, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    });
    new QueuePolicy('policy', { queueUrl: queue.url, policy }, { provider });
    return { url: queue.url, token: pulumi.secret('canary') };
  };`;

const BROKEN: Readonly<Record<string, string>> = {
  throws: `export = async () => { throw new Error('program broke'); };`,
  rejects: `export = async () => { void Promise.reject(new Error('stray rejection')); };`,
  looks: `import * as pulumi from '@pulumi/pulumi'; export = async () => pulumi.runtime.invoke('aws:index/getRegion:getRegion', {});`,
};

/** Bundles programs with the real AWS provider's classes, as a release does, and runs them twice. For a Node process of its own. */
export async function runRelease(): Promise<ReleaseRun> {
  const root = mkdtempSync(join(tmpdir(), 'run-release-'));
  try {
    const release = join(root, 'release');
    for (const [layer, source] of Object.entries({ regional: REGIONAL, ...BROKEN })) bundle(source, join(release, layer));
    const engine = openSandboxEngine({
      organization: organizationSchema.parse({
        id: 'o-sandbox0001',
        managementAccount: '100000000000',
        accounts: [
          { id: '100000000000', name: 'management' },
          { id: '111111111111', name: 'workload' },
        ],
      }),
      directory: join(root, 'sandbox'),
      clock: { now: () => new Date(0), sleep: () => Promise.resolve() },
      promoted: [],
    });
    const run = (layer: string) =>
      engine.run('up', jobOf(layer, release), { signal: new AbortController().signal, onEvent: () => undefined });
    const first = await run('regional');
    const second = await run('regional');
    const broken = [];
    for (const program of Object.keys(BROKEN)) broken.push({ program, ...(await run(program)) });
    const afterwards = await run('regional');
    const { resources } = await engine.inspect(jobOf('regional', release).target);
    await engine.close();
    return { first, second, broken, afterwards, urls: resources.flatMap(({ inputs }) => inputs.queueUrl ?? []) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function bundle(source: string, directory: string): void {
  mkdirSync(directory, { recursive: true });
  buildSync({
    stdin: { contents: source, resolveDir: resolve('.'), loader: 'ts' },
    outfile: join(directory, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['@pulumi/pulumi', '@pulumi/pulumi/*'],
    logLevel: 'silent',
  });
}

/** Each attempt is another one, as in a rollout. */
let attempts = 0;

function manifestOf(layer: string, directory: string): ReleaseManifest {
  const digest = sha256Hex(readFileSync(join(directory, layer, 'index.js')));
  return { version: 1, layers: { [layer]: { digest, lambdas: [] } }, lambdas: {}, providerVersion: '7.48.0' };
}

function jobOf(layer: string, directory: string): EngineJob {
  const target = targetSchema.parse(`${layer}/111111111111/eu-west-1`);
  return {
    id: `rollout-1/${target.id}#${(attempts += 1)}`,
    target,
    release: { digest: 'd1', directory, manifest: manifestOf(layer, directory) },
    config: {
      version: 1,
      fleet: 'orders',
      target: target.id,
      account: { id: target.account, name: 'workload', unit: 'Workloads/Prod' },
      region: target.region,
      part: 1,
      homeRegion: target.region,
      organizationId: 'o-sandbox0001',
      accounts: { shared: target.account, monitoring: target.account },
      deployRole: 'fleet/deploy',
      tags: {},
      upstream: [],
      settings: {},
    },
    run: runInputsSchema.parse({}),
    fingerprint: 'f1',
    purpose: 'forward',
  };
}

import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ProductCopy } from '../helpers/product-copy';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, drive, rollOut } from './sandbox-fleet';

/** The account of the story's only regional target. */
const ACCOUNT = '200000000001';

/** One wave, and each target of it tries a new version for as short a while as there is. */
export const onTrial = {
  waves: [{ name: 'all', bake: '1s' }],
  traffic: { canaryPercent: 10, watch: '2s', in: ['all'] },
};

/** What the simulated Lambda itself has of the order function: what an engine's record says is another matter. */
export interface VersionsThere {
  /** The newest published one. */
  readonly published: string;
  readonly live: string;
  /** Share of the version on trial; null: none is on trial. */
  readonly trial: Readonly<Record<string, number>> | null;
  readonly environment: string;
  readonly previous: string;
  /** The code that `live` was published from, and that `$LATEST` has: digests of bundles. */
  readonly liveCode: string;
  readonly latestCode: string;
  /** Versions that another one before them equals. */
  readonly duplicates: readonly string[];
}

interface Put {
  readonly type: string;
  readonly key: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Reads the world of a fleet's sandbox from its files. */
export function versionsThere(fleet: FleetRunner): VersionsThere {
  const world = new Map<string, Put['outputs']>();
  const file = fleet.files().find((path) => path.endsWith(`sandbox/world/${ACCOUNT}.ndjson`)) ?? '';
  for (const line of readFileSync(join(fleet.directory, file), 'utf8').trim().split('\n')) {
    const { put } = JSON.parse(line) as { readonly put?: Put };
    if (put) world.set(`${put.type} ${put.key}`, put.outputs);
  }
  const alias = (name: string) => world.get(`aws:lambda/alias:Alias orders-order:${name}`) ?? {};
  const code = world.get('aws:lambda/function:Function orders-order') ?? {};
  const ledger = code.__versions as readonly { readonly version: string; readonly description: string; readonly digest: string }[];
  const { functionVersion: live, routingConfig } = alias('live');
  const { additionalVersionWeights } = (routingConfig ?? {}) as { readonly additionalVersionWeights?: Readonly<Record<string, number>> };
  return {
    published: ledger.at(-1)?.version ?? '',
    live: String(live),
    trial: additionalVersionWeights ?? null,
    environment: String(alias('prod').functionVersion),
    previous: String(alias('previous').functionVersion),
    liveCode: bundleIn(ledger.find(({ version }) => version === live)?.description),
    latestCode: bundleIn(code.description),
    duplicates: ledger
      .filter(({ digest }, index) => ledger.findIndex((one) => one.digest === digest) < index)
      .map(({ version }) => version),
  };
}

/** Somebody moves `live` to the version that `previous` names, by Lambda's own API: without the fleet, or an engine. */
export function switchBackByHand(fleet: FleetRunner): void {
  const file = join(fleet.directory, fleet.files().find((path) => path.endsWith(`sandbox/world/${ACCOUNT}.ndjson`)) ?? '');
  const puts = readFileSync(file, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { readonly put?: Put }).put); // prettier-ignore
  const last = (name: string) => puts.findLast((put) => put?.type === 'aws:lambda/alias:Alias' && put.key === `orders-order:${name}`);
  const { functionVersion } = last('previous')?.outputs ?? {};
  const live = last('live');
  const moved = { ...live, inputs: { ...live?.inputs, functionVersion }, outputs: { ...live?.outputs, functionVersion } };
  appendFileSync(file, `${JSON.stringify({ put: moved })}\n`);
}

function bundleIn(description: unknown): string {
  return String(description).replace(/^bundle /, '');
}

/** A release with a change in the code of the order function, kept in the fleet's state. */
export async function releaseWith(
  fleet: FleetRunner,
  product: ProductCopy,
  mark: string,
): Promise<{ readonly release: string; readonly code: string }> {
  product.edit('lambda/order/index.ts', 'export ', `export const ${mark} = '${mark}';\nexport `);
  const { result, err } = await fleet.run('build', '--source', product.directory, '--json');
  if (result === undefined) throw new Error(err.join('\n'));
  const { digest, manifest } = result as {
    readonly digest: string;
    readonly manifest: { readonly lambdas: { readonly order: { readonly digest: string } } };
  };
  return { release: digest, code: manifest.lambdas.order.digest };
}

/** Publishes versions until 7 serves, as in AWS.md B2; the fleet has none yet. Another memory size makes each of them. */
export async function untilSevenServes(fleet: FleetRunner): Promise<void> {
  for (const memoryMb of [512, 640, 768, 896, 1152, 1280, 1408]) {
    changeMemory(fleet, memoryMb);
    const { exitCode, err } = await rollOut(fleet);
    if (exitCode !== 0) throw new Error(err.join('\n'));
  }
}

/** The steps of AWS.md B2 from version 7 on, and what Lambda has after each. */
export async function releaseAndTakeBack(fleet: FleetRunner, product: ProductCopy) {
  const old = versionsThere(fleet).liveCode;
  const [eight, nine] = [await releaseWith(fleet, product, 'eight'), await releaseWith(fleet, product, 'nine')];
  const seen: (readonly [string, number, VersionsThere])[] = [];
  const step = async (name: string, ...argv: readonly string[]) => {
    const { exitCode, report } = await drive(fleet, argv);
    seen.push([name, exitCode, versionsThere(fleet)]);
    return report.rollout;
  };
  const rollout = await step('shift', 'rollout', '--yes', '--release', eight.release, '--wait', '0s');
  await step('promote', 'resume');
  await step('again', 'rollout', '--yes', '--release', eight.release);
  await step('rollback', 'rollback', rollout, '--yes');
  await step('next shift', 'rollout', '--yes', '--release', nine.release, '--wait', '0s');
  await step('next promote', 'resume');
  const at = (published: string, live: string, previous: string, liveCode: string, latestCode: string, trial: VersionsThere['trial'] = null) => ({ published, live, environment: live, previous, liveCode, latestCode, trial, duplicates: [] }); // prettier-ignore
  return {
    seen,
    expected: [
      ['shift', 3, at('8', '7', '6', old, eight.code, { '8': 0.1 })],
      ['promote', 0, at('8', '8', '7', eight.code, eight.code)],
      ['again', 0, at('8', '8', '7', eight.code, eight.code)],
      ['rollback', 0, at('8', '7', '6', old, old)],
      ['next shift', 3, at('9', '7', '6', old, nine.code, { '9': 0.1 })],
      ['next promote', 0, at('9', '9', '7', nine.code, nine.code)],
    ],
  };
}

/** `live` moved to `previous` by hand after a release, which the fleet is asked about and then takes back whole. */
export async function switchBackAndSettle(fleet: FleetRunner) {
  changeMemory(fleet, 2048);
  await drive(fleet, ['rollout', '--yes', '--wait', '0s']);
  const { report } = await drive(fleet, ['resume']);
  const released = versionsThere(fleet);
  switchBackByHand(fleet);
  const switched = versionsThere(fleet);
  const drift = await fleet.run('drift');
  const { exitCode } = await drive(fleet, ['rollback', report.rollout, '--yes']);
  const settled = versionsThere(fleet);
  const clean = await fleet.run('drift', '--detailed-exitcode');
  return {
    live: [released.live, switched.live, settled.live],
    previous: [released.previous, switched.previous, settled.previous],
    drift: drift.out.join('\n'),
    exitCodes: [exitCode, clean.exitCode],
    published: settled.published,
  };
}

/** A trial that is aborted: 7 serves alone again, and `$LATEST` has its code. */
export async function tryAndAbort(fleet: FleetRunner, product: ProductCopy) {
  const old = versionsThere(fleet).liveCode;
  const { release, code } = await releaseWith(fleet, product, 'tried');
  const { exitCode } = await drive(fleet, ['rollout', '--yes', '--release', release, '--wait', '0s']);
  const shifted = versionsThere(fleet);
  const aborted = await drive(fleet, ['abort']);
  return {
    seen: [exitCode, shifted, aborted.exitCode, aborted.report.outcome, versionsThere(fleet)],
    expected: [
      3,
      { published: '8', live: '7', environment: '7', previous: '6', liveCode: old, latestCode: code, trial: { '8': 0.1 }, duplicates: [] },
      0,
      'aborted',
      { published: '8', live: '7', environment: '7', previous: '6', liveCode: old, latestCode: old, trial: null, duplicates: [] },
    ],
  };
}

/** What {@link switchBackAndSettle} is to see on any engine. */
export function expectSettled(seen: Awaited<ReturnType<typeof switchBackAndSettle>>): void {
  expect(seen).toMatchObject({ live: ['8', '7', '7'], previous: ['7', '7', '6'], exitCodes: [0, 0], published: '8' });
  expect(seen.drift).toMatch(/order-live +functionVersion/);
}

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

import { findPulumiCli } from '../../fleet/engine/pulumi/cli/find-pulumi-cli';
import type { AuditReport } from '../../fleet/audit/audit-report';
import type { FleetRunner } from '../cli/fleet-runner';
import { planted } from '../cli/planted-violations';
import { describeWithEngine } from '../helpers/engine-tier';

import { askPulumi, pulumiFleet } from './pulumi-fleet';

const root = resolve(__dirname, '../..');
const STACK = 'organization/regional/200000000001.eu-west-1';

async function audit(fleet: FleetRunner) {
  const ran = await fleet.run('audit', '--json');
  return { exitCode: ran.exitCode, report: ran.result as AuditReport };
}

const told = ({ findings }: AuditReport) =>
  findings.map(({ rule, target, resource, found }) => `${rule} ${target} ${resource?.name ?? '-'}: ${found}`);

/** Asks the real CLI what the policy pack says of a state. The language host of the official CLI starts packs; here a script does. */
async function analyze(fleet: FleetRunner, file: string): Promise<{ readonly status: number | null; readonly out: string }> {
  const { path } = await findPulumiCli({ env: process.env });
  const shims = join(fleet.directory, 'shims');
  mkdirSync(shims, { recursive: true });
  const shim = join(shims, 'pulumi-analyzer-policy-nodejs');
  const runner = join(root, 'node_modules/@pulumi/pulumi/cmd/run-policy-pack');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${runner}' "$@"\n`);
  chmodSync(shim, 0o755);
  const args = ['policy', 'analyze', '--policy-pack', join(root, 'policy-pack'), '--file', file, '--non-interactive'];
  const { status, stdout } = spawnSync(path, args, {
    cwd: fleet.directory,
    encoding: 'utf8',
    env: { PATH: `${shims}${delimiter}${process.env.PATH ?? ''}`, HOME: process.env.HOME, PULUMI_SKIP_UPDATE_CHECK: 'true' },
  });
  return { status, out: stdout };
}

interface Exported {
  readonly deployment: { readonly resources: readonly { readonly type: string; readonly outputs?: Record<string, unknown> }[] };
}

describeWithEngine('an audit of what the real engine deployed', () => {
  let fleet: FleetRunner;

  beforeAll(async () => {
    fleet = await pulumiFleet(1);
    expect((await fleet.run('rollout', '--yes')).exitCode).toBe(0);
  }, 120_000);
  afterAll(() => fleet.remove());

  test('finds nothing in a fleet as it was deployed', async () => {
    const { exitCode, report } = await audit(fleet);

    expect([told(report), report.notAudited, exitCode]).toEqual([[], [], 0]);
    expect(report.score).toBe(100);
  }, 60_000);

  test('finds what others changed as the simulated engine does, word for word', async () => {
    const drift = planted.map(([target, on, set]) => ({ target, on, set }));
    fleet.organize((organization) => (organization.drift = drift));
    const real = await audit(fleet);
    const twin = await simulatedTwin(drift);
    fleet.organize((organization) => (organization.drift = []));

    expect(real.report.counts.open).toBeGreaterThan(60);
    expect(told(real.report)).toEqual(told(twin));
  }, 120_000);

  test('and the policy pack, asked by the real CLI, say the same of a state: nothing, or what is wrong with it', async () => {
    const state = JSON.parse(await askPulumi(fleet, 'regional', ['stack', 'export', '--stack', STACK])) as Exported;
    const file = join(fleet.directory, 'state.json');
    writeFileSync(file, JSON.stringify(state));
    const clean = await analyze(fleet, file);
    for (const { type, outputs } of state.deployment.resources)
      if (outputs && type === 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock') outputs.blockPublicAcls = false;
    writeFileSync(file, JSON.stringify(state));
    const open = await analyze(fleet, file);

    expect([clean.status, clean.out]).toEqual([0, expect.stringContaining('order-fleet@v0.1.0')]);
    expect(clean.out).not.toContain('[mandatory]');
    expect(open.status).not.toBe(0);
    expect(open.out).toMatch(/\[mandatory\] \[severity: critical\] {2}bucket-public/);
  }, 60_000);
});

/** What the audit says of the same fleet where our own engine deployed it. */
async function simulatedTwin(drift: readonly object[]): Promise<AuditReport> {
  const twin = await pulumiFleet(1);
  twin.configure((config) => (config.engine = 'sandbox'));
  try {
    expect((await twin.run('rollout', '--yes')).exitCode).toBe(0);
    twin.organize((organization) => (organization.drift = drift));
    return (await audit(twin)).report;
  } finally {
    twin.remove();
  }
}

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FleetRunner } from '../cli/fleet-runner';
import { rollOut } from '../cli/sandbox-fleet';

import { pulumiFleet } from './pulumi-fleet';
import { describeWithEngine } from '../helpers/engine-tier';

describeWithEngine('bad input for the real engine', () => {
  const TARGETS = 3;
  const environment = { ...process.env };
  const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

  let fleet: FleetRunner;

  beforeEach(async () => {
    fleet = await pulumiFleet(1);
  });
  afterEach(() => {
    process.env = { ...environment };
    fleet.remove();
  });

  /** Lines that complain, without what fleet.yaml is warned about. */
  const complaints = (err: readonly string[]) => err.filter((line) => !line.startsWith('warning: '));

  test('a CLI that is too old is refused with its version and what to do', async () => {
    const old = join(fleet.directory, 'pulumi');
    writeFileSync(old, '#!/bin/sh\necho v3.100.0\n');
    chmodSync(old, 0o755);
    process.env.FLEET_PULUMI = old;
    const { exitCode, err } = await fleet.run('rollout', '--yes');

    expect([exitCode, complaints(err)]).toEqual([1, [matching(/^pulumi\/cli-too-old: .*3\.100\.0/)]]);
  });

  test('a backend that is not there is named, with what to do', async () => {
    fleet.configure((config) => (config.backend = 'file:///nowhere/at/all'));
    const { exitCode, err } = await fleet.run('rollout', '--yes');

    expect([exitCode, complaints(err)]).toEqual([
      1,
      [matching(/^pulumi\/backend-unreachable: .*file:\/\/\/nowhere\/at\/all.*no such folder/)],
    ]);
  });

  test('a backend of another fleet is refused before anything is written', async () => {
    const backend = join(fleet.directory, 'shared');
    mkdirSync(backend);
    fleet.configure((config) => (config.backend = 'shared'));
    expect((await rollOut(fleet)).exitCode).toBe(0);
    const other = await pulumiFleet(1);
    other.configure((config) => {
      config.name = 'invoices';
      config.backend = backend;
    });

    const { exitCode, err } = await other.run('rollout', '--yes');
    expect([exitCode, complaints(err)]).toEqual([
      2,
      [matching(/^user\/backend-of-another-fleet: .* belongs to fleet orders, not invoices/)],
    ]);
    other.remove();
  }, 120_000);

  test('a wrong passphrase fails each target with one line and changes nothing', async () => {
    process.env.PULUMI_CONFIG_PASSPHRASE = 'the right one';
    expect((await rollOut(fleet)).report.counts).toMatchObject({ succeeded: TARGETS });
    fleet.configure((config) => (config.order.memoryMb = 512));
    process.env.PULUMI_CONFIG_PASSPHRASE = 'the wrong one';
    const { exitCode, report, out, err } = await rollOut(fleet);

    expect([exitCode, report.counts]).toMatchObject([1, { failed: 1 }]);
    expect(report.targets.flatMap(({ error }) => (error ? [error] : []))).toEqual([
      { code: 'pulumi/wrong-passphrase', message: matching(/incorrect passphrase/), resource: null },
    ]);
    expect([...out, ...err].join('\n')).not.toContain('the wrong one');
  }, 120_000);

  test('a stack that somebody else has locked is left alone, and named', async () => {
    expect((await rollOut(fleet)).exitCode).toBe(0);
    const locks = join(fleet.directory, '.fleet/pulumi/.pulumi/locks/organization/regional/200000000001.eu-west-1');
    mkdirSync(locks, { recursive: true });
    const lock = { pid: 1, username: 'somebody', hostname: 'elsewhere', timestamp: '2026-01-01T00:00:00Z' };
    writeFileSync(join(locks, '0d1e.json'), JSON.stringify(lock));
    fleet.configure((config) => (config.order.memoryMb = 512));
    const { exitCode, report } = await rollOut(fleet);

    expect([exitCode, report.targets.flatMap(({ error }) => (error ? [error] : []))]).toEqual([
      1,
      [expect.objectContaining({ code: 'pulumi/locked', message: matching(/locked by somebody@elsewhere, pid 1, since 2026-01-01/) })],
    ]);
    expect(fleet.files()).toContain('.fleet/pulumi/.pulumi/locks/organization/regional/200000000001.eu-west-1/0d1e.json');
  }, 120_000);
});

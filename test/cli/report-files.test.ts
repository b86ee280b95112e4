import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { changeMemory, drive, sandboxFleet } from './sandbox-fleet';

const fleets = sandboxFleet({ accounts: 1 });
const plain = (digest: string) => expect.stringContaining(digest) as string;

test('rollout, resume and rollback leave their report in every form, also of a rollout that waits', async () => {
  const fleet = fleets.deployed();
  const reports = join(fleet.directory, 'reports');
  const kept = () => JSON.parse(readFileSync(join(reports, 'rollout.json'), 'utf8')) as Record<string, unknown>;
  fleet.changeWave('canary', { approval: 'required' });
  changeMemory(fleet, 512);

  const waits = await drive(fleet, ['rollout', '--yes', '--report', 'reports']);
  expect([waits.exitCode, kept()]).toEqual([3, waits.report]);
  await fleet.run('approve');
  const ended = await drive(fleet, ['resume', '--report', 'reports']);
  expect([ended.exitCode, kept()]).toEqual([0, ended.report]);
  expect(readFileSync(join(reports, 'rollout.junit.xml'), 'utf8')).toContain('<testsuite name="canary"');
  expect(readFileSync(join(reports, 'rollout.html'), 'utf8')).toContain('<!doctype html>');
  expect(readFileSync(join(reports, 'rollout.csv'), 'utf8')).toContain('regional/200000000001/eu-west-1');

  // One that has ended is told again.
  const again = await drive(fleet, ['resume', '--report', 'again']);
  expect(JSON.parse(readFileSync(join(fleet.directory, 'again', 'rollout.json'), 'utf8'))).toEqual(again.report);
  const back = await drive(fleet, ['rollback', '--yes', '--report', 'reports']);
  expect([back.report.purpose, kept()]).toEqual(['rollback', back.report]);
}, 60_000);

test('a folder that is a file is refused before anything is changed', async () => {
  const fleet = fleets.built();
  writeFileSync(join(fleet.directory, 'taken'), '');

  const { exitCode, err } = await fleet.run('rollout', '--yes', '--report', 'taken');
  expect([exitCode, err.at(-1)]).toEqual([2, expect.stringMatching(/^user\/report-directory: --report taken cannot be written to/)]);
  expect((await fleet.run('status')).exitCode).toBe(2);
}, 60_000);

test('a plan is rolled out by the digest that was approved, and another file is refused', async () => {
  const fleet = fleets.built();
  const { result } = await fleet.run('plan', '-o', 'plan.json', '--json');
  const { digest } = result as { readonly digest: string };
  const other = 'f'.repeat(64);

  expect(await fleet.run('rollout', 'plan.json', '--yes', '--digest', other)).toMatchObject({
    exitCode: 2,
    err: [plain(`user/another-plan: plan.json holds plan ${digest}, and ${other} is to be rolled out`)],
  });
  expect(await fleet.run('rollout', '--yes', '--digest', digest)).toMatchObject({ exitCode: 2, err: [plain('is of a plan in a file')] });
  expect(await fleet.run('rollout', 'plan.json', '--yes', '--digest', '')).toMatchObject({ exitCode: 2, err: [plain('is no digest of a plan')] }); // prettier-ignore
  expect(existsSync(join(fleet.directory, '.fleet', 'rollouts'))).toBe(false);
  expect((await fleet.run('rollout', 'plan.json', '--yes', '--digest', digest)).exitCode).toBe(0);
}, 60_000);

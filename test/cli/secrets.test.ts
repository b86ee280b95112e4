import { readFileSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { FleetRunner } from './fleet-runner';
import { idsWith, rollOut, drive, sandboxFleet } from './sandbox-fleet';
import type { Ran } from './running-fleet';

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const PAGER = 'PAGER_URL';
const FOUNDATION = 'foundation/100000000002/eu-west-1';
const OLD = 'https://pager.example/canary-0ld-5f0c9e';
const NEW = 'https://pager.example/canary-n3w-77aa01';

const fleets = sandboxFleet({
  accounts: 1,
  onlyBuilt: true,
  configure: (fleet) => (fleet.alerts = { critical: [{ https: { env: PAGER } }] }),
});

const base = new FleetRunner('worker');
let copies: FleetRunner[] = [];
beforeAll(async () => {
  set(OLD);
  expect((await rollOut(base.copyFrom(fleets.built()))).exitCode).toBe(0);
}, 60_000);
afterEach(() => {
  delete process.env[PAGER];
  copies.forEach((copy) => copy.remove());
  copies = [];
});
afterAll(() => base.remove());

function set(value: string): void {
  process.env[PAGER] = value;
}

/** Deployed with the old value, which is still set. */
function deployed(): FleetRunner {
  set(OLD);
  const copy = new FleetRunner('worker').copyFrom(base);
  copies.push(copy);
  return copy;
}

/** What a value would be found by: itself, and what everybody can compute of it, whole or cut short. */
function tracesOf(value: string): readonly string[] {
  const hashes = [value, JSON.stringify(value)].map((text) => createHash('sha256').update(text).digest('hex').slice(0, 16));
  return [value, value.slice(-12), ...hashes];
}

function everyFile(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'latin1')]);
}

const approveAndGoOn = async (fleet: FleetRunner, told: Ran[]) => {
  told.push(await fleet.run('approve', '--wave', 'foundation/eu-west-1'));
  const done = await drive(fleet, ['resume']);
  told.push(done);
  return done;
};

describe('a rotated secret', () => {
  test('is a change that a person must approve, is deployed, and is found nowhere', async () => {
    const fleet = deployed();
    const told: Ran[] = [];
    const tell = async (...argv: readonly string[]) => {
      const ran = await fleet.run(...argv);
      told.push(ran);
      return ran;
    };
    expect((await tell('plan', '--detailed-exitcode')).exitCode).toBe(0);

    set(NEW);
    const plan = await tell('plan', '--json', '--preview', '-o', join(fleet.directory, 'plan.json'));
    expect(plan.result).toMatchObject({
      waves: [
        {
          name: 'foundation/eu-west-1',
          targets: [{ id: FOUNDATION, reasons: ['secret'], details: [`secret ${PAGER} has another value`] }],
        },
        {},
        {},
      ],
      irreversible: [{ target: FOUNDATION, op: 'change', type: 'secret variable', urn: PAGER }],
    });
    expect((await tell('plan')).out.join('\n')).toMatch(/foundation\/eu-west-1 .*when approved.*there is no way back/);

    const held = await rollOut(fleet, join(fleet.directory, 'plan.json'));
    told.push(held);
    expect([held.exitCode, held.report.waiting?.reason]).toEqual([
      3,
      `cannot be undone: change of secret variable ${PAGER} on ${FOUNDATION}`,
    ]);
    const done = await approveAndGoOn(fleet, told);
    expect([done.exitCode, idsWith(done.report, 'succeeded')]).toEqual([0, [FOUNDATION]]);
    expect(done.report.targets.find(({ id }) => id === FOUNDATION)?.changes).toMatchObject({ replace: 1 });
    expect((await tell('plan', '--detailed-exitcode')).exitCode).toBe(0);
    for (const verb of [['status'], ['report'], ['report', '--format', 'csv'], ['show', FOUNDATION], ['drift'], ['audit']])
      await tell(...verb);

    const texts = [...everyFile(fleet.directory), ['the output', JSON.stringify(told)] as const];
    for (const [where, text] of texts)
      for (const trace of [OLD, NEW].flatMap(tracesOf)) expect([where, text.includes(trace) ? trace : null]).toEqual([where, null]);
  }, 60_000);

  test('that is not there is told by a plan, and refused by what would need it, with its name and its targets', async () => {
    const fleet = deployed();
    const before = fleet.contents();
    delete process.env[PAGER];

    const plan = await fleet.run('plan', '--json');
    expect([plan.exitCode, plan.result]).toEqual([
      0,
      expect.objectContaining({
        counts: { total: 3, changed: 0, unchanged: 3, blocked: 0 },
        warnings: expect.arrayContaining([
          expect.objectContaining({ code: 'secret-not-known', message: matching(/^secret: not known: PAGER_URL is not set/) }),
        ]) as unknown,
      }),
    ]);
    const refused = matching(/^user\/secret-missing: PAGER_URL, a secret of foundation\/100000000002\/eu-west-1, is not set: set it/);
    const rollout = await fleet.run('rollout', '--yes');
    expect([rollout.exitCode, rollout.err]).toEqual([2, [refused]]);
    const doctor = await fleet.run('doctor');
    expect([doctor.exitCode, doctor.out.join('\n')]).toEqual([
      1,
      matching(/secret variables +failed +user\/secret-missing: PAGER_URL, a secret of foundation/),
    ]);
    const preflight = await fleet.run('preflight');
    expect([preflight.exitCode, preflight.out.join('\n')]).toEqual([
      1,
      matching(/FAILED +secrets +foundation\/100000000002\/eu-west-1 .*PAGER_URL is not set/),
    ]);
    expect((await fleet.run('plan', '--layer', 'regional')).out.join('\n')).not.toContain('not known');
    expect((await fleet.run('rollout', '--yes', '--layer', 'regional')).exitCode).toBe(0);
    const gone = Object.keys(before).filter((file) => file.includes('secrets/') && fleet.contents()[file] !== before[file]);
    expect(gone).toEqual([]);
  }, 60_000);

  test('makes a plan that did not know it outdated, and says so', async () => {
    const fleet = deployed();
    delete process.env[PAGER];
    const file = join(fleet.directory, 'plan.json');
    await fleet.run('plan', '-o', file);
    set(NEW);

    const { exitCode, err } = await fleet.run('rollout', file, '--yes');
    expect([exitCode, err.at(-1)]).toEqual([2, matching(/^user\/plan-outdated: .* is outdated, as it was made without knowing PAGER_URL/)]);
  }, 60_000);

  test('holds up a rollout that waits: neither without it nor with another value does it go on', async () => {
    const fleet = deployed();
    set(NEW);
    expect((await rollOut(fleet)).exitCode).toBe(3);

    delete process.env[PAGER];
    const without = await fleet.run('resume');
    expect([without.exitCode, without.err]).toEqual([2, [matching(/^user\/secret-missing: PAGER_URL, a secret of foundation/)]]);
    set(`${NEW}-2`);
    const other = await fleet.run('resume');
    expect([other.exitCode, other.err]).toEqual([
      2,
      [matching(/^user\/secret-changed: PAGER_URL.* has another value than .* fleet abort/)],
    ]);
    set(NEW);
    expect((await approveAndGoOn(fleet, [])).report.outcome).toBe('succeeded');
  }, 60_000);

  test('of a deployment from before there were digests is no change, and is known from the next one on', async () => {
    const fleet = deployed();
    const strip = (text: string) => text.replaceAll(/,"secrets":\{"PAGER_URL":"[0-9a-f]{64}"\}/g, '');
    fleet.edit('.fleet/records.json', (text) => {
      const open = strip(text.replace(/,"checksum":"[0-9a-f]{64}"\}\n$/, '}'));
      return `${open.slice(0, -1)},"checksum":"${createHash('sha256').update(open).digest('hex')}"}\n`;
    });
    set(NEW);
    expect((await fleet.run('plan', '--detailed-exitcode')).exitCode).toBe(0);

    expect((await rollOut(fleet, '--redeploy', '--layer', 'foundation')).report.outcome).toBe('succeeded');
    set(OLD);
    expect((await fleet.run('plan')).out.join('\n')).toContain(`secret ${PAGER} has another value`);
  }, 60_000);
});

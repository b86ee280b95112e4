import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import type { AuditReport } from '../../fleet/audit/audit-report';

import type { FleetRunner } from './fleet-runner';
import { FIRST, planted } from './planted-violations';
import { changeMemory, rollOut, sandboxFleet } from './sandbox-fleet';
import { simulatedWorld } from './simulated-world';

const fleets = sandboxFleet({ accounts: 2 });

async function audit(fleet: FleetRunner, ...flags: readonly string[]) {
  const ran = await fleet.run('audit', '--json', ...flags);
  return { ...ran, report: ran.result as AuditReport };
}

const told = ({ findings }: AuditReport) => findings.map(({ rule, target, resource }) => `${rule} ${target} ${resource?.name ?? '-'}`);

describe('fleet audit', () => {
  test('finds nothing in a fleet as it was deployed, nor after another rollout', async () => {
    const fleet = fleets.deployed();
    const { exitCode, report } = await audit(fleet);

    expect(told(report)).toEqual([]);
    expect(report).toMatchObject({ version: 1, score: 100, counts: { targets: 4, notAudited: 0, open: 0, accepted: 0 }, notAudited: [] });
    expect(exitCode).toBe(0);
    changeMemory(fleet, 512);
    expect((await rollOut(fleet)).exitCode).toBe(0);
    expect(told((await audit(fleet)).report)).toEqual([]);
  });

  test('finds every one of a row of planted violations, at its place and nowhere else', async () => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => (organization.drift = planted.slice(0, 0)));
    const missed: string[] = [];
    for (const [target, on, set, expected] of planted) {
      fleet.organize((organization) => (organization.drift = [{ target, on, set }]));
      const { exitCode, report } = await audit(fleet);
      const [rule = '', name = ''] = expected.split(' ');
      if (!told(report).includes(`${rule} ${target} ${name}`) || exitCode !== 1) missed.push(`${expected}: ${told(report).join('; ')}`);
      if (report.findings.some((finding) => finding.target !== target)) missed.push(`${expected}: found elsewhere`);
    }

    expect(missed).toEqual([]);
    expect(new Set(planted.map(([, , , expected]) => expected.split(' ')[0])).size).toBeGreaterThanOrEqual(25);
  }, 120_000);

  test('finds what is gone, and that an alarm is missing with it', async () => {
    const fleet = fleets.deployed();
    const world = simulatedWorld(fleet);
    const place = { account: accountIdSchema.parse('200000000001'), region: regionSchema.parse('eu-west-1'), organizationId: '' };
    const alarm = world.find('aws:cloudwatch/metricAlarm:MetricAlarm', 'orders-dead-letters', place);
    if (!alarm) throw new Error('there is no such alarm');
    world.remove(alarm);
    const { exitCode, report } = await audit(fleet);

    expect(told(report)).toEqual([`alarm-missing ${FIRST} -`, `resource-gone ${FIRST} dead-letters`]);
    expect(exitCode).toBe(1);
  });

  test('finds log groups that belong to nothing, and versions that nothing needs', async () => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => {
      organization.foreign = [
        { on: 'aws:cloudwatch/logGroup:LogGroup', name: '/aws/lambda/orders-order', account: '200000000001', region: 'eu-west-1' },
      ];
    });
    for (const memory of [256, 512, 768, 896]) {
      changeMemory(fleet, memory);
      expect((await rollOut(fleet, '--account', '200000000001')).exitCode).toBe(0);
    }
    const { report } = await audit(fleet);

    expect(told(report)).toEqual([`log-group-unused ${FIRST} -`, `versions-unused ${FIRST} -`]);
    expect(report.findings.map(({ found }) => found)).toEqual([
      'log group /aws/lambda/orders-order belongs to no deployed function',
      expect.stringMatching(/^\d+ published versions that nothing needs: 1/),
    ]);
    expect((await fleet.run('audit', '--fail-on', 'medium')).exitCode).toBe(0);
  }, 60_000);

  test('goes by a baseline: what is accepted counts no more, until its day is over', async () => {
    const fleet = fleets.deployed();
    fleet.organize(
      (organization) =>
        (organization.drift = [{ target: FIRST, on: 'aws:dynamodb/table:Table', set: { deletionProtectionEnabled: false } }]),
    );
    const file = join(fleet.directory, 'audit-baseline.yaml');
    const accept = ['--write-baseline', file, '--owner', 'ann', '--reason', 'moves in spring'] as const;
    const refused = await fleet.run('audit', ...accept);
    const written = await fleet.run('audit', ...accept, '--expires', '2099-01-31');
    const again = await audit(fleet);
    const text = (await fleet.run('audit')).out.join('\n');

    expect([refused.exitCode, refused.err]).toEqual([2, [expect.stringContaining('--write-baseline needs --expires')]]);
    expect(written.exitCode).toBe(1);
    expect(readFileSync(file, 'utf8')).toContain('owner: ann');
    expect(again.exitCode).toBe(0);
    expect(again.report).toMatchObject({ score: 100, counts: { open: 0, accepted: 2 }, baseline: { file, unused: [] } });
    expect(text).toMatch(/table-deletion .*orders-table .* ann +2099-01-31 +moves in spring/);

    fleet.edit('audit-baseline.yaml', (yaml) => yaml.replaceAll('2099-01-31', '2026-01-31'));
    const lapsed = await audit(fleet);
    expect(lapsed.exitCode).toBe(1);
    expect(lapsed.report.findings[0]).toMatchObject({ accepted: null, lapsed: { owner: 'ann', expires: '2026-01-31' } });

    fleet.organize((organization) => (organization.drift = []));
    const mended = await audit(fleet);
    expect(mended.report.baseline.unused.map(({ rule }) => rule)).toEqual(['drift', 'table-deletion']);
    expect(mended.exitCode).toBe(0);
  });

  test('never takes for clean what it could not look at', async () => {
    const fleet = fleets.deployed();
    fleet.plant({ target: FIRST, kind: 'role-missing' });
    const { exitCode, report } = await audit(fleet);

    expect(exitCode).toBe(1);
    expect(report.counts).toMatchObject({ targets: 4, notAudited: 1, open: 0 });
    expect(report.notAudited).toEqual([
      { target: FIRST, what: 'the stack', reason: expect.stringContaining('fleet/orders/orders-deploy') as string },
    ]);
    expect((await fleet.run('audit')).out.join('\n')).toContain('1 NOT AUDITED');
  });

  test('takes a stack that is lost for not audited, and not for clean', async () => {
    const fleet = fleets.deployed();
    rmSync(join(fleet.directory, '.fleet/sandbox/stacks'), { recursive: true });
    const { exitCode, report } = await audit(fleet);

    expect(exitCode).toBe(1);
    expect(report.counts).toMatchObject({ targets: 4, notAudited: 4 });
    expect(report.notAudited[0]?.reason).toContain('its stack is not there');
    expect(report.score).toBeNull();
  });

  test('changes nothing of what is deployed or recorded but the memory of its findings', async () => {
    const fleet = fleets.deployed();
    const before = fleet.contents();
    await fleet.run('audit');
    const after = fleet.contents();
    const changed = Object.keys({ ...before, ...after }).filter((file) => before[file] !== after[file]);

    expect(changed.map((file) => file.replace(/\/[0-9]+$/, ''))).toEqual([expect.stringContaining('audit-seen.json')]);
  });

  test.each<readonly [readonly string[], string]>([
    [['--fail-on', 'worst'], 'worst'],
    [['--drift-days', '-1'], '--drift-days -1 is not a whole number'],
    [['--owner', 'ann'], '--owner says something of --write-baseline only'],
    [['--write-baseline', 'x.yaml', '--owner', 'ann', '--reason', 'x', '--expires', '2020-01-01'], '--expires 2020-01-01 is over'],
    [['--write-baseline', 'x.yaml', '--owner', 'ann', '--reason', 'x', '--expires', '2026-02-30'], '--expires 2026-02-30 is not a day'],
    [['--baseline', 'nowhere.yaml'], 'does not exist'],
    [['--only', 'failed'], '--only failed'],
    [['--account', '999999999999'], '999999999999'],
  ])('refuses %j, naming the value, and touches nothing', async (flags, value) => {
    const fleet = fleets.deployed();
    const before = fleet.contents();
    const { exitCode, err } = await fleet.run('audit', ...flags);

    expect([exitCode, err]).toEqual([2, [expect.stringContaining(value)]]);
    expect(fleet.contents()).toEqual(before);
    expect(existsSync(join(fleet.directory, 'x.yaml'))).toBe(false);
  });

  test('lists its rules without looking at anything', async () => {
    const { exitCode, out } = await fleets.built().run('audit', '--rules');

    expect(exitCode).toBe(0);
    expect(out.join('\n')).toMatch(/bucket-public +critical/);
  });
});

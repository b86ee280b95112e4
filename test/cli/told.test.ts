import { changeMemory, drive, idsWith, memoryOf, rollOut, sandboxFleet, waveOf } from './sandbox-fleet';

const id = (number: number) => `regional/20000000000${number}/eu-west-1`;
const fleets = sandboxFleet({ accounts: 4 });

/** A fleet whose canary is three targets, of which the second turns red with the new release. */
function redSecond(...faults: readonly Record<string, unknown>[]) {
  const fleet = fleets.deployed();
  fleet.changeWave('canary', { pick: { count: 3 } });
  fleet.plant({ target: id(2), kind: 'alarm', release: 'new' }, ...faults);
  changeMemory(fleet, 512);
  return fleet;
}

test('a rollback is told with its cause, the guilty first, in counts that add up, and with what to do next', async () => {
  const fleet = redSecond();
  const { report } = await rollOut(fleet);
  expect(report.outcome).toBe('rolled_back');
  expect(report.targets.find((target) => target.id === id(2))?.cause).toMatchObject({
    own: true,
    wave: 'canary',
    code: 'fleet/gate-failed',
  });
  expect(report.targets.find((target) => target.id === id(1))?.cause).toMatchObject({ own: false, wave: 'canary', alarms: [] });
  expect(waveOf(report, 'canary')).toMatchObject({ counts: { total: 3, rolled_back: 3 }, red: expect.arrayContaining([expect.objectContaining({ target: id(2) })]) as unknown }); // prettier-ignore

  const text = (await fleet.run('report')).out.join('\n');
  expect(text).toMatch(/^WAVE +TARGETS +OK +FAILED +ROLLED BACK +CANCELLED +SECONDS +NOTE$/m);
  expect(text).toMatch(/^canary +3 +0 +0 +3 +0 /m);
  expect(text).toMatch(/^rest\/eu-west-1 +1 +0 +0 +0 +1 /m);
  expect(text).toMatch(
    /went wrong:\n {2}regional\/200000000002\/eu-west-1 \(.*\) rolled back: fleet\/gate-failed: its alarms .*orders-order-failures.* were red since/,
  );
  expect(text).toMatch(/\nnext: read .*docs\/runbooks\/order-failures.md.*\nnext: then fleet rollout goes on/);

  const csv = (await fleet.run('report', '--format', 'csv')).out.join('\n').split('\n');
  expect(csv[1]).toMatch(/,regional\/200000000002\/eu-west-1,.*,rolled_back,.*,fleet\/gate-failed,"its alarms /);
  const junit = (await fleet.run('report', '--format', 'junit')).out.join('\n');
  expect(junit).toMatch(
    /<testsuite name="canary".*\n.*name="regional\/200000000002.*<failure type="rolled_back" message="fleet\/gate-failed: its alarms /,
  );
}, 60_000);

test('what could not be brought back counts as failed, and the rollback that is advised brings it back', async () => {
  const fleet = redSecond({ target: id(1), kind: 'update-fails', phase: 'rollback' });
  const { report } = await rollOut(fleet);
  expect([report.outcome, idsWith(report, 'rollback_failed')]).toEqual(['rollback_failed', [id(1)]]);
  expect((await fleet.run('status')).out.join('\n')).toMatch(/^canary +3 +0 +1 +2 +0 /m);
  const advised =
    report.next
      .at(-1)
      ?.match(/fleet (rollback \S+)/)?.[1]
      ?.split(' ') ?? [];

  fleet.plant();
  const back = await drive(fleet, [...advised, '--yes']);
  expect([back.exitCode, back.report.outcome, back.report.next]).toEqual([0, 'succeeded', []]);
  expect(await memoryOf(fleet, id(1))).toBe(1024);
}, 60_000);

test('a missing role is told with the preflight that finds it', async () => {
  const fleet = fleets.deployed();
  fleet.plant({ target: id(1), kind: 'role-missing' });
  changeMemory(fleet, 512);
  const { report } = await rollOut(fleet);
  const [first] = report.next;
  expect(first).toMatch(/^fleet preflight --account 200000000001 tells which role/);
  const found = await fleet.run('preflight', '--account', '200000000001');
  expect([found.exitCode, found.out.join('\n')]).toEqual([1, expect.stringMatching(/FAILED +role +regional\/200000000001/)]);
  expect((await fleet.run('status')).out.join('\n')).toMatch(/failed: aws\/AccessDenied: could not be previewed: User: /);
}, 60_000);

test.each([
  [
    'regional/200000000009/eu-west-1',
    /^user\/not-deployed: regional\/200000000009\/eu-west-1 is not deployed; did you mean regional\/20000000000\d\/eu-west-1\?$/,
  ],
  [
    'regional/20000000001/eu-west-1',
    /^user\/invalid-flag: target "regional\/20000000001\/eu-west-1": account id "20000000001" is not 12 digits; did you mean regional\/200000000001\/eu-west-1\?$/,
  ],
  [
    'observability/999999999999/ap-south-1',
    /^user\/not-deployed: .* is not deployed; deployed are foundation\/.* and \d more: `fleet plan --json` lists all targets$/,
  ],
])(
  'show of %s names it, and what it may have been meant to be',
  async (target, message) => {
    const { exitCode, err } = await fleets.deployed().run('show', target);
    expect([exitCode, err.at(-1)]).toEqual([2, expect.stringMatching(message)]);
  },
  60_000,
);

test('names and addresses with / & + < reach every report as text, and change nothing of where things stand', async () => {
  const fleet = fleets.built();
  fleet.organize(({ accounts }) => void Object.assign(accounts.find((one) => one.id === '200000000001') ?? {}, { name: 'r&d/<b>+é', email: 'r&d/a+b@example.com' })); // prettier-ignore
  fleet.configure((config) => (config.alerts = { critical: [{ email: 'r&d/on+call@example.com' }, { email: 'a/b@example.com' }] }));
  const { exitCode, report } = await rollOut(fleet);
  expect([exitCode, report.outcome]).toEqual([0, 'succeeded']);
  const shown = (await fleet.run('show', 'foundation/100000000002/eu-west-1', '--json')).result as { readonly resources: readonly { readonly urn: string; readonly inputs: { readonly endpoint?: string } }[] }; // prettier-ignore
  const mailboxes = shown.resources.filter(({ inputs }) => inputs.endpoint?.includes('@'));
  expect(mailboxes.map(({ inputs }) => inputs.endpoint).sort()).toEqual(['a/b@example.com', 'r&d/on+call@example.com']);
  expect(mailboxes.every(({ urn }) => /::[\w-]+$/.test(urn))).toBe(true);
  for (const format of ['html', 'junit']) {
    const page = (await fleet.run('report', '--format', format)).out.join('\n');
    expect(page).not.toContain('<b>');
    if (format === 'html') expect(page).toContain('r&amp;d/&lt;b&gt;+é');
  }
  expect((await fleet.run('plan')).out.join('\n')).toContain('0 of 6 targets change');
}, 60_000);

test('what has ended is refused in words that fit each request', async () => {
  const fleet = fleets.deployed();
  const said = async (...argv: readonly string[]) => (await fleet.run(...argv)).err.at(-1);
  expect(await said('limits', '--max-concurrent', '1')).toMatch(/has ended \(succeeded\): there are no limits to lower$/);
  expect(await said('pause')).toMatch(/: there is nothing to pause$/);
  expect(await said('abort')).toMatch(/: there is nothing to abort$/);
  expect(await said('approve')).toMatch(/: there is nothing to approve$/);
}, 60_000);

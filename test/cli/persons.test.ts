import { cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { openFleetStore } from '../../fleet/state/fleet-store';
import { postMessage } from '../../fleet/state/inbox';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, codesOf, drive, memoryOf, rollOut, sandboxFleet } from './sandbox-fleet';

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const fleets = sandboxFleet({ accounts: 2 });
const SECOND = 'regional/200000000002/eu-west-1';
const approval = { required: 2, by: ['fleet/approvers', 'leads'], expires: '1h' };

afterEach(() => {
  delete process.env.FLEET_AS;
});

/** Runs a verb as somebody. */
async function as(person: string, fleet: FleetRunner, ...argv: readonly string[]) {
  process.env.FLEET_AS = person;
  const { exitCode, err, out } = await fleet.run(...argv);
  return { exitCode, err: err.join('\n'), out };
}

/** A rollout that somebody has begun, and that waits for two others. */
async function waiting(): Promise<FleetRunner> {
  const fleet = fleets.deployed();
  fleet.changeWave('rest', { approval });
  changeMemory(fleet, 512);
  process.env.FLEET_AS = 'leads/ann';
  expect((await rollOut(fleet)).exitCode).toBe(3);
  return fleet;
}

const rolloutOf = (fleet: FleetRunner) => readdirSync(join(fleet.directory, '.fleet/begun')).sort().at(-1)?.slice(0, -'.json'.length) ?? ''; // prettier-ignore
const inboxOf = (fleet: FleetRunner, id = rolloutOf(fleet)) => join(fleet.directory, '.fleet/rollouts', id, 'inbox');

/** What `resume` tells of the requests that it meets; nothing was deployed by them. */
async function resumed(fleet: FleetRunner) {
  process.env.FLEET_AS = 'leads/ann';
  const { exitCode, out, report } = await drive(fleet, ['resume']);
  expect([exitCode, report.counts.succeeded, await memoryOf(fleet, SECOND)]).toEqual([3, 1, 1024]);
  return { codes: codesOf({ out }), text: out.join('\n') };
}

const approve = (fleet: FleetRunner, by: string) => ({
  ...{ type: 'approve', wave: 'rest', acceptRed: false, expiresAt: '2099-01-01T00:00:00.000Z', by },
  planDigest: (JSON.parse(readFileSync(join(fleet.directory, '.fleet/begun', `${rolloutOf(fleet)}.json`), 'utf8')) as { readonly content: { readonly plan: { readonly digest: string } } }).content.plan.digest, // prettier-ignore
});

/** Whoever may write to the state puts a message there, with the product's own code. */
async function forge(fleet: FleetRunner, message: { readonly id: string; readonly from?: string; readonly by: string }): Promise<void> {
  const store = await openFleetStore(join(fleet.directory, '.fleet'), 'orders');
  await postMessage(store.objects, store.rolloutPrefix(rolloutOf(fleet)), message);
}

describe('a wave that needs two persons of named roles', () => {
  test('is told by the plan, waits for both, tells who has approved and who is missing, and goes on by the second', async () => {
    const other = fleets.deployed();
    other.changeWave('rest', { approval });
    changeMemory(other, 512);
    const planned = await other.run('plan');
    const fleet = await waiting();
    expect(planned.out.join('\n')).toMatch(
      /when approved by 2 different persons of role fleet\/approvers or leads, not the one who began it/,
    );
    expect(await as('approvers/bob', fleet, 'approve')).toMatchObject({ exitCode: 0 });
    const { report } = await drive(fleet, ['status']);
    expect(report.waiting).toMatchObject({
      for: 'person',
      reason: matching(/wave rest needs approval by 2 different persons .*: approvers\/bob has approved, 1 more must$/),
      approvals: { required: 2, by: ['fleet/approvers', 'leads'], given: ['approvers/bob'], missing: 1 },
    });
    expect(await as('leads/eve', fleet, 'approve')).toMatchObject({ exitCode: 0 });
    const done = await drive(fleet, ['resume']);
    expect([done.exitCode, done.report.counts.succeeded]).toEqual([0, 2]);
  }, 60_000);

  test.each([
    ['who began it', 'leads/ann', /leads\/ann began this rollout: somebody else must approve it/],
    ['of another role', 'operators/bob', /operators\/bob has role operators, and only fleet\/approvers, leads may approve this wave/],
    ['who approved already', 'leads/eve', /wave rest was approved already, by leads\/eve at /],
  ])(
    'refuses the approval of one %s',
    async (_who, person, message) => {
      const fleet = await waiting();
      await as('leads/eve', fleet, 'approve', '--wave', 'rest');
      const { exitCode, err } = await as(person, fleet, 'approve', '--wave', 'rest');
      expect([exitCode, err]).toEqual([2, matching(message)]);
      expect((await resumed(fleet)).codes).not.toContain('approved');
    },
    60_000,
  );

  test('takes nobody whose role is not known, and no FLEET_AS that is none', async () => {
    const fleet = await waiting();
    delete process.env.FLEET_AS;
    const unknown = await fleet.run('approve');
    expect([unknown.exitCode, unknown.err.join()]).toEqual([2, matching(/tester@here is nobody whose role is known/)]);
    expect(await as('alice', fleet, 'approve')).toMatchObject({
      exitCode: 2,
      err: matching(/^user\/invalid-person: FLEET_AS "alice" is no role and name such as approvers\/alice/),
    });
  }, 60_000);
});

describe('a message of an inbox', () => {
  test('that says that it is by somebody else is refused and named', async () => {
    const fleet = await waiting();
    await forge(fleet, { id: '1', from: 'operators:mallory', ...approve(fleet, 'leads/eve') });
    await forge(fleet, { id: '2', from: 'operators:mallory', ...approve(fleet, 'approvers/bob') });

    const { codes, text } = await resumed(fleet);
    expect(codes).not.toContain('approved');
    expect(text).toMatch(/request rollouts\/.*\/inbox\/operators:mallory\/1\.json is passed over: it says that it is by leads\/eve, and it is among the messages of operators:mallory/); // prettier-ignore
  }, 60_000);

  test("that is among nobody's messages is refused and named", async () => {
    const fleet = await waiting();
    await forge(fleet, { id: '1', ...approve(fleet, 'leads/eve') });

    expect((await resumed(fleet)).text).toMatch(
      /inbox\/1\.json is passed over: it says that it is by leads\/eve, and is among nobody's messages/,
    );
  }, 60_000);

  test('that the requester wrote past the verb does nothing, and says so', async () => {
    const fleet = await waiting();
    await forge(fleet, { id: '1', from: 'leads:ann', ...approve(fleet, 'leads/ann') });

    expect((await resumed(fleet)).text).toMatch(
      /approval by leads\/ann does nothing: leads\/ann began this rollout: somebody else must approve it/,
    );
  }, 60_000);

  test('that was of another plan does nothing, and says so', async () => {
    const fleet = await waiting();
    await forge(fleet, { id: '1', from: 'leads:eve', ...approve(fleet, 'leads/eve'), ...{ planDigest: 'ab'.repeat(32) } });

    expect((await resumed(fleet)).text).toMatch(/approval by leads\/eve does nothing: it is of plan abababababab, and this rollout runs/);
  }, 60_000);

  test('that was given for another rollout and copied is refused and named', async () => {
    const fleet = await waiting();
    const first = rolloutOf(fleet);
    for (const person of ['leads/eve', 'approvers/bob']) await forge(fleet, { id: person.slice(-3), from: person.replace('/', ':'), ...approve(fleet, person) }); // prettier-ignore
    expect(await as('leads/ann', fleet, 'abort')).toMatchObject({ exitCode: 0 });
    changeMemory(fleet, 768);
    process.env.FLEET_AS = 'leads/ann';
    await rollOut(fleet, '--wait', '0s');
    const copied = inboxOf(fleet);
    mkdirSync(dirname(copied), { recursive: true });
    cpSync(inboxOf(fleet, first), copied, { recursive: true });

    expect((await drive(fleet, ['resume'])).out.join('\n')).toMatch(new RegExp(`is passed over: it was written for rollouts/${first}/inbox/`)); // prettier-ignore
    expect(await memoryOf(fleet, SECOND)).toBe(1024);
  }, 60_000);
});

test('one person is enough where the plan does not say whose approval counts, and FLEET_AS is recorded', async () => {
  const fleet = fleets.deployed();
  fleet.changeWave('rest', { approval: 'required' });
  changeMemory(fleet, 512);
  process.env.FLEET_AS = 'leads/ann';
  await rollOut(fleet);
  expect(await as('leads/ann', fleet, 'approve')).toMatchObject({ exitCode: 0 });
  expect((await as('leads/ann', fleet, 'approve')).err).toMatch(/was approved already, by leads\/ann at /);
  expect((await drive(fleet, ['resume'])).exitCode).toBe(0);
}, 60_000);

test.each([
  [{ required: 6 }, /approval\.required must be a whole number from 1 to 5/],
  [{ required: 0 }, /approval\.required must be a whole number from 1 to 5/],
  [{ by: [] }, /approval\.by must name at least one role/],
  [{ by: ['arn:aws:iam::1:role/x'] }, /must be a role path and name such as fleet\/deploy, not an ARN/],
  [{ reqired: 2 }, /reqired/],
  ['maybe', /approval/],
])('approval: %j is refused', async (value, message) => {
  const fleet = fleets.built();
  fleet.changeWave('rest', { approval: value });
  const { exitCode, err } = await fleet.run('plan');
  expect([exitCode, err.join('\n')]).toEqual([2, matching(message)]);
});

import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sha256Hex } from '../../fleet/digest';
import { agreedPlan, type RolloutPlan } from '../../fleet/plan/rollout-plan';
import { beginningBody, type Beginning } from '../../fleet/state/kept-plan';

import { earlierFleet } from './earlier-fleet';
import type { FleetRunner } from './fleet-runner';
import { changeMemory, memoryOf, rollOut, sandboxFleet } from './sandbox-fleet';

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const fleets = sandboxFleet({ accounts: 2 });
const FIRST = 'regional/200000000001/eu-west-1';
const SECOND = 'regional/200000000002/eu-west-1';

const inState = (fleet: FleetRunner, ...path: readonly string[]) => join(fleet.directory, '.fleet', ...path);
const rollouts = (fleet: FleetRunner) => readdirSync(inState(fleet, 'begun')).map((name) => name.slice(0, -'.json'.length)).sort(); // prettier-ignore
const lastOf = (fleet: FleetRunner) => rollouts(fleet).at(-1) ?? '';
const segmentsOf = (fleet: FleetRunner, id: string) => readdirSync(inState(fleet, 'rollouts', id, 'journal')).sort();

/** A fleet whose rollout waits for a person before its last target. */
async function waitingFleet(): Promise<FleetRunner> {
  const fleet = fleets.deployed();
  fleet.changeWave('rest', { approval: 'required' });
  changeMemory(fleet, 512);
  expect((await rollOut(fleet)).exitCode).toBe(3);
  return fleet;
}

/** A beginning as whoever may write to the state, and has the product's own code, would forge it: sealed as it should be. */
function forgeBeginning(fleet: FleetRunner, change: (beginning: Beginning) => Beginning, as = lastOf(fleet)): void {
  const { content } = JSON.parse(readFileSync(inState(fleet, 'begun', `${lastOf(fleet)}.json`), 'utf8')) as { readonly content: Beginning };
  writeFileSync(inState(fleet, 'begun', `${as}.json`), beginningBody(`begun/${as}.json`, change(content)));
}

/** The plan with more memory than anybody agreed to. */
function withMemory(plan: RolloutPlan, memoryMb: number, target = SECOND): RolloutPlan {
  const settings = (planned: RolloutPlan['targets'][number]) => ({ ...(planned.config.settings as object), memoryMb });
  return {
    ...plan,
    targets: plan.targets.map((planned) =>
      planned.target.id === target ? { ...planned, config: { ...planned.config, settings: settings(planned) } } : planned,
    ),
  };
}

async function refused(fleet: FleetRunner, verbs: readonly (readonly string[])[], message: RegExp): Promise<void> {
  for (const argv of verbs) {
    const { exitCode, err } = await fleet.run(...argv);
    expect([argv, exitCode, err.at(-1)]).toEqual([argv, 2, matching(message)]);
  }
}

const drivers = [['approve'], ['resume'], ['status'], ['rollback', '--yes'], ['abort']] as const;

describe('a plan', () => {
  test('whose target has another configuration under an unchanged digest is refused, with the target and the setting', async () => {
    const fleet = await waitingFleet();
    forgeBeginning(fleet, (beginning) => ({ ...beginning, plan: withMemory(beginning.plan, 3008) }));

    await refused(fleet, drivers, /^user\/state-damaged: begun\/.*\.json is damaged: regional\/200000000002\/eu-west-1 is configured otherwise than its plan's digest says \(settings\.memoryMb 512 -> 3008\); restore it/); // prettier-ignore
    const proved = await fleet.run('prove');
    expect([proved.exitCode, proved.out[0]]).toEqual([1, matching(/is damaged:\n {2}begun\/.*settings\.memoryMb 512 -> 3008/)]);
    expect(await memoryOf(fleet, SECOND)).toBe(1024);
  }, 60_000);

  test('of an earlier fleet is refused likewise, by the rule of its time', async () => {
    const fleet = earlierFleet('unfinished');
    const [key] = readdirSync(inState(fleet, 'begun')).sort().slice(-1);
    const { content } = JSON.parse(readFileSync(inState(fleet, 'begun', key ?? ''), 'utf8')) as { readonly content: RolloutPlan };
    const forged = { plan: withMemory(content, 3008), prev: undefined };
    writeFileSync(inState(fleet, 'begun', key ?? ''), beginningBody(`begun/${key}`, forged));

    await refused(fleet, [['resume'], ['abort']], /regional\/200000000002\/eu-west-1 is configured otherwise than its plan's digest says \(settings\.memoryMb 768 -> 3008\)/); // prettier-ignore
    fleet.remove();
  }, 60_000);

  test('in a file whose configuration was changed under an unchanged digest is refused', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    const file = join(fleet.directory, 'plan.json');
    await fleet.run('plan', '-o', file);
    writeFileSync(file, JSON.stringify(withMemory(JSON.parse(readFileSync(file, 'utf8')) as RolloutPlan, 3008)));

    await refused(fleet, [['rollout', file, '--yes']], /^user\/plan-file: plan .* is not what was read: regional\/200000000002\/eu-west-1 is configured otherwise/); // prettier-ignore
  }, 60_000);

  test('that was put, whole and with a digest of its own, under a journal of another one is refused', async () => {
    const fleet = await waitingFleet();
    forgeBeginning(fleet, (beginning) => ({ ...beginning, plan: agreedPlan(withMemory(beginning.plan, 3008)) }));

    await refused(fleet, drivers, /^user\/journal-damaged: journal segment rollouts\/.*\/00000001\.json is damaged: it does not follow the beginning that is there/); // prettier-ignore
    expect(await memoryOf(fleet, SECOND)).toBe(1024);
  }, 60_000);
});

describe('a beginning that nobody began', () => {
  const LATER = '20991231T000000.000-beef';
  test.each<[string, (fleet: FleetRunner) => Beginning['prev'], RegExp]>([
    ['to nothing', () => undefined, /begun\/20991231T000000\.000-beef\.json is damaged: it is linked to no rollout before it, and .* is/],
    ['as the first one', () => null, /-beef\.json is damaged: it says that it is the first rollout, and .* was before it/],
    [
      'to a beginning that is another',
      (fleet) => ({ id: lastOf(fleet), digest: 'ab'.repeat(32), journal: null }),
      /is damaged: it is not as it was when rollout 20991231T000000\.000-beef began/,
    ],
  ])(
    'and that is linked %s is refused',
    async (_how, prevOf, message) => {
      const fleet = fleets.deployed();
      const prev = prevOf(fleet);
      forgeBeginning(fleet, ({ plan }) => ({ plan: agreedPlan(withMemory(plan, 3008)), prev }), LATER);

      await refused(fleet, [['resume'], ['rollout', '--yes']], message);
    },
    60_000,
  );
});

describe('a journal', () => {
  test('whose end was taken away is refused, and the first segment that is missing named', async () => {
    const fleet = fleets.deployed();
    const [first = ''] = rollouts(fleet);
    changeMemory(fleet, 512);
    expect((await rollOut(fleet)).exitCode).toBe(0);
    expect((await fleet.run('prove', first)).exitCode).toBe(0);
    const gone = segmentsOf(fleet, first).slice(-2);
    gone.forEach((name) => rmSync(inState(fleet, 'rollouts', first, 'journal', name)));

    const message = new RegExp(`journal segment rollouts/${first}/journal/${gone[0]} is damaged: it is missing: the journal ended with segment \\d+ when rollout`); // prettier-ignore
    await refused(
      fleet,
      [
        ['status', first],
        ['rollback', first, '--yes'],
      ],
      message,
    );
    const proved = await fleet.run('prove', first, '--json');
    expect([proved.exitCode, proved.result]).toEqual([
      1,
      expect.objectContaining({ proof: 'damaged', damage: [{ key: `rollouts/${first}/journal/${gone[0]}`, message: matching(message) }] }),
    ]);
  }, 60_000);

  test('of the last rollout, too, is known to have ended by its records', async () => {
    const fleet = fleets.deployed();
    const id = lastOf(fleet);
    const last = segmentsOf(fleet, id).at(-1) ?? '';
    rmSync(inState(fleet, 'rollouts', id, 'journal', last));

    const proved = await fleet.run('prove', '--json');
    expect([proved.exitCode, proved.result]).toEqual([
      1,
      expect.objectContaining({ damage: [{ key: `rollouts/${id}/journal/${last}`, message: matching(/it is missing: the rollout has ended/) }] }), // prettier-ignore
    ]);
  }, 60_000);

  test('is whole as it was written, and a changed byte anywhere in it is found and its segment named', async () => {
    const fleet = fleets.deployed();
    const id = lastOf(fleet);
    const whole = await fleet.run('prove', '--json');
    const names = segmentsOf(fleet, id);
    expect([whole.exitCode, whole.result]).toEqual([
      0,
      expect.objectContaining({ version: 1, rollout: id, proof: 'whole', segments: names.length, torn: null, damage: [], head: matching(/^[0-9a-f]{64}$/) }), // prettier-ignore
    ]);

    for (const [index, name] of names.entries()) {
      const file = inState(fleet, 'rollouts', id, 'journal', name);
      const body = readFileSync(file);
      const at = Number.parseInt(sha256Hex(name).slice(0, 6), 16) % body.length;
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(file, changed);
      const { exitCode, result } = await fleet.run('prove', '--json');
      expect([index, at, exitCode, result]).toEqual([index, at, 1, expect.objectContaining({ damage: [{ key: `rollouts/${id}/journal/${name}`, message: matching(/is damaged/) }] })]); // prettier-ignore
      writeFileSync(file, body);
    }
    expect((await fleet.run('prove')).out.join('\n')).toMatch(/^rollout \S+ is whole: \d+ segments with \d+ lines, up to [0-9a-f]{64}$/);
  }, 120_000);

  test('of an earlier fleet is not chained, and said so', async () => {
    const fleet = earlierFleet('ended');
    const { exitCode, out } = await fleet.run('prove');
    expect([exitCode, out[0]]).toEqual([1, matching(/^rollout \S+ is not chained: \d+ segments/)]);
    fleet.remove();
  }, 60_000);
});

describe('a release', () => {
  const releaseOf = (fleet: FleetRunner) => {
    const [digest = ''] = readdirSync(inState(fleet, 'releases')).filter((name) => /^[0-9a-f]{64}$/.test(name));
    return inState(fleet, 'releases', digest);
  };

  test.each<[string, (release: string) => void, RegExp]>([
    [
      'in which a byte has moved to the next file',
      (release) => {
        const [code, map] = ['lambda/order/index.js', 'lambda/order/index.js.map'].map((name) => join(release, name));
        const text = readFileSync(code ?? '');
        writeFileSync(map ?? '', Buffer.concat([text.subarray(-1), readFileSync(map ?? '')]));
        writeFileSync(code ?? '', text.subarray(0, -1));
      },
      /\(lambda\/order\/index\.js is not as it was built\)/,
    ],
    ['with a file that nobody built', (release) => writeFileSync(join(release, 'regional', 'extra.js'), 'x'), /\(regional\/extra\.js is no file of it\)/], // prettier-ignore
    ['with planted code', (release) => writeFileSync(join(release, 'regional', 'index.js'), 'process.exit(7)'), /\(regional\/index\.js is not as it was built\)/], // prettier-ignore
  ])(
    '%s is refused before anything is deployed by it',
    async (_what, attack, message) => {
      const fleet = await waitingFleet();
      expect((await fleet.run('approve')).exitCode).toBe(0);
      attack(releaseOf(fleet));

      await refused(fleet, [['resume'], ['rollout', '--yes'], ['plan']], message);
      expect(await memoryOf(fleet, FIRST)).toBe(512);
      expect(await memoryOf(fleet, SECOND)).toBe(1024);
    },
    60_000,
  );
});

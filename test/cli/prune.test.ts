import type { PrunedTarget } from '../../fleet/report/prune-text';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, codesOf, drive, resourcesOf, rollOut, sandboxFleet } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const SECOND = 'regional/200000000002/eu-west-1';
const fleets = sandboxFleet({ accounts: 2, place: 'worker' });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

interface Pruned {
  readonly counts: Readonly<Record<string, number>>;
  readonly targets: readonly PrunedTarget[];
}

/** A fleet whose functions have five versions: 5 serves, 4 did before. */
async function released(): Promise<FleetRunner> {
  const fleet = fleets.deployed();
  for (const memoryMb of [512, 768, 640, 896]) {
    changeMemory(fleet, memoryMb);
    expect((await rollOut(fleet)).exitCode).toBe(0);
  }
  return fleet;
}

async function prune(fleet: FleetRunner, ...flags: readonly string[]) {
  const ran = await fleet.run('prune', '--json', ...flags);
  return { ...ran, ...(ran.result as Pruned) };
}

const versionsIn = ({ targets }: Pruned, id = FIRST) => {
  const one = targets.find((target) => target.id === id);
  return { kept: one?.kept.map(({ version }) => version), removed: one?.removed };
};

const aliasesOf = async (fleet: FleetRunner, target = FIRST) =>
  Object.fromEntries(
    (await resourcesOf(fleet, target)).flatMap(({ name, type, inputs }) =>
      type.endsWith('/alias:Alias') ? [[name.replace('order-', ''), inputs.functionVersion]] : [],
    ),
  );

describe('fleet prune', () => {
  test('tells what would go and why the rest stays, removes that after a yes, and then finds nothing more', async () => {
    const fleet = await released();
    const dry = await prune(fleet, '--dry-run');
    expect([dry.exitCode, versionsIn(dry), versionsIn(dry, SECOND)]).toEqual([
      0,
      { kept: ['3', '4', '5'], removed: ['1', '2'] },
      { kept: ['3', '4', '5'], removed: ['1', '2'] },
    ]);
    const [third, fourth, fifth] = dry.targets[0]?.kept ?? [];
    expect(third?.why).toEqual([matching(/^taking rollout .* back$/)]);
    expect(fourth?.why).toEqual(['alias previous', 'last good', matching(/^taking rollout/)]);
    expect(fifth?.why).toEqual(['alias live', 'alias prod', 'last good']);

    const refused = await fleet.answer('n', 'prune');
    expect([refused.exitCode, refused.out.at(-1)]).toEqual([1, 'not confirmed: nothing was removed']);
    const done = await prune(fleet, '--yes', '--account', '200000000001');
    expect([done.exitCode, done.counts.removed]).toEqual([0, 2]);
    const after = await prune(fleet, '--yes');
    expect([after.exitCode, versionsIn(after), versionsIn(after, SECOND)]).toEqual([
      0,
      { kept: ['3', '4', '5'], removed: [] },
      { kept: ['3', '4', '5'], removed: ['1', '2'] },
    ]);
    // What is left is all that the next release builds on. A rollout that changes nothing is none that could be taken back.
    expect((await rollOut(fleet)).report.counts).toMatchObject({ total: 4, unchanged: 4 });
    expect(versionsIn(await prune(fleet, '--yes', '--keep', '0'))).toEqual({ kept: ['3', '4', '5'], removed: [] });
    changeMemory(fleet, 1536);
    expect((await rollOut(fleet)).exitCode).toBe(0);
    expect(await aliasesOf(fleet)).toEqual({ live: '6', prod: '6', previous: '5' });
  });

  test('leaves what the last rollout goes back to; an older one publishes the code anew that was pruned', async () => {
    const fleet = await released();
    expect((await prune(fleet, '--yes', '--keep', '0')).counts.removed).toBe(4);
    expect((await drive(fleet, ['rollback', '--yes'])).exitCode).toBe(0);
    expect(await aliasesOf(fleet)).toEqual({ live: '4', prod: '4', previous: '3' });

    const { report } = await drive(fleet, ['status']);
    const rollouts = fleet.files().flatMap((path) => /begun\/(.*)\.json$/.exec(path)?.[1] ?? []).sort(); // prettier-ignore
    expect(rollouts).toHaveLength(6);
    expect(report.rollout).toBe(rollouts.at(-1));
    expect((await drive(fleet, ['rollback', rollouts[1] ?? '', '--yes'])).exitCode).toBe(0);
    expect(await aliasesOf(fleet)).toEqual({ live: '6', prod: '6', previous: '6' });
    const code = (await resourcesOf(fleet, FIRST)).find(({ name }) => name === 'order-function');
    expect(code?.inputs.memorySize).toBe(1024);
  });

  test('tells of a version that AWS does not delete, goes on with the others, and counts on it again', async () => {
    const fleet = await released();
    fleet.plant({ target: FIRST, kind: 'delete-fails', on: 'aws:lambda/function:Function', times: 1 });
    const done = await prune(fleet, '--yes');
    expect([done.exitCode, done.counts]).toEqual([1, { targets: 2, kept: 6, removed: 3, refused: 1, notRead: 0 }]);
    expect(done.targets.find(({ id }) => id === FIRST)?.refused).toEqual([
      { version: '1', code: 'aws/ServiceException', message: matching(/^lambda:DeleteFunction of orders-order in 200000000001 eu-west-1/) },
    ]);
    expect(codesOf(done)).toEqual(['version-not-removed', 'result']);

    const again = await prune(fleet, '--yes');
    expect([again.exitCode, versionsIn(again)]).toEqual([0, { kept: ['3', '4', '5'], removed: ['1'] }]);
  });

  test('is refused while a rollout is unfinished, and where its flags make no sense', async () => {
    const fleet = fleets.deployed();
    fleet.changeWave('canary', { bake: '10m' });
    changeMemory(fleet, 512);
    expect((await rollOut(fleet, '--wait', '0s')).exitCode).toBe(3);
    const ran = await fleet.run('prune', '--yes');
    expect([ran.exitCode, ran.err.join()]).toEqual([1, matching(/^fleet\/unfinished: /)]);

    for (const [flags, message] of [
      [['--keep', 'some'], /^user\/invalid-flag: --keep some/],
      [['--keep', '-1'], /--keep -1/],
      [['--only', 'failed'], /--only failed/],
      [['--layer', 'foundation'], /^user\/filter-matches-nothing: .*2 of them are deployed/],
    ] as const) {
      const bad = await fleet.run('prune', ...flags);
      expect([bad.exitCode, bad.err.join()]).toEqual([2, matching(message)]);
    }
  });

  test('has nothing to say of a target that was destroyed, and of a fleet that is not deployed', async () => {
    const fleet = fleets.deployed();
    expect((await fleet.run('destroy', '--confirm', 'orders', '--account', '200000000001', '--layer', 'regional')).exitCode).toBe(0);
    const done = await prune(fleet, '--yes');
    expect([done.exitCode, done.targets.map(({ id, functionName }) => [id, functionName])]).toEqual([
      0,
      [
        [FIRST, null],
        [SECOND, 'orders-order'],
      ],
    ]);

    const bad = await fleets.built().run('prune');
    expect([bad.exitCode, bad.err.join()]).toEqual([2, matching(/0 of them are deployed/)]);
  });
});

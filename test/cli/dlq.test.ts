import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { LetterCounts, LetterList, RedriveReport } from '../../fleet/dead-letters/letter-report';
import { until } from '../helpers/until';

import type { FleetRunner } from './fleet-runner';
import { skipInWorker } from './running-fleet';
import { codesOf, sandboxFleet } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const SECOND = 'regional/200000000002/eu-west-1';
const fleets = sandboxFleet({ accounts: 2 });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

/** Seconds of the sandbox's clock in which an order that was sent again has had its attempts. */
const ATTEMPTS_SECONDS = 3;

/** A fleet whose targets have lost orders for a time, and lose none any more. */
async function ailed(...targets: readonly string[]): Promise<FleetRunner> {
  const fleet = fleets.deployed();
  plant(fleet, targets);
  await fleet.run('dlq');
  skipInWorker(3);
  await fleet.run('dlq');
  plant(fleet, []);
  return fleet;
}

function plant(fleet: FleetRunner, targets: readonly string[]): void {
  fleet.organize((organization) => (organization.traffic = targets.map((target) => ({ target, deadLetters: 2 }))));
}

const list = async (fleet: FleetRunner, ...flags: readonly string[]) =>
  (await fleet.run('dlq', 'list', '--json', ...flags)).result as LetterCounts;

/** What is at a target, of its one class. */
const at = ({ targets }: LetterCounts, id: string) => {
  const target = targets.find((one) => one.id === id);
  const [one] = target?.state === 'read' ? target.classes : [];
  return { letters: one?.letters ?? 0, redriven: one?.redriven ?? 0 };
};

async function redrive(fleet: FleetRunner, ...flags: readonly string[]) {
  const ran = await fleet.run('dlq', 'redrive', '--class', 'transient', '--rate', '50/s', '--json', ...flags);
  return { ...ran, report: ran.result as RedriveReport };
}

describe('fleet dlq', () => {
  test('tells that there is nothing where nothing was lost', async () => {
    const ran = await fleets.deployed().run('dlq');

    expect(ran).toMatchObject({ exitCode: 0, err: [], out: ['0 dead letters at 0 of 2 targets, 0 of them redriven'] });
  });

  test('tells letters by target and class, and of one target each, and never what they hold', async () => {
    const fleet = await ailed(FIRST);
    const counts = await list(fleet);
    const one = await fleet.run('dlq', 'list', FIRST, '--json');
    const { letters } = one.result as LetterList;

    expect(counts.counts).toMatchObject({ targets: 2, notRead: 0, letters: letters.length, redriven: 0 });
    expect([at(counts, FIRST).letters, at(counts, SECOND).letters]).toEqual([letters.length, 0]);
    expect(letters.length).toBeGreaterThan(4);
    expect(letters[0]).toEqual({
      id: matching(/^[0-9a-f-]{36}$/),
      class: 'transient',
      cause: 'a readable order that was received 5 times: retries ran out',
      archivedAt: matching(/^\d{4}-\d{2}-\d{2}T/),
      begunAt: null,
      redrivenAt: null,
    });
    expect((await fleet.run('dlq', 'list', FIRST)).out.join('\n')).toContain(letters[0]?.id);
    expect(one.out.join('\n')).not.toMatch(/customer-|sku-|sandbox-[0-9a-f]/);
    expect((await list(fleet, '--class', 'unknown')).counts.letters).toBe(0);
    expect((await list(fleet, '--until', '2020-01-01')).counts.letters).toBe(0);
    expect((await list(fleet, '--account', '200000000002')).targets.map(({ id }) => id)).toEqual([SECOND]);
  });

  test('sends so many orders in a run, the oldest, and says how many are left and how to send them', async () => {
    const fleet = await ailed(FIRST, SECOND);
    const all = (await list(fleet)).counts.letters;
    const { exitCode, report } = await redrive(fleet, '--yes', '--limit', '3');

    expect([exitCode, report.limit, report.counts]).toMatchObject([0, 3, { letters: 3, messages: 3, remaining: all - 3 }]);
    const text = (await fleet.run('dlq', 'redrive', '--class', 'transient', '--rate', '50/s', '--yes', '--limit', '2')).out.join('\n');
    expect(text).toContain(`next: fleet dlq redrive --class transient sends the other ${all - 5}, at most 2 orders a run (--limit)`);
    expect(await fleet.run('dlq', 'redrive', '--class', 'transient', '--limit', 'all')).toMatchObject({
      exitCode: 2,
      err: [matching(/^user\/invalid-flag: --limit all/)],
    });
  });

  test('sends nothing in a dry run, nor unless somebody says yes', async () => {
    const fleet = await ailed(FIRST);
    const { letters } = at(await list(fleet), FIRST);
    const dry = await redrive(fleet, '--dry-run');
    const declined = await fleet.answer('n', 'dlq', 'redrive', '--class', 'transient');

    expect(dry).toMatchObject({ exitCode: 0, report: { dryRun: true, counts: { letters, messages: 0 } } });
    expect(declined).toMatchObject({ exitCode: 1, out: expect.arrayContaining(['not confirmed: nothing was sent']) as unknown });
    expect(declined.out.join('\n')).toContain(`${letters} letters of class transient would be sent again`);
    expect(at(await list(fleet), FIRST)).toEqual({ letters, redriven: 0 });
    expect((await fleet.answer('y', 'dlq', 'redrive', '--class', 'transient', '--rate', '50')).exitCode).toBe(0);
    expect(at(await list(fleet), FIRST)).toEqual({ letters, redriven: letters });
  });

  test('sends each letter once: after the fault nothing comes back', async () => {
    const fleet = await ailed(FIRST, SECOND);
    const { letters } = (await list(fleet)).counts;
    const first = await redrive(fleet, '--yes');
    skipInWorker(ATTEMPTS_SECONDS);
    const second = await redrive(fleet, '--yes', '--again');

    expect(first).toMatchObject({ exitCode: 0, report: { counts: { letters, messages: letters, left: 0 } } });
    expect(codesOf(first).filter((code) => code !== 'redrive-alarm-red')).toEqual(['target-redriven', 'target-redriven', 'result']);
    expect(second).toMatchObject({ exitCode: 0, report: { counts: { letters: 0, refused: { marked: letters } } } });
    expect((await list(fleet)).counts).toMatchObject({ letters, redriven: letters });
  });

  test('sends the oldest letters of all targets where a most is given', async () => {
    const fleet = await ailed(FIRST, SECOND);
    await redrive(fleet, '--yes', '--max', '3');
    const shown = await Promise.all([FIRST, SECOND].map(async (target) => (await fleet.run('dlq', 'list', target, '--json')).result as LetterList)); // prettier-ignore
    const letters = shown.flatMap((one) => one.letters).sort((left, right) => (left.archivedAt < right.archivedAt ? -1 : 1));
    const sent = letters.filter(({ redrivenAt }) => redrivenAt !== null);

    expect(sent).toHaveLength(3);
    const rest = await fleet.run('dlq', 'redrive', '--class', 'transient', '--rate', '50/s', '--yes', '--max', '2');
    expect(rest.out.join('\n')).toContain(`2 letters of class transient sent again (2 orders), ${letters.length - 5} left\n3 passed over: sent again already\nnext: fleet dlq redrive --class transient sends the other ${letters.length - 5}, at most 1000 orders a run (--limit)\n`); // prettier-ignore
    expect(sent.every(({ archivedAt }) => archivedAt <= (letters[3]?.archivedAt ?? ''))).toBe(true);
  });

  test('warns of a target that is red still, before and after, with the page that says what to do', async () => {
    const fleet = await ailed(FIRST);
    plant(fleet, [FIRST]);
    await fleet.run('dlq');
    skipInWorker(3);
    const dry = await fleet.run('dlq', 'redrive', '--class', 'transient', '--dry-run');
    expect(dry.err.join('\n')).toMatch(/^warning: regional\/200000000001\/eu-west-1 is still red \(.*orders-dead-letters.*\): .* follow .*docs\/runbooks\/dead-letters\.md.*, then look with fleet status --health$/m); // prettier-ignore
    const { report, ...ran } = await redrive(fleet, '--yes', '--max', '2');
    expect(codesOf(ran)).toEqual(['target-redriven', 'redrive-alarm-red', 'result']);
    expect(report.targets.find(({ id }) => id === FIRST)?.alarms).toContainEqual(expect.objectContaining({ name: 'orders-dead-letters' }));
    expect(report.targets.find(({ id }) => id === SECOND)?.alarms).toBeNull();
    expect(report.counts.remaining).toBeGreaterThan(report.counts.left);
  });

  test('passes over what came back while the fault stands; --again sends it once more', async () => {
    const fleet = await ailed(FIRST);
    plant(fleet, [FIRST]);
    const { report } = await redrive(fleet, '--yes', '--max', '2');
    skipInWorker(ATTEMPTS_SECONDS + 1);
    await fleet.run('dlq');
    plant(fleet, []);
    const without = await redrive(fleet, '--dry-run');
    const again = await redrive(fleet, '--dry-run', '--again');

    expect(report.counts.letters).toBe(2);
    expect(without.report.counts.refused).toMatchObject({ marked: 2, again: 2 });
    expect(again.report.counts.letters).toBe(without.report.counts.letters + 2);
  });

  test('that is interrupted has marked what it sent, and the next run goes on', async () => {
    const fleet = await ailed(FIRST);
    const { letters } = at(await list(fleet), FIRST);
    const running = fleet.start('dlq', 'redrive', '--class', 'transient', '--rate', '1/s', '--yes', '--json');
    await until(() => existsSync(join(fleet.directory, '.fleet/sandbox/dead-letters', `${FIRST.replaceAll('/', '.')}.ndjson`)));
    running.interrupt();
    const ran = await running.ended;
    const report = ran.result as RedriveReport;
    const rest = await redrive(fleet, '--yes');

    expect(ran.exitCode).toBe(130);
    expect(report.targets.find(({ id }) => id === FIRST)?.state).toBe('interrupted');
    expect(report.counts.letters).toBeGreaterThan(0);
    expect(report.counts.letters + report.counts.left).toBe(letters);
    expect(rest).toMatchObject({ exitCode: 0, report: { counts: { letters: report.counts.left } } });
  });

  test('goes on where one target cannot be reached, and exits with 1', async () => {
    const fleet = await ailed(FIRST, SECOND);
    fleet.organize(
      ({ accounts }) => void accounts.filter(({ id }) => id === '200000000001').forEach((account) => (account.state = 'SUSPENDED')),
    );
    const counts = await fleet.run('dlq', '--json');
    const { exitCode, report } = await redrive(fleet, '--yes');

    expect(counts.exitCode).toBe(1);
    expect((counts.result as LetterCounts).targets).toMatchObject([
      { state: 'not read', error: { code: 'aws/AccessDenied' } },
      { state: 'read' },
    ]);
    expect(exitCode).toBe(1);
    expect(report.targets).toMatchObject([
      { id: FIRST, state: 'not read', error: { code: 'aws/AccessDenied' } },
      { id: SECOND, state: 'redriven', left: 0 },
    ]);
    expect(report.counts.letters).toBeGreaterThan(4);
  });

  test.each([
    [['redrive', '--class', 'malformed'], /^user\/not-redrivable: --class malformed: .* would fail again/],
    [['redrive', '--class', 'lost'], /^user\/invalid-flag: --class lost/],
    [['redrive'], /^user\/command-line: required option '--class <class>' not specified/],
    [['redrive', '--class', 'transient', '--rate', '51'], /^user\/invalid-flag: --rate 51 is out of range/],
    [['redrive', '--class', 'transient', '--only', 'failed'], /^user\/invalid-flag: --only failed/],
    [
      ['--layer', 'foundation'],
      /^user\/filter-matches-nothing: no deployed target with dead letters matches --layer foundation; 2 of them are deployed/,
    ],
    [['list', 'foundation/100000000002/eu-west-1'], /^user\/invalid-flag: .* layer foundation has no dead letters/],
    [['list', 'regional/200000000003/eu-west-1'], /^user\/not-deployed: regional\/200000000003\/eu-west-1 is not deployed/],
    [['list', FIRST, SECOND], /^user\/command-line: too many arguments/],
    [['redrive', '--class', 'transient', '--dryrun'], /^user\/command-line: unknown option '--dryrun'; did you mean --dry-run\?/],
  ])('%j is bad input', async (argv, message) => {
    expect(await fleets.deployed().run('dlq', ...argv)).toMatchObject({ exitCode: 2, err: [matching(message)] });
  });
});

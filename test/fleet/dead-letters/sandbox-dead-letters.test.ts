import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { deadLetterClasses } from '../../../contracts/order-message';
import { regionalNames } from '../../../contracts/names';
import { queueUrl } from '../../../sandbox/types/common/queue-url';
import type { DeadLetters, LetterEntry, LetterQuery, TargetLetters } from '../../../fleet/dead-letters/dead-letters';
import { Pace } from '../../../fleet/dead-letters/pace';
import { redriveLetters } from '../../../fleet/dead-letters/redrive-letters';
import { sandboxDeadLetters } from '../../../fleet/dead-letters/sandbox-dead-letters';
import { surveyRedrive } from '../../../fleet/dead-letters/survey-letters';
import { openSandboxView } from '../../../fleet/gates/sandbox-view';
import { DeployedTarget, target, type Planted } from '../../regional/deployed-target';

const { signal } = new AbortController();
const everything: LetterQuery = { classes: deadLetterClasses, since: null, until: null };
const names = regionalNames('orders', target);
const place = { archiveBucket: names.archiveBucket, orderQueueUrl: queueUrl(names.orderQueue, target) };

/** Seconds that an order's five attempts take on the sandbox's clock. */
const ATTEMPTS_SECONDS = 3;
const ailing: Planted = { traffic: [{ target: target.id, deadLetters: 2 }] };

let sandbox: DeployedTarget;
afterEach(() => sandbox.close());

/** A target that was deployed at the beginning of a window. */
async function start(planted: Planted = {}): Promise<void> {
  sandbox = new DeployedTarget(planted);
  await sandbox.toWindow();
  await sandbox.deploy();
  await sandbox.toWindow();
}

/** Each is a process of its own: nothing is known but what is on disk. */
const open = (): DeadLetters =>
  sandboxDeadLetters(openSandboxView({ ...sandbox, organization: sandbox.organization, clock: sandbox.clock, promoted: () => [] }), { directory: sandbox.directory }); // prettier-ignore

const here = (): TargetLetters => open().at({ target, place });

async function listed(letters = here(), query: Partial<LetterQuery> = {}): Promise<readonly LetterEntry[]> {
  const entries: LetterEntry[] = [];
  for await (const page of letters.pages({ ...everything, ...query }, { signal })) entries.push(...page);
  return entries;
}

async function redrive(again = false) {
  const letters = here();
  const survey = await surveyRedrive(letters, everything, { signal, again });
  const options = { clock: sandbox.clock, pace: new Pace(sandbox.clock, 50), again, interrupt: signal, cancel: signal };
  return { survey, redriven: await redriveLetters(survey.letters, letters, options) };
}

/** What was put on the order queue, oldest first. */
function sentOrders(): readonly { readonly body: string; readonly redrives: number }[] {
  const file = join(sandbox.directory, 'dead-letters', `${target.id.replaceAll('/', '.')}.ndjson`);
  const entries = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { readonly sent?: { readonly body: string; readonly redrives: number } }); // prettier-ignore
  return entries.flatMap(({ sent }) => sent ?? []);
}

describe('the dead letters of a sandbox', () => {
  test('are none where nothing fails', async () => {
    await start();
    await sandbox.pass(5);

    expect(await listed()).toEqual([]);
  });

  test('are those that the metric counts, and the same ones in every process', async () => {
    await start(ailing);
    await listed();
    const before = (await listed()).length;
    await sandbox.pass(4);
    const letters = await listed();

    expect(letters.length - before).toBe(8);
    expect(await listed()).toEqual(letters);
    expect(letters.map(({ key }) => key)).toEqual(letters.map(({ key }) => key).sort());
    expect(new Set(letters.map(({ messageId }) => messageId)).size).toBe(letters.length);
    expect(await sandbox.alarms('ALARM')).toEqual(['critical', 'dead-letters']);
  });

  test('stay when the fault is over, and when the target is deployed again', async () => {
    await start(ailing);
    await sandbox.pass(2);
    await listed();
    sandbox.plant();
    const letters = await listed();
    await sandbox.deploy({ code: 'b', fingerprint: 'new' });
    await sandbox.pass(3);

    expect(letters.length).toBeGreaterThan(3);
    expect(await listed()).toEqual(letters);
  });

  test('are listed by class and day', async () => {
    await start(ailing);
    await sandbox.pass(1);
    const day = sandbox.clock.now().toISOString().slice(0, 10);

    expect(await listed(here(), { classes: ['malformed'] })).toEqual([]);
    expect(await listed(here(), { since: day, until: day })).toEqual(await listed());
    expect(await listed(here(), { until: '2020-01-01' })).toEqual([]);
  });

  test('that are sent again while the fault stands come back, and go round three times in all', async () => {
    await start(ailing);
    for (let round = 0; round < 5; round += 1) {
      await sandbox.pass(ATTEMPTS_SECONDS);
      await redrive(round > 0);
    }
    const byOrder = new Map<string, readonly number[]>();
    for (const { body, redrives } of sentOrders()) byOrder.set(body, [...(byOrder.get(body) ?? []), redrives]);
    const rounds = [...byOrder.values()].map((sent) => sent.join());

    // The youngest were sent once so far.
    expect([...new Set(rounds)].sort()).toEqual(['1', '1,2', '1,2,3']);
    await sandbox.pass(ATTEMPTS_SECONDS);
    expect((await redrive(true)).survey.refused.spent).toBeGreaterThan(3);
  });

  test('that are sent again after the fault are stored: nothing comes back', async () => {
    await start(ailing);
    await sandbox.pass(2);
    await listed();
    sandbox.plant();
    const { redriven } = await redrive();
    const letters = (await listed()).length;
    await sandbox.pass(2 * ATTEMPTS_SECONDS);

    expect(redriven).toMatchObject({ letters, end: { kind: 'done' } });
    expect(await listed()).toHaveLength(letters);
    expect((await redrive(true)).survey).toMatchObject({ letters: [], refused: { marked: letters } });
  });

  test('are not to be had in an account that is not ACTIVE, nor from a bucket or to a queue that is not there', async () => {
    await start(ailing);
    await sandbox.pass(1);
    const nowhere = open().at({ target, place: { archiveBucket: 'gone', orderQueueUrl: `${place.orderQueueUrl}x` } });

    await expect(listed(nowhere)).rejects.toMatchObject({ code: 'aws/NoSuchBucket' });
    await expect(nowhere.send({ body: 'a', redrives: 1 }, { signal })).rejects.toMatchObject({ code: 'aws/QueueDoesNotExist' });
    const [letter] = await listed();
    const organization = sandbox.organization();
    const closed = { ...organization, accounts: organization.accounts.map((account) => ({ ...account, state: 'SUSPENDED' as const })) };
    const view = openSandboxView({ directory: sandbox.directory, clock: sandbox.clock, organization: () => closed, promoted: () => [] });
    const suspended = sandboxDeadLetters(view, { directory: sandbox.directory }).at({ target, place });

    await expect(suspended.state(letter?.key ?? '', { signal })).rejects.toMatchObject({ code: 'aws/AccessDenied' });
  });

  test('keep the marks of another process, and know a letter that is none', async () => {
    await start(ailing);
    await sandbox.pass(1);
    const [mine, others] = [here(), here()];
    const [{ key } = { key: '' }] = await listed(mine);
    await others.mark(key, { kind: 'redriven', at: '2026-01-05T09:00:00.000Z', redrives: 1 }, { signal });

    expect(await mine.state(key, { signal })).toEqual({ kind: 'redriven', at: '2026-01-05T09:00:00.000Z', redrives: 1 });
    expect(await mine.state(key.replace(/[0-9a-f]{4}\.json$/, 'none.json'), { signal })).toEqual({ kind: 'gone' });
    expect(await mine.read('readme.txt', { signal })).toEqual({ kind: 'gone' });
  });
});

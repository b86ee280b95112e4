import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseCommandLine } from '../../../fleet/commands/program';
import { nextSteps } from '../../../fleet/report/next-steps';

const root = join(__dirname, '../../..');
const forward = { fleet: 'orders', purpose: 'rollout' as const, rollsBack: null };
type Ended = Parameters<typeof nextSteps>[0];
type EndedTarget = Ended['targets'][number];

const failedWith = (code: string, account = '200000000001'): EndedTarget => ({
  id: `regional/${account}/eu-west-1`,
  ...{ account, outcome: 'failed', error: { code, message: 'why', resource: null }, cause: null },
});
const ended = (outcome: string | null, more: Partial<Ended> = {}): Ended => ({
  ...{ rollout: 'R', outcome, waiting: null, driven: false, counts: { succeeded: 0 }, waves: [], targets: [], ...more },
});
const red = (...names: readonly string[]) => [{ red: names.map((alarm) => ({ alarm })) }];

/** Every code that docs/messages.md has of a target. */
const codes = [...readFileSync(join(root, 'docs/messages.md'), 'utf8').split('## Errors of a target')[1]?.matchAll(/^\| `([^`<]+)`/gm) ?? []].map(([, code = '']) => code); // prettier-ignore

/** The command lines in a text. */
const verbsIn = (text: string) => [...text.matchAll(/\bfleet ((?!'s\b)[a-z]+(?: --?[a-z-]+(?: [\w/]+)?)*)/g)].map(([, line = '']) => line);

describe('what to do next', () => {
  test('is nothing where all went well, and while a controller drives it', () => {
    expect(nextSteps(ended('succeeded'), forward)).toEqual([]);
    expect(nextSteps(ended(null, { driven: true }), forward)).toEqual([]);
  });

  test('is to go on where nobody drives it, and what is waited for where something is', () => {
    expect(nextSteps(ended(null), forward)).toEqual(['fleet resume R']);
    expect(nextSteps(ended(null, { waiting: { action: 'fleet approve R' } }), forward)).toEqual(['fleet approve R']);
  });

  test.each([
    ['aws/AccessDenied', 'fleet preflight --account 200000000001 tells which role or permission is missing'],
    ['aws/UnauthorizedOperation', 'fleet preflight --account 200000000001 tells which role'],
    ['aws/ExpiredToken', 'fleet doctor tells what is wrong with the credentials'],
    ['aws/wrong-account', 'see who owns the deploy role; fleet preflight --account 200000000001 tells where it leads'],
    ['pulumi/locked', 'wait until whoever holds the lock of regional/200000000001/eu-west-1 has ended'],
    ['pulumi/wrong-passphrase', 'set PULUMI_CONFIG_PASSPHRASE'],
    ['pulumi/backend-damaged', 'docs/recovery.md tells how'],
    ['pulumi/crashed', 'fleet show regional/200000000001/eu-west-1 tells what stands there: nobody knows how far its run came'],
    ['fleet/timeout', 'raise limits.targetTimeout'],
    ['aws/QueueDeletedRecently', 'correct what aws/QueueDeletedRecently says of regional/200000000001/eu-west-1'],
  ])('after %s begins with what mends it', (code, says) => {
    const [first, then] = nextSteps(ended('failed', { targets: [failedWith(code)] }), forward);
    expect(first).toContain(says);
    expect(then).toBe('then fleet rollout goes on with what is not done; what is done stays as it is');
  });

  test('names each kind of trouble once, three accounts at most, and nothing that only followed', () => {
    const accounts = [1, 2, 3, 4].map((number) => `20000000000${number}`);
    const denied = accounts.map((account) => failedWith('aws/AccessDenied', account));
    const steps = nextSteps(ended('failed', { targets: [...denied, failedWith('fleet/upstream-failed')] }), forward);
    expect(steps).toHaveLength(2);
    expect(steps[0]).toMatch(/^fleet preflight tells which/);
    expect(nextSteps(ended('failed', { targets: denied.slice(2) }), forward)[0]).toMatch(
      /^fleet preflight --account 200000000003 --account 200000000004 tells/,
    );
  });

  test('after a red gate names the runbooks of the alarms, of a composite only where it alone was red', () => {
    expect(nextSteps(ended('rolled_back', { waves: red('orders-critical', 'orders-order-failures') }), forward)[0]).toMatch(
      /^read docs\/runbooks\/order-failures.md, and correct/,
    );
    expect(nextSteps(ended('rolled_back', { waves: red('orders-critical') }), forward)[0]).toMatch(/^read docs\/runbooks\/critical.md,/);
    expect(nextSteps(ended('rolled_back', { waves: red('orders-fleet-dead-letters-2') }), forward)[0]).toMatch(
      /^read docs\/runbooks\/fleet-dead-letters.md,/,
    );
    expect(nextSteps(ended('rolled_back', { waves: red('others') }), forward)).toHaveLength(1);
  });

  test('after a way back that failed is to look, and to take back once more', () => {
    const stuck = { ...failedWith('aws/AccessDenied'), outcome: 'rollback_failed' };
    expect(nextSteps(ended('rollback_failed', { counts: { succeeded: 3 }, targets: [stuck] }), forward).slice(1)).toEqual([
      'fleet show regional/200000000001/eu-west-1 tells what stands there',
      'then fleet rollback R takes back once more what did not go back',
    ]);
  });

  test('after an abort is to go on or to go back, and after a rollback that failed to go back again', () => {
    expect(nextSteps(ended('aborted', { counts: { succeeded: 3 } }), forward)).toEqual([
      'fleet rollout goes on with what is not done; what is done stays as it is',
      'or fleet rollback R takes back what was done',
    ]);
    expect(nextSteps(ended('failed', { counts: { succeeded: 3 } }), { fleet: 'orders', purpose: 'rollback', rollsBack: 'Q' })).toEqual([
      'then fleet rollback Q goes on with what is not done; what is done stays as it is',
    ]);
  });

  test('names only verbs and flags that there are, for every code of a target', () => {
    const all = ['failed', 'rolled_back', 'rollback_failed', 'aborted', null].flatMap((outcome) =>
      codes.flatMap((code) => {
        const targets = [failedWith(code), { ...failedWith(code), outcome: 'rollback_failed' }];
        return nextSteps(ended(outcome, { targets, counts: { succeeded: 1 } }), forward);
      }),
    );
    const lines = new Set(all.flatMap(verbsIn));
    expect(lines.size).toBeGreaterThan(6);
    for (const line of lines) {
      const argv = line === 'show' ? ['show', 'regional/200000000001/eu-west-1'] : line.split(' ');
      expect(parseCommandLine(argv, '0').kind).toBe('run');
    }
  });
});

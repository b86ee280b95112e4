import { accountIdSchema, regionSchema } from '../../contracts/ids';
import type { CheckReport, CheckResult } from '../../fleet/checks/check-result';
import { verifyChecks } from '../../fleet/checks/check-table';

import type { FleetRunner } from './fleet-runner';
import { skipInWorker } from './running-fleet';
import { sandboxFleet } from './sandbox-fleet';
import { simulatedWorld } from './simulated-world';

const FIRST = 'regional/200000000001/eu-west-1';
const SECOND = 'regional/200000000002/eu-west-1';
const fleets = sandboxFleet({ accounts: 2 });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

async function verify(fleet: FleetRunner, ...flags: readonly string[]) {
  const ran = await fleet.run('verify', '--json', ...flags);
  return { ...ran, report: ran.result as CheckReport };
}

const wrongIn = ({ results }: CheckReport): readonly CheckResult[] => results.filter(({ verdict }) => verdict !== 'passed');

function drift(fleet: FleetRunner, on: string, set: Readonly<Record<string, unknown>>): void {
  fleet.organize((organization) => (organization.drift = [{ target: FIRST, on, set }]));
}

/** Removes something of the first target behind the fleet's back. */
function removeFromAws(fleet: FleetRunner, type: string, key: string): void {
  const world = simulatedWorld(fleet);
  const place = { account: accountIdSchema.parse('200000000001'), region: regionSchema.parse('eu-west-1'), organizationId: '' };
  const found = world.find(type, key, place);
  if (found === undefined) throw new Error(`there is no ${type} ${key}`);
  world.remove(found);
}

const METRIC_ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';
const COMPOSITE = 'aws:cloudwatch/compositeAlarm:CompositeAlarm';
const FUNCTION = 'aws:lambda/function:Function';

describe('fleet verify', () => {
  test('passes everything of a healthy fleet, with one synthetic order a target', async () => {
    const { exitCode, report } = await verify(fleets.deployed());
    const orders = report.results.filter(({ check }) => check === 'order');

    expect(wrongIn(report)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ version: 1, targets: 4, notChecked: [], counts: { warning: 0, failed: 0, unknown: 0 } });
    expect(new Set(report.results.map(({ check }) => check))).toEqual(new Set(Object.keys(verifyChecks)));
    expect(orders.map(({ target, found }) => [target, found])).toEqual([
      [FIRST, matching(/^synthetic order verify-[0-9a-f-]{36} is in orders-order-table, and counted$/)],
      [SECOND, matching(/^synthetic order verify-/)],
    ]);
    expect(orders[0]?.found).not.toBe(orders[1]?.found);
  });

  test('sends no order with --no-order, and says so', async () => {
    const fleet = fleets.deployed();
    const { exitCode, report } = await verify(fleet, '--no-order');
    const text = (await fleet.run('verify', '--no-order')).out.join('\n');

    expect(exitCode).toBe(0);
    expect(report.results.filter(({ check }) => check === 'order')).toEqual([]);
    expect(report.notChecked).toEqual(['that orders arrive: --no-order sends none']);
    expect(text).toContain('not checked: that orders arrive: --no-order sends none');
    expect(fleet.files().filter((file) => file.includes('dead-letters'))).toEqual([]);
  });

  test('names an event source that is disabled, and the order that waits before it', async () => {
    const fleet = fleets.deployed();
    drift(fleet, 'aws:lambda/eventSourceMapping:EventSourceMapping', { enabled: false });
    const { exitCode, report } = await verify(fleet, '--timeout', '3s');

    expect(exitCode).toBe(1);
    expect(wrongIn(report)).toMatchObject([
      { target: FIRST, check: 'order', found: matching(/did not arrive in orders-order-table within 3 s$/) },
      { target: FIRST, check: 'event-source', found: matching(/^the event source of queue orders-order-queue is disabled/) },
      { target: FIRST, check: 'event-source', found: matching(/^the event source of queue orders-order-dlq is disabled/) },
    ]);
  });

  test.each([
    ['an alarm', METRIC_ALARM, 'orders-errors', 'alarms-there', 'alarm orders-errors does not exist'],
    ['a composite', COMPOSITE, 'orders-warning', 'alarms-there', 'alarm orders-warning does not exist'],
    ['a dashboard', 'aws:cloudwatch/dashboard:Dashboard', 'orders-target-eu-west-1', 'dashboards', 'dashboard orders-target-eu-west-1 does not exist'], // prettier-ignore
    ['a log group', 'aws:cloudwatch/logGroup:LogGroup', '/orders/orders-order', 'logs', 'log group /orders/orders-order does not exist'],
    ['an alias', 'aws:lambda/alias:Alias', 'orders-order:live', 'alias', 'alias live of orders-order does not exist'],
  ])('names %s that is gone', async (_what, type, key, check, found) => {
    const fleet = fleets.deployed();
    removeFromAws(fleet, type, key);
    const { exitCode, report } = await verify(fleet, '--no-order');

    expect(exitCode).toBe(1);
    expect(wrongIn(report)).toMatchObject([{ target: FIRST, check, verdict: 'failed', found }]);
  });

  test.each([
    ['alarm actions off', METRIC_ALARM, { actionsEnabled: false }, 'alarms-armed', /^actions of alarm orders-[a-z-]+ are disabled: nobody/],
    ['composites off', COMPOSITE, { actionsEnabled: false }, 'alarms-armed', /^actions of alarm orders-(critical|warning) are disabled/],
    ['composites without actions', COMPOSITE, { alarmActions: [] }, 'alarms-armed', /^alarm orders-(critical|warning) has no action/],
    ['another retention', 'aws:cloudwatch/logGroup:LogGroup', { retentionInDays: 0 }, 'logs', /^log group .* keeps events for ever in place of 30 days/], // prettier-ignore
    ['tracing off', FUNCTION, { tracingConfig: { mode: 'PassThrough' } }, 'tracing', /^tracing of function .* is PassThrough in place of Active/], // prettier-ignore
    ['another log group', FUNCTION, { loggingConfig: { logGroup: '/aws/lambda/x' } }, 'logs', /writes to \/aws\/lambda\/x in place of/],
    ['two versions', 'aws:lambda/alias:Alias', { routingConfig: { additionalVersionWeights: { 7: 0.1 } } }, 'alias', /serves version 1 and 7: a traffic shift is not over/], // prettier-ignore
    ['no redrive policy', 'aws:sqs/queue:Queue', { redrivePolicy: '' }, 'redrive', /^the order queue has no redrive policy/],
  ])('names %s, by drift', async (_what, on, set, check, found) => {
    const fleet = fleets.deployed();
    drift(fleet, on, set);
    const { exitCode, report } = await verify(fleet, '--no-order');

    expect(exitCode).toBe(1);
    expect(wrongIn(report).length).toBeGreaterThan(0);
    for (const one of wrongIn(report)) expect(one).toMatchObject({ target: FIRST, check, verdict: 'failed', found: matching(found) });
  });

  test('names a function that fails every order: the order never arrives, and alarms are red', async () => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => (organization.traffic = [{ target: FIRST, failPercent: 100 }]));
    await verify(fleet, '--no-order');
    skipInWorker(3);
    const { exitCode, report } = await verify(fleet, '--timeout', '5s');
    const wrong = wrongIn(report);

    expect(exitCode).toBe(1);
    expect(wrong.every(({ target, verdict }) => target === FIRST && verdict === 'failed')).toBe(true);
    expect(wrong[0]).toMatchObject({
      check: 'order',
      found: matching(/^synthetic order verify-\S+ failed every attempt and did not arrive/),
    });
    expect(wrong.map(({ found }) => found)).toContain('alarm orders-order-failures is red');
  });

  test('an order whose target loses what it takes fails every attempt', async () => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => (organization.traffic = [{ target: FIRST, deadLetters: 1 }]));
    await verify(fleet, '--no-order');
    skipInWorker(3);
    const { report } = await verify(fleet, '--timeout', '5s', '--account', '200000000001');

    expect(wrongIn(report)[0]).toMatchObject({ check: 'order', found: matching(/failed every attempt/) });
  });

  test('what cannot be asked is unknown, never passed', async () => {
    const fleet = fleets.deployed();
    fleet.plant({ target: FIRST, kind: 'gate-error' });
    const { exitCode, report } = await verify(fleet);
    const ofFirst = report.results.filter(({ target }) => target === FIRST);

    expect(exitCode).toBe(1);
    expect(ofFirst.filter(({ verdict }) => verdict === 'passed').map(({ check }) => check)).toEqual(['deployed']);
    expect(report.counts.failed).toBe(0);
    expect(report.counts.unknown).toBe(ofFirst.length - 1);
  });

  test.each([
    [['--timeout', 'soon'], /^user\/invalid-flag: --timeout: /],
    [['--only', 'failed'], /^user\/invalid-flag: --only failed says nothing of what is deployed/],
    [['--account', '200000000009'], /^user\/filter-matches-nothing: no deployed target matches --account 200000000009/],
  ])('%j is bad input', async (argv, message) => {
    const fleet = fleets.deployed();
    const before = fleet.contents();

    expect(await fleet.run('verify', ...argv)).toMatchObject({ exitCode: 2, err: [matching(message)] });
    expect(fleet.contents()).toEqual(before);
  });

  test('a fleet that was never deployed has nothing to verify', async () => {
    expect(await fleets.built().run('verify')).toMatchObject({ exitCode: 2, err: [matching(/^user\/filter-matches-nothing/)] });
  });
});

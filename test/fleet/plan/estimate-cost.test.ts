import * as fc from 'fast-check';

import { estimateCost } from '../../../fleet/plan/estimate-cost';
import { estimateDetails, estimateText } from '../../../fleet/report/estimate-text';
import { planJson, planText } from '../../../fleet/report/plan-text';

import { planOf, recordsAfter, releaseOf, smallFleet } from './plan-fixture';

/** Two accounts in two regions. */
const fleetWith = (order = '', accounts = 2) =>
  smallFleet({ accounts, fleet: (text) => text.replace('  timeout: 30s\n', `  timeout: 30s\n${order}`) });
const none = new Map();
const first = planOf(fleetWith());
const records = recordsAfter(first);

describe('what a plan adds to the bill', () => {
  test('a first plan: every target whole, by layer and item', () => {
    const estimate = estimateCost(first.targets, none);

    expect(estimate.lines.map(({ layer, item, quantity, monthly }) => [layer, item, Number(quantity.toFixed(3)), monthly])).toEqual([
      ['foundation', 'key of the alert topics', 2, 2],
      ['regional', 'dashboard', 4, 12],
      ['regional', 'metrics of the functions', 24, 7.2],
      ['regional', 'alarms', 44, 4.4],
      ['regional', 'composite alarms', 8, 4],
      ['regional', 'polling of two queues', 5.256, 2.1],
      ['observability', 'dashboards', 5, 15],
      ['observability', 'alarms over all members', 52, 5.2],
      ['observability', 'composite alarms', 4, 2],
    ]);
    expect(estimate.monthly).toBe(53.9);
    expect(estimate.targets).toHaveLength(2 + 4 + 2);
    expect(estimate.targets).toContainEqual({ id: 'regional/200000000001/eu-west-1', layer: 'regional', monthly: 7.43 });
    expect(estimate.rates.source).toMatch(/to be checked/);
  });

  test('changed settings: the difference to what stands', () => {
    const cheaper = estimateCost(planOf({ ...fleetWith('  dashboard: none\n  encryption: customer\n'), records }).targets, records);

    expect(cheaper.lines.map(({ item, quantity }) => [item, quantity])).toEqual([
      ['key for its data', 4],
      ['dashboard', -4],
    ]);
    expect(cheaper.monthly).toBe(-8);
    expect(cheaper.targets.map(({ monthly }) => monthly)).toEqual([-2, -2, -2, -2]);
  });

  test('a new account: its own targets, and what observability reads of it', () => {
    const plan = planOf({ ...fleetWith('', 3), records });
    const estimate = estimateCost(plan.targets, records);

    expect(estimate.targets.map(({ id, monthly }) => [id, monthly])).toEqual([
      ['regional/200000000003/eu-west-1', 7.43],
      ['regional/200000000003/us-east-1', 7.43],
      ['observability/100000000003/eu-west-1', 1.3],
      ['observability/100000000003/us-east-1', 1.3],
    ]);
  });

  test('new code, and nothing at all, cost nothing', () => {
    const code = planOf({ ...fleetWith(), records, release: releaseOf({ lambda: 'order-2' }) });

    for (const plan of [code, planOf({ ...fleetWith(), records })])
      expect(estimateCost(plan.targets, records)).toMatchObject({ monthly: 0, lines: [], targets: [] });
  });

  test('a target that never was good counts whole, one whose record is of another version not at all', () => {
    const id = 'regional/200000000001/eu-west-1';
    const changed = planOf({ ...fleetWith('  heartbeat: false\n'), records });
    const ofTarget = (record: object | undefined) => {
      const kept = new Map(records);
      const before = records.get(id as never);
      if (before && record) kept.set(before.target, { ...before, ...record });
      return estimateCost(changed.targets, kept).targets.find((one) => one.id === id)?.monthly;
    };
    const good = records.get(id as never)?.good;

    expect(ofTarget({})).toBe(-0.4);
    expect(ofTarget({ good: null })).toBe(7.03);
    expect(ofTarget({ current: good && { ...good, config: { ...good.config, settings: { old: true } } } })).toBeUndefined();
  });

  test('going there and back is nothing in sum, and the sum is that of the targets', () => {
    const option = fc.record({
      dashboard: fc.constantFrom('perTarget', 'none'),
      encryption: fc.constantFrom('default', 'customer'),
      heartbeat: fc.boolean(),
    });
    const text = (order: object) => Object.entries(order).map(([key, value]) => `  ${key}: ${String(value)}\n`).join(''); // prettier-ignore
    fc.assert(
      fc.property(option, option, (one, other) => {
        const [from, to] = [planOf(fleetWith(text(one))), planOf(fleetWith(text(other)))];
        const there = estimateCost(planOf({ ...fleetWith(text(other)), records: recordsAfter(from) }).targets, recordsAfter(from));
        const back = estimateCost(planOf({ ...fleetWith(text(one)), records: recordsAfter(to) }).targets, recordsAfter(to));
        const targets = there.targets.reduce((sum, { monthly }) => sum + monthly, 0);

        expect(there.monthly + back.monthly).toBeCloseTo(0, 9);
        expect(there.monthly).toBeCloseTo(targets, 9);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the words of an estimate', () => {
  const estimate = estimateCost(first.targets, none);

  test('are one line in a plan, and with --details every item', () => {
    const line =
      'adds about $54 a month, without traffic: foundation $2.00 (2 x $1.00), regional $30 (4 x $7.43), observability $22 (2 x $6.60 to $16); --details has the items';

    expect(planText(first, { estimate }).split('\n')).toContain(line);
    expect(planText(first, { estimate })).not.toContain('ITEM');
    expect(planText(first, { estimate, details: true })).toContain(`${line}\n\nLAYER `);
    expect(planText(first)).not.toContain('a month');
    expect(estimateDetails(estimate)).toMatch(/^regional +alarms +44 +\$0\.10 per alarm +4\.40$/m);
    expect(estimateDetails(estimate)).toMatch(/^in all +53\.90$/m);
    expect(estimateDetails(estimate)).toContain('from memory: to be checked (2026-11)');
  });

  test('say what is saved, what comes to nothing in sum, and nothing where nothing changes', () => {
    const changed = (order: string) => estimateCost(planOf({ ...fleetWith(order), records }).targets, records);

    expect(estimateText(changed('  dashboard: none\n'))).toMatch(
      /^saves about \$12 a month, without traffic: regional -\$12 \(4 x -\$3\.00\)/,
    );
    expect(estimateText(estimateCost(planOf({ ...fleetWith(), records }).targets, records))).toBeNull();
    expect(estimateText({ ...estimate, monthly: 0 })).toMatch(/^changes nothing in sum/);
  });

  test('are in plan --json as data, and null where nobody estimated', () => {
    expect(planJson(first, { estimate }).estimate).toEqual(estimate);
    expect(planJson(first).estimate).toBeNull();
  });
});

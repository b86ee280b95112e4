import fc from 'fast-check';

import { breakdowns, type CostReport } from '../../../fleet/cost/cost-report';
import { addDays, periodBefore } from '../../../fleet/cost/days';
import { MemoryObjects } from '../../../fleet/state/memory-objects';

import { explorerOver, organizationWith, readReport, type WrittenRow } from './cost-fixture';

/** The oracle counts in billionths of a thousandth of a dollar, as the ledger's amounts have at most twelve digits. */
const UNIT = 1_000_000_000_000n;
const CENT = UNIT / 100n;
const TODAY = '2026-11-20';
const FIRST = '2026-10-01';
const accounts = ['200000000001', '200000000002', '200000000003'];

const unitsOf = (text: string): bigint => {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole) * UNIT + BigInt(part.padEnd(12, '0'));
  return text.startsWith('-') ? -size : size;
};
const textOf = (units: bigint): string => {
  const size = units < 0n ? -units : units;
  return `${units < 0n ? '-' : ''}${size / UNIT}.${String(size % UNIT).padStart(12, '0')}`;
};
const sum = (amounts: readonly bigint[]) => amounts.reduce((total, one) => total + one, 0n);
const centsOf = (text: string) => BigInt(text.replace('.', ''));

const amount = fc.oneof(
  fc.bigInt(0n, 3n * UNIT),
  // Halves and thirds of a cent, where rounding goes wrong first.
  fc.bigInt(0n, 400n).map((halves) => (halves * CENT) / 2n),
  fc.bigInt(0n, 400n).map((thirds) => (thirds * CENT) / 3n),
);

const row = fc
  .record({
    offset: fc.integer({ min: 0, max: 50 }),
    account: fc.constantFrom(...accounts),
    type: fc.constantFrom('Usage', 'Usage', 'Usage', 'Credit', 'Refund', 'Tax', 'Fee'),
    region: fc.constantFrom('eu-west-1', 'us-east-1', undefined),
    service: fc.constantFrom('AWS Lambda', 'AmazonCloudWatch', 'Amazon Simple Queue Service'),
    tagged: fc.constantFrom('both', 'team', 'centre', 'none'),
    amount,
  })
  .map(({ offset, type, amount: size, ...rest }) => ({ ...rest, type, day: addDays(FIRST, offset), units: type === 'Credit' || type === 'Refund' ? -size : size })); // prettier-ignore

/** When each account moves, and to whom. */
const moves = fc.tuple(...accounts.map(() => fc.record({ on: fc.integer({ min: 0, max: 50 }), to: fc.constantFrom('search', 'billing', 'finance') }))); // prettier-ignore

type Drawn = readonly { readonly account: string; readonly day: string; readonly type: string; readonly region: string | undefined; readonly service: string; readonly tagged: string; readonly units: bigint }[]; // prettier-ignore

function written(drawn: Drawn, moved: readonly { readonly on: number; readonly to: string }[]): readonly WrittenRow[] {
  return drawn.map(({ account, day, type, region, service, tagged, units }) => {
    const { on = 0, to = '' } = moved[accounts.indexOf(account)] ?? {};
    const team = day >= addDays(FIRST, on) ? to : 'commerce';
    const tags = {
      ...(tagged === 'both' || tagged === 'team' ? { Team: team } : {}),
      ...(tagged === 'both' || tagged === 'centre' ? { CostCenter: `cc-${team}` } : {}),
    };
    return { day, account, type, service, amount: textOf(units), tags, ...(region === undefined ? {} : { region }) };
  });
}

/** What rows come to, by any key, with no help of the code under test. */
function expectedBy(rows: readonly WrittenRow[], keyOf: (row: WrittenRow) => string): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const one of rows) sums.set(keyOf(one), (sums.get(keyOf(one)) ?? 0n) + unitsOf(one.amount));
  return sums;
}

const keys: Readonly<Record<(typeof breakdowns)[number], (row: WrittenRow) => string>> = {
  account: ({ account }) => account,
  region: ({ region }) => region ?? 'NoRegion',
  service: ({ service }) => service ?? '',
  team: ({ tags }) => tags?.Team ?? '',
  'cost-centre': ({ tags }) => tags?.CostCenter ?? '',
};

function checkReport(report: CostReport, rows: readonly WrittenRow[]): void {
  const within = ({ from, to }: { readonly from: string; readonly to: string }) => rows.filter(({ day }) => day >= from && day <= to);
  const [now, before] = [within(report.period), within(periodBefore(report.period))];
  const total = sum(now.map((one) => unitsOf(one.amount)));
  expect(unitsOf(report.total.exact)).toBe(total);
  // To the cent: half a cent off at most.
  const off = centsOf(report.total.amount) * CENT - total;
  expect(off <= CENT / 2n && -off <= CENT / 2n).toBe(true);
  const off2 = centsOf(report.total.previous) * CENT - sum(before.map((one) => unitsOf(one.amount)));
  expect(off2 <= CENT / 2n && -off2 <= CENT / 2n).toBe(true);
  for (const by of breakdowns) {
    const table = report.tables.find((one) => one.by === by)?.rows ?? [];
    const expected = expectedBy(now, keys[by]);
    expect(new Set(table.map(({ key }) => key))).toEqual(new Set([...expected.keys(), ...expectedBy(before, keys[by]).keys()]));
    for (const { key, exact, amount: shown } of table) {
      expect(unitsOf(exact)).toBe(expected.get(key) ?? 0n);
      const lost = centsOf(shown) * CENT - unitsOf(exact);
      expect(lost < CENT && -lost < CENT).toBe(true);
    }
    expect(sum(table.map(({ amount: shown }) => centsOf(shown)))).toBe(centsOf(report.total.amount));
    expect(sum(table.map(({ previous }) => centsOf(previous)))).toBe(centsOf(report.total.previous));
  }
  const types = expectedBy(now, ({ type = '' }) => ({ Usage: 'usage', Credit: 'credit', Refund: 'refund', Tax: 'tax' })[type] ?? 'other'); // prettier-ignore
  for (const { type, exact } of report.types) expect(unitsOf(exact)).toBe(types.get(type) ?? 0n);
  expect(sum(report.types.map(({ amount: shown }) => centsOf(shown)))).toBe(centsOf(report.total.amount));
  const untagged = now.filter(({ type, tags }) => type === 'Usage' && (tags?.Team === undefined || tags.CostCenter === undefined));
  const missed = centsOf(report.untagged.amount) * CENT - sum(untagged.map((one) => unitsOf(one.amount)));
  expect(missed <= CENT / 2n && -missed <= CENT / 2n).toBe(true);
}

const drawn = fc.array(row, { maxLength: 60 });
const period = fc
  .tuple(fc.integer({ min: 20, max: 50 }), fc.integer({ min: 0, max: 20 }))
  .map(([end, length]) => ({ from: addDays(FIRST, end - length), to: addDays(FIRST, end) }));

test('a report equals its ledger to the cent: over pages, with credits, refunds, tax, missing tags and accounts that move', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, moves, period, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 60 }), async (...of) => {
      const [rowsDrawn, moved, asked, pageSize, estimatedDays] = of;
      const rows = written(rowsDrawn, moved);
      const objects = new MemoryObjects();
      const explorer = explorerOver(organizationWith({ rows, pageSize, estimatedDays }), TODAY);
      const first = await readReport({ explorer, objects, today: TODAY, period: asked });
      checkReport(first.report, rows);
      // From what is kept now, for the closed days: the same report.
      const second = await readReport({ explorer, objects, today: TODAY, period: asked });
      expect(second.report).toEqual(first.report);
      if (first.report.data.estimatedDays.length === 0) expect(second.calls).toBe(0);
    }),
    { numRuns: 80 },
  );
}, 60_000);

test('a bill that still changes is followed: estimated days are asked for again, whatever was read of them before', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, drawn, moves, period, fc.integer({ min: 1, max: 10 }), async (before, late, moved, asked, estimatedDays) => {
      const objects = new MemoryObjects();
      const early = asked.to;
      const isOpen = (day: string) => day > addDays(early, -estimatedDays);
      const [seen, whole] = [written(before, moved), written([...before, ...late.filter(({ day }) => isOpen(day))], moved)];
      const over = (rows: readonly WrittenRow[], today: string) =>
        explorerOver(organizationWith({ rows, estimatedDays, pageSize: 5 }), today);
      await readReport({ explorer: over(seen.filter(({ day }) => day <= early), early), objects, today: early, period: asked }); // prettier-ignore
      const { report } = await readReport({ explorer: over(whole, TODAY), objects, today: TODAY, period: asked });
      checkReport(report, whole);
    }),
    { numRuns: 60 },
  );
}, 60_000);

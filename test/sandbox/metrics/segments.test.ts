import type * as z from 'zod';

import { ConditionsLog } from '../../../sandbox/metrics/conditions-log';
import type { OrderPath } from '../../../sandbox/metrics/order-path';
import { isStruck, segmentsOf } from '../../../sandbox/metrics/segments';
import { MemoryLogs } from '../../../sandbox/memory-logs';
import { organizationSchema } from '../../../sandbox/organization';

type Planted = Partial<Pick<z.input<typeof organizationSchema>, 'traffic' | 'faults'>>;

const target = 'regional/333333333333/eu-west-1';

/** Real milliseconds are 0.3 simulated seconds, so that one real second is a window. */
const toSimulated = (milliseconds: number) => milliseconds * 0.3;

const path = { target, madeAt: 0, changedAt: 300 } as OrderPath;

/** What was planted, by the real millisecond at which it was first read. */
function logOf(planted: Readonly<Record<number, Planted>>, promoted: readonly string[] = []): ConditionsLog {
  const log = new ConditionsLog({ path: 'c', promoted: () => promoted, openLog: new MemoryLogs().takeOver() });
  for (const [at, conditions] of Object.entries(planted)) {
    log.note(
      organizationSchema.parse({
        id: 'o-sandbox0001',
        managementAccount: '100000000000',
        accounts: [{ id: '100000000000', name: 'management' }],
        ...conditions,
      }),
      Number(at),
    );
  }
  return log;
}

const cut = (
  planted: Readonly<Record<number, Planted>>,
  options: { readonly promoted?: readonly string[]; readonly deployedAt?: number } = {},
) =>
  segmentsOf(path, { log: logOf(planted, options.promoted), deployment: { fingerprint: 'new', at: options.deployedAt ?? 0 }, toSimulated });

/** Times in which somebody is struck. */
const struckTimes = (planted: Readonly<Record<number, Planted>>, options?: Parameters<typeof cut>[1]) =>
  cut(planted, options).flatMap(({ from, until, struck }) => (struck === 'nobody' ? [] : [[from, until, struck]]));

const alarm = { target: '**', kind: 'alarm' } as const;

describe('segmentsOf', () => {
  test('nothing but the heartbeat is known from before the last deployment', () => {
    expect(cut({ 0: {} }).map(({ from, until, known }) => [from, until, known])).toEqual([
      [0, 300, false],
      [300, Infinity, true],
    ]);
    expect(cut({ 0: {} }, { deployedAt: 2000 }).map(({ from, known }) => [from, known])).toEqual([
      [0, false],
      [600, true],
    ]);
  });

  test('traffic changes when a change of organization.yaml is first read; the first one holds for all time before', () => {
    const planted = { 2000: { traffic: [{ target: '**', failPercent: 2 }] }, 4000: {} };

    expect(cut(planted).map(({ from, load }) => [from, load.failing])).toEqual([
      [0, 0.02],
      [300, 0.02],
      [1200, 0],
    ]);
  });

  test('without its table no order is stored, of a customer or synthetic, until it is there again', () => {
    const without = { ...path, withoutTable: { from: 600, until: 900 } };
    const segments = segmentsOf(without, { log: logOf({ 0: {} }), deployment: { fingerprint: 'new', at: 0 }, toSimulated });

    expect(segments.map(({ from, load }) => [from, load.failing, load.heartbeat])).toEqual([
      [0, 0, true],
      [300, 0, true],
      [600, 1, false],
      [900, 0, true],
    ]);
  });

  test('no-traffic takes the orders away while it stands, and leaves the heartbeat', () => {
    const planted = { 0: {}, 2000: { faults: [{ target: 'regional/**', kind: 'no-traffic' as const }] }, 3000: {} };

    expect(cut(planted).map(({ from, load }) => [from, load.ordersPerSecond, load.heartbeat])).toEqual([
      [0, 10, true],
      [300, 10, true],
      [600, 0, true],
      [900, 10, true],
    ]);
  });

  test.each<[string, Planted, readonly unknown[]]>([
    ['stands from the deployment on', { faults: [alarm] }, [[300, Infinity, 'everybody']]],
    ['that comes once is over with its window', { faults: [{ ...alarm, times: 1 }] }, [[300, 600, 'everybody']]],
    ['after one window', { faults: [{ ...alarm, after: 1 }] }, [[600, Infinity, 'everybody']]],
    ['after one window, once', { faults: [{ ...alarm, after: 1, times: 1 }] }, [[600, 900, 'everybody']]],
    ['of new releases strikes the newest code', { faults: [{ ...alarm, release: 'new' }] }, [[300, Infinity, 'newest']]],
    ['of another target', { faults: [{ ...alarm, target: 'regional/*/us-east-1' }] }, []],
  ])('a planted alarm %s', (_what, planted, expected) => {
    expect(struckTimes({ 0: planted })).toEqual(expected);
  });

  test('windows of a planted alarm are counted from the one in which the deployment ended', () => {
    expect(struckTimes({ 0: { faults: [{ ...alarm, after: 1, times: 1 }] } }, { deployedAt: 2500 })).toEqual([[900, 1200, 'everybody']]);
  });

  test('an alarm planted later counts from when it was first read, and ends when it is taken away', () => {
    expect(struckTimes({ 0: {}, 5500: { faults: [{ ...alarm, times: 2 }] } })).toEqual([[1650, 2100, 'everybody']]);
    expect(struckTimes({ 0: {}, 5500: { faults: [alarm] }, 9000: {} })).toEqual([[1650, 2700, 'everybody']]);
  });

  test('an alarm of new releases spares what was promoted before', () => {
    expect(struckTimes({ 0: { faults: [{ ...alarm, release: 'new' }] } }, { promoted: ['new'] })).toEqual([]);
  });

  test('where several strike, the one that strikes everybody counts', () => {
    expect(
      struckTimes({
        0: {
          faults: [
            { ...alarm, release: 'new' },
            { ...alarm, times: 1 },
          ],
        },
      }),
    ).toEqual([
      [300, 600, 'everybody'],
      [600, Infinity, 'newest'],
    ]);
  });
});

describe('isStruck', () => {
  const version = { version: '8', share: 1, onTrial: false, newest: false };

  test.each([
    ['nobody', { newest: true, onTrial: true }, true, false],
    ['everybody', {}, false, true],
    ['newest', {}, false, false],
    ['newest', { newest: true }, false, true],
    // While two versions share the orders, only the newer one fails.
    ['everybody', {}, true, false],
    ['everybody', { onTrial: true }, true, true],
    ['newest', { onTrial: true, newest: true }, true, true],
  ] as const)('%s, version %j, two versions: %s: %s', (struck, changes, shifting, expected) => {
    const [segment] = cut({ 0: {} });

    expect(segment && isStruck({ ...version, ...changes }, { ...segment, struck }, shifting)).toBe(expected);
  });
});

import { ConditionsLog } from '../../../sandbox/metrics/conditions-log';
import { MemoryLogs } from '../../../sandbox/memory-logs';
import { organizationSchema, type Organization } from '../../../sandbox/organization';
import type * as z from 'zod';

const target = 'regional/333333333333/eu-west-1';
const at = (fingerprint?: string) => ({ target, fingerprint });

function organization(planted: Partial<z.input<typeof organizationSchema>> = {}): Organization {
  return organizationSchema.parse({
    id: 'o-sandbox0001',
    managementAccount: '100000000000',
    accounts: [{ id: '100000000000', name: 'management' }],
    ...planted,
  });
}

const alarm = { target: 'regional/**', kind: 'alarm' } as const;

describe('the log of conditions', () => {
  let logs: MemoryLogs;
  let promoted: string[];
  const open = () => new ConditionsLog({ path: 'conditions.ndjson', promoted: () => promoted, openLog: logs.takeOver() });

  beforeEach(() => {
    logs = new MemoryLogs();
    promoted = [];
  });

  test('keeps what lasts, from when it was first read', () => {
    const log = open();
    log.note(organization({ faults: [{ target: '**', kind: 'crash' }] }), 1000);
    log.note(organization({ traffic: [{ target: '**', failPercent: 2 }], faults: [alarm] }), 2000);

    expect(log.history).toEqual([
      { from: 1000, traffic: [], faults: [] },
      { from: 2000, traffic: [{ target: '**', failPercent: 2 }], faults: [{ ...alarm, after: 0 }] },
    ]);
    expect(open().history).toEqual([]);
  });

  test('writes nothing where the file was saved again as it was, and knows the past after a restart', () => {
    open().note(organization({ faults: [alarm] }), 1000);
    const log = open();
    log.note(organization({ faults: [alarm] }), 5000);
    log.note(organization(), 6000);

    expect(log.history.map(({ from }) => from)).toEqual([1000, 6000]);
    expect(log.standingTimes('alarm')).toEqual([{ fault: { ...alarm, after: 0 }, from: -Infinity, until: 6000 }]);
  });

  test('a fault that was taken away and planted again stands twice', () => {
    const log = open();
    [[], [alarm], [alarm, { ...alarm, target: '**' }], [], [alarm]].forEach((faults, index) => {
      log.note(organization({ faults }), index * 1000);
    });

    expect(log.standingTimes('alarm').map(({ fault, from, until }) => [fault.target, from, until])).toEqual([
      ['regional/**', 1000, 3000],
      ['**', 2000, 3000],
      ['regional/**', 4000, Infinity],
    ]);
    expect(log.standingTimes('no-traffic')).toEqual([]);
  });

  test('time never runs backwards in it', () => {
    const log = open();
    log.note(organization({ faults: [alarm] }), 5000);
    log.note(organization(), 4000);

    expect(log.history.map(({ from }) => from)).toEqual([5000, 5000]);
  });

  test('what is planted has stood since it was written, what was taken away until that is seen', () => {
    const log = open();
    log.note(organization(), 1000);
    log.note(organization({ faults: [alarm] }), 5000, { writtenAt: 3000 });
    log.note(organization(), 9000, { writtenAt: 7000 });

    expect(log.history.map(({ from }) => from)).toEqual([1000, 3000, 9000]);
  });

  test('what was written by a clock that is ahead has stood since it was read', () => {
    const log = open();
    log.note(organization(), 1000);
    log.note(organization({ faults: [alarm] }), 5000, { writtenAt: 8000 });

    expect(log.history.map(({ from }) => from)).toEqual([1000, 5000]);
  });

  test('a fault stands for the targets of its pattern, now', () => {
    const log = open();
    log.note(organization({ faults: [{ target: 'regional/*/eu-west-1', kind: 'gate-error' }] }), 0);

    expect(log.stands('gate-error', at('f'))).toBe(true);
    expect(log.stands('alarm', at('f'))).toBe(false);
    expect(log.stands('gate-error', { target: 'regional/333333333333/us-east-1', fingerprint: 'f' })).toBe(false);
    log.note(organization(), 1);
    expect(log.stands('gate-error', at('f'))).toBe(false);
  });

  test('a fault for new releases spares what was promoted when it was first read, for ever', () => {
    promoted = ['good'];
    const planted = organization({ faults: [{ ...alarm, release: 'new' }] });
    open().note(planted, 0);
    promoted = ['good', 'promoted-since'];
    const log = open();
    log.note(organization({ ...planted }), 10);

    expect([at('good'), at('promoted-since'), at('new'), at(undefined)].map((one) => log.stands('alarm', one))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});

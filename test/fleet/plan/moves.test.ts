import type { TargetId } from '../../../contracts/target';
import { planDestroy } from '../../../fleet/plan/plan-destroy';
import type { PlanWarning } from '../../../fleet/plan/rollout-plan';
import { destroyedRecord, type TargetRecords } from '../../../fleet/plan/target-record';
import { problemsOf } from '../config/problems-of';

import { planOf, recordsAfter, smallFleet } from './plan-fixture';

const SHARED = '100000000002';
const MONITORING = '100000000003';
const [NEW_SHARED, NEW_MONITORING] = ['100000000004', '100000000005'];
const joined = ({ accounts }: { accounts: object[] }) =>
  void accounts.push(
    ...[NEW_SHARED, NEW_MONITORING].map((id) => ({ id, name: `n${id}`, email: `${id}@example.com`, unit: 'Infrastructure', tags: {} })),
  );
const sinks = (account: string) =>
  `\nmonitoring:\n  sinks:\n${['eu-west-1', 'us-east-1'].map((region) => `    ${region}: arn:aws:oam:${region}:${account}:sink/abc-1`).join('\n')}\n`;

const fleetWith = (fleet: (text: string) => string = (text) => text) => smallFleet({ fleet, organization: joined });
const shared = (text: string) => text.replace(`shared: "${SHARED}"`, `shared: "${NEW_SHARED}"`);
const monitoring = (text: string) => text.replace(`monitoring: "${MONITORING}"`, `monitoring: "${NEW_MONITORING}"`);
const withSinks = (account: string) => (text: string) => text + sinks(account);

const before = recordsAfter(planOf(fleetWith()));

/** What a plan says of moves, by code. */
function told(fleet: (text: string) => string, records: TargetRecords = before) {
  const { warnings } = planOf({ ...fleetWith(fleet), records });
  const of = (code: string): readonly PlanWarning[] => warnings.filter((warning) => warning.code === code);
  return { cannot: of('cannot-move'), moves: of('moves').map(({ message }) => message), at: of('moves').map(({ at }) => at?.line) };
}

test('nothing is said where nothing moves', () => {
  expect(told((text) => text)).toEqual({ cannot: [], moves: [], at: [] });
  expect(told((text) => text.replace('memoryMb: 1024', 'memoryMb: 512'))).toEqual({ cannot: [], moves: [], at: [] });
  expect(told(shared, new Map())).toEqual({ cannot: [], moves: [], at: [] });
});

test('nor where the regions are only in another order', () => {
  expect(told((text) => text.replace('  - eu-west-1\n  - us-east-1', '  - us-east-1\n  - eu-west-1')).moves).toEqual([]);
});

describe('the shared account', () => {
  test('does not move alone where the old foundation made the sink: said once for all regions, with its line', () => {
    const { cannot } = told(shared);
    expect(cannot).toHaveLength(1);
    expect(cannot[0]).toMatchObject({
      targets: 2,
      example: `n${NEW_SHARED} (${NEW_SHARED}) in eu-west-1`,
      at: { file: '/somewhere/fleet.yaml' },
    });
    expect(cannot[0]?.message).toMatch(
      /^accounts.shared cannot move from 100000000002 to 100000000004 alone: .*set monitoring.sinks of each region/,
    );
  });

  test('moves with the monitoring account: what is made, what follows and what goes then', () => {
    const { cannot, moves, at } = told((text) => shared(monitoring(text)));
    expect(cannot).toEqual([]);
    expect(moves).toEqual([
      'accounts.shared moves from 100000000002 to 100000000004: foundation is made there beside the old one, one region after the other, then what reads it follows (8 targets); the old one stays until all is rolled out; fleet destroy --account 100000000002 --layer foundation takes it away then',
      'accounts.monitoring moves from 100000000003 to 100000000005: observability is made there beside the old one, one region after the other; the old one stays until all is rolled out; fleet destroy --account 100000000003 --layer observability takes it away then',
    ]);
    expect(at.every((line) => line !== undefined)).toBe(true);
  });

  test('has moved once nothing reads the old one, which is named until it is destroyed, with or without its data', () => {
    const both = (text: string) => shared(monitoring(text));
    const after = new Map([...before, ...recordsAfter(planOf({ ...fleetWith(both), records: before }))]);
    expect(told(both, after).moves).toEqual([
      expect.stringMatching(
        /^accounts.shared has moved from .*, and 2 old targets stand there still; fleet destroy --account 100000000002 --layer foundation takes them away$/,
      ),
      expect.stringMatching(/^accounts.monitoring has moved from .*--layer observability takes them away$/),
    ]);
    const destroyed = new Map(
      [...after].map(([id, record]) => [id, /\/10000000000[23]\//.test(id) ? destroyedRecord(record, { keeps: true }) : record]),
    );
    expect(told(both, destroyed).moves).toEqual([]);
  });

  test('moves alone onto the sinks that stand, and the old foundation stays as long as they are used', () => {
    const onto = (text: string) => withSinks(MONITORING)(shared(text));
    expect(told(onto).cannot).toEqual([]);
    const { config, inventory } = fleetWith(onto);
    const after = new Map([...before, ...recordsAfter(planOf({ config, inventory, records: before }))]);
    expect(told(onto, after).moves).toEqual([
      expect.stringMatching(/has moved .*; it made the sink that monitoring.sinks names, and stays as long as that is used$/),
    ]);
    const old = [...after.values()].filter(({ target }) => target.startsWith(`foundation/${SHARED}/`));
    const destroy = (chosen: typeof old) =>
      planDestroy({
        config,
        inventory: '',
        records: after,
        chosen,
        deleteData: true,
        wanted: null,
      });
    expect(problemsOf(() => destroy(old))).toEqual({
      code: 'user/still-needed',
      problems: [
        `foundation/${SHARED}/eu-west-1 made what foundation/${NEW_SHARED}/eu-west-1 goes on using, the sink that monitoring.sinks names: it stays as long as that does`,
      ],
    });
    // All of it goes, or the old one after what uses it.
    expect(destroy([...after.values()]).targets.length).toBeGreaterThan(0);
  });

  test('moves alone where the sinks were always made by others, and nothing keeps the old one', () => {
    const own = recordsAfter(planOf(fleetWith(withSinks(MONITORING))));
    const onto = (text: string) => withSinks(MONITORING)(shared(text));
    expect(told(onto, own)).toMatchObject({ cannot: [], moves: [expect.stringMatching(/takes it away then$/)] });
  });
});

describe('the monitoring account', () => {
  test('does not move alone where the foundation made the sink', () => {
    expect(told(monitoring).cannot).toEqual([
      expect.objectContaining({
        targets: 2,
        message: expect.stringMatching(
          /^accounts.monitoring cannot move from 100000000003 to 100000000005 alone: .*give accounts.shared another account/,
        ) as string,
      }),
    ]);
  });

  test('moves where the sinks were made by others, onto others of the new one', () => {
    const own = recordsAfter(planOf(fleetWith(withSinks(MONITORING))));
    const { cannot, moves } = told((text) => withSinks(NEW_MONITORING)(monitoring(text)), own);
    expect([cannot, moves.length]).toEqual([[], 1]);
  });

  test('does not get sinks of others in the place of those that the foundation made', () => {
    expect(told(withSinks(MONITORING)).cannot).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/^monitoring.sinks names a sink where the foundation of 100000000002 made one itself/) as string,
      }),
    ]);
  });
});

test('another home region: what goes first, what must be confirmed, and what goes last', () => {
  const { cannot, moves } = told((text) => text.replace('homeRegion: eu-west-1', 'homeRegion: us-east-1'));
  expect([cannot, moves]).toEqual([
    [],
    [expect.stringMatching(/^homeRegion moves from eu-west-1 to us-east-1: topics first, .*not with --region$/)],
  ]);
});

test('a region that is gone: how much stays there, and what takes it away', () => {
  expect(told((text) => text.replace('  - us-east-1\n', '')).moves).toEqual([
    'region us-east-1 is in regions no more: the dashboards are brought up to date, and 6 targets there stay as they are; fleet destroy --region us-east-1 takes them away',
  ]);
  const one = new Map([...before].filter(([id]) => !id.includes('us-east-1') || id === (`foundation/${SHARED}/us-east-1` as TargetId)));
  expect(told((text) => text.replace('  - us-east-1\n', ''), one).moves).toEqual([
    expect.stringContaining('and 1 target there stays as it is; fleet destroy --region us-east-1 takes it away') as string,
  ]);
});

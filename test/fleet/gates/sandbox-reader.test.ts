import { existsSync, readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSandboxReader } from '../../../fleet/gates/open-sandbox-reader';
import type { GateTarget } from '../../../fleet/ports';
import { DeployedTarget, target, type Planted } from '../../regional/deployed-target';
import { FakeClock } from '../engine/sandbox/test-sandbox';

const alarm = { target: 'regional/**', kind: 'alarm' } as const;
const signal = new AbortController().signal;

describe('the health of a sandbox target', () => {
  let sandbox: DeployedTarget;
  const start = async (planted: Planted = {}, deploy: Parameters<DeployedTarget['deploy']>[0] = {}) => {
    sandbox = new DeployedTarget(planted);
    await sandbox.deploy(deploy);
  };
  const reds = () => sandbox.alarms('ALARM');
  afterEach(() => sandbox.close());

  test('a new one is green after one real second, with more orders than any canary asks for', async () => {
    await start();
    const ordersSince = sandbox.clock.now();
    await sandbox.pass(1);
    const { alarms, orders, synthetic } = await sandbox.read({ ordersSince, alarmsSince: ordersSince });

    expect(alarms.map(({ kind }) => kind)).toEqual([...Array<string>(2).fill('composite'), ...Array<string>(11).fill('metric')]);
    expect(alarms.filter(({ state, red }) => state !== 'OK' || red.length > 0)).toEqual([]);
    expect([orders, synthetic]).toEqual([3000, 1]);
  });

  test('counts only where it is asked to', async () => {
    await start();

    expect(await sandbox.read()).toMatchObject({ orders: null, synthetic: null });
  });

  test('an expected alarm that does not exist is absent', async () => {
    await start();
    const reader = openSandboxReader({
      organization: sandbox.organization,
      directory: sandbox.directory,
      clock: sandbox.clock,
      promoted: () => [],
    });
    const health = { composites: ['orders-critical'], children: ['orders-gone'], orders: null, synthetic: null };
    const { alarms } = await reader.read({ target, health, alarmsSince: null, redBefore: 'counts', ordersSince: null }, { signal });

    expect(alarms.map(({ name }) => name)).toEqual(['orders-critical']);
    expect(await reader.read({ target, health: null, alarmsSince: null, redBefore: 'counts', ordersSince: null }, { signal })).toEqual({ alarms: [], orders: null, synthetic: null }); // prettier-ignore
  });

  describe('fault alarm', () => {
    test.each([1, 5])('turns the alarms on failing orders red at a threshold of %d %%', async (errorRatePercent) => {
      await start({ faults: [alarm] }, { order: { alarms: { errorRatePercent } } });
      await sandbox.pass(1);

      expect(await reds()).toEqual(['critical', 'order-failures', 'version-failures']);
    });

    test('after one window, once: fires in the second and clears, and is still known, also after a restart', async () => {
      await start({ faults: [{ ...alarm, after: 1, times: 1 }] });
      const alarmsSince = sandbox.clock.now();
      const seen: (readonly string[])[] = [];
      for (let window = 0; window < 4; window += 1) {
        await sandbox.toWindow();
        seen.push(await reds());
      }
      sandbox.restart();
      const { alarms } = await sandbox.read({ alarmsSince });
      const composite = alarms.find(({ name }) => name === 'orders-critical');

      expect(seen.map(({ length }) => length)).toEqual([0, 3, 0, 0]);
      expect(composite).toMatchObject({ state: 'OK', red: [{ from: '2026-01-05T08:00:02.000Z', until: '2026-01-05T08:00:03.000Z' }] });
      expect((await sandbox.read({ alarmsSince: new Date('2026-01-05T08:00:03.000Z') })).alarms.flatMap(({ red }) => red)).toEqual([]);
      expect((await sandbox.read()).alarms.flatMap(({ red }) => red)).toEqual([]);
    });

    test('that is taken away ends, and what it did is known after a restart', async () => {
      await start({ faults: [alarm] });
      const alarmsSince = sandbox.clock.now();
      await sandbox.pass(2);
      const { alarms } = await sandbox.read({ alarmsSince });
      sandbox.plant();
      await sandbox.read();
      await sandbox.pass(2);
      sandbox.restart();
      const after = (await sandbox.read({ alarmsSince })).alarms.filter(({ red }) => red.length > 0);

      expect(alarms.filter(({ state }) => state === 'ALARM')).toHaveLength(3);
      expect(after.map(({ name, state }) => [name, state])).toEqual([
        ['orders-critical', 'OK'],
        ['orders-order-failures', 'OK'],
        ['orders-version-failures', 'OK'],
      ]);
      expect(after.flatMap(({ red }) => red).every(({ until }) => until !== null)).toBe(true);
    });

    test('of a new release spares the old one, and going back to it turns green', async () => {
      await start({}, { fingerprint: 'good', code: 'a' });
      sandbox.promoted.push('good');
      sandbox.plant({ faults: [{ ...alarm, release: 'new' }] });
      await sandbox.pass(2);
      const before = await reds();
      await sandbox.deploy({ fingerprint: 'new', code: 'b' });
      await sandbox.pass(1);
      const deployed = await reds();
      await sandbox.deploy({ fingerprint: 'good', code: 'a', run: { publish: false, stableVersion: '1' } });
      await sandbox.pass(1);

      expect({ before, deployed, back: await reds() }).toEqual({
        before: [],
        deployed: ['critical', 'order-failures', 'version-failures'],
        back: [],
      });
    });

    test('strikes only the version on trial while traffic shifts: its own alarm sees what the one on all orders does not', async () => {
      await start({}, { code: 'a', order: { alarms: { errorRatePercent: 1 } } });
      sandbox.plant({ faults: [alarm] });
      await sandbox.read();
      await sandbox.deploy({ code: 'b', fingerprint: 'new', run: { stableVersion: '1', canaryPercent: 10 } });
      await sandbox.pass(1);
      const shifting = await reds();
      await sandbox.deploy({ code: 'b', fingerprint: 'new' });
      await sandbox.pass(1);

      expect(shifting).toEqual(['critical', 'version-failures']);
      expect(await reds()).toEqual(['critical', 'order-failures', 'version-failures']);
    });

    test('of a new release leaves the old code alone where it serves again, whatever the fingerprint', async () => {
      await start({}, { code: 'a' });
      sandbox.plant({ faults: [{ ...alarm, release: 'new' }] });
      await sandbox.read();
      await sandbox.deploy({ code: 'b', fingerprint: 'new', run: { stableVersion: '1', canaryPercent: 0 } });
      await sandbox.pass(1);
      const stable = await reds();
      await sandbox.deploy({ code: 'b', fingerprint: 'new' });
      await sandbox.pass(1);

      expect(stable).toEqual([]);
      expect(await reds()).toHaveLength(3);
    });
  });

  test('fault no-traffic: no order is counted, heartbeats go on, and nothing turns red', async () => {
    await start({ faults: [{ target: '**', kind: 'no-traffic' }] });
    const ordersSince = sandbox.clock.now();
    await sandbox.pass(5);
    const during = await sandbox.read({ ordersSince });
    sandbox.plant();
    await sandbox.read();
    await sandbox.pass(1);
    const after = await sandbox.read({ ordersSince });

    expect([during.orders, during.synthetic, after.orders]).toEqual([0, 5, 3000]);
    expect(await sandbox.alarms('OK')).toHaveLength(13);
  });

  test('fault gate-error: the read rejects while it stands', async () => {
    await start();
    sandbox.plant({ faults: [{ target: 'regional/*/eu-west-1', kind: 'gate-error' }] });

    await expect(sandbox.read()).rejects.toMatchObject({ code: 'aws/InternalServiceFault', message: expect.stringContaining(target.id) as string }); // prettier-ignore
    sandbox.plant();
    expect((await sandbox.read()).alarms).toHaveLength(13);
  });

  test('an account that is not active cannot be read', async () => {
    await start();
    const { accounts, ...organization } = sandbox.organization();
    const suspended = {
      ...organization,
      accounts: accounts.map((one) => (one.id === target.account ? { ...one, state: 'SUSPENDED' as const } : one)),
    };
    const reader = openSandboxReader({
      organization: () => suspended,
      directory: sandbox.directory,
      clock: sandbox.clock,
      promoted: () => [],
    });

    await expect(reader.read({ target, health: null, alarmsSince: null, redBefore: 'counts', ordersSince: null }, { signal })).rejects.toMatchObject({ code: 'aws/AccessDenied' }); // prettier-ignore
  });

  test('an aborted read says so', async () => {
    await start();
    const reader = openSandboxReader({
      organization: sandbox.organization,
      directory: sandbox.directory,
      clock: sandbox.clock,
      promoted: () => [],
    });

    await expect(
      reader.read(
        { target, health: null, alarmsSince: null, redBefore: 'counts', ordersSince: null },
        { signal: AbortSignal.abort(new Error('enough')) },
      ),
    ).rejects.toThrow('enough');
  });

  test('asking writes nothing but what organization.yaml plants, once', async () => {
    await start({ faults: [alarm] });
    const file = join(sandbox.directory, 'conditions.ndjson');
    const before = readFileSync(file, 'utf8');
    for (let count = 0; count < 3; count += 1) {
      await sandbox.read();
      sandbox.restart();
    }

    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(existsSync(join(sandbox.directory, 'faults.ndjson'))).toBe(false);
  });
});

describe('openSandboxReader over a file', () => {
  const asked: GateTarget = { target, health: null, alarmsSince: null, redBefore: 'counts', ordersSince: null };
  let folder: string;
  const path = () => join(folder, 'organization.yaml');
  const write = (more = '') =>
    writeFileSync(
      path(),
      `id: o-sandbox0001\nmanagementAccount: "100000000000"\naccounts: [{ id: "100000000000", name: management }, { id: "${target.account}", name: w }]\n${more}`,
    );
  const open = () =>
    openSandboxReader({ organization: path(), directory: join(folder, 'sandbox'), clock: new FakeClock(), promoted: () => [] });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-reader-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('reads it again when it changed, on the next question', async () => {
    write();
    const reader = open();
    const first = await reader.read(asked, { signal });
    write('faults: [{ target: "**", kind: gate-error }]\n');

    expect(first.alarms).toEqual([]);
    await expect(reader.read(asked, { signal })).rejects.toMatchObject({ code: 'aws/InternalServiceFault' });
    write();
    expect((await reader.read(asked, { signal })).alarms).toEqual([]);
  });

  test('a file that cannot be read is no health: the question is rejected, the next one is not', async () => {
    write();
    const reader = open();
    writeFileSync(path(), 'id: [');

    await expect(reader.read(asked, { signal })).rejects.toMatchObject({ code: 'user/organization-file' });
    write();
    expect((await reader.read(asked, { signal })).alarms).toEqual([]);
    rmSync(path());
    await expect(reader.read(asked, { signal })).rejects.toMatchObject({ code: 'user/organization-file' });
  });
});

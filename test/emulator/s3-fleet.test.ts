import { reportSchema } from '../fleet/report/report-schema';
import { describeWithMoto } from '../helpers/engine-tier';

import { FleetMachine, type Ran } from './fleet-machine';
import { motoServer } from './moto-server';
import { s3Behind } from './s3-door';
import { sealVersion1 } from '../fleet/state/version-1';

/** The command itself, in processes of its own: a small simulated organisation whose state is in a bucket, driven from two machines. */
const moto = motoServer();
const { bucket, objects } = s3Behind(moto);

const CACHE = `.fleet/cache/${bucket}+orders`;
const SANDBOX = `${CACHE}/sandbox`;
const waves = [
  { name: 'canary', pick: { count: 1 }, bake: '1s', failureTolerance: 0 },
  { name: 'rest', approval: 'required' },
];

const machines: FleetMachine[] = [];
afterAll(() => machines.forEach((machine) => machine.remove()));

function machine(): FleetMachine {
  const created = new FleetMachine(moto());
  machines.push(created);
  return created;
}

async function sandboxFleet(): Promise<FleetMachine> {
  const made = machine();
  await made.run('init', '.', '--sandbox', '--accounts', '2', '--regions', 'eu-west-1');
  made.configure({ state: `s3://${bucket}/orders`, waves });
  return made;
}

const report = ({ result }: Ran) => reportSchema.parse(result);
const outcomes = (ran: Ran) => report(ran).targets.map(({ outcome }) => outcome);

describeWithMoto('a fleet whose state is in a bucket', () => {
  test('a rollout begins on one machine and ends on another one, which has nothing but fleet.yaml and what both see of the world', async () => {
    const first = await sandboxFleet();
    const begun = await first.run('rollout', '--yes');
    expect(begun).toMatchObject({ exitCode: 3, err: [] });
    expect(first.files('.fleet').filter((path) => !path.startsWith(SANDBOX) && !path.startsWith(`${CACHE}/releases`))).toEqual([]);
    expect(await objects('orders').list('')).toEqual(
      expect.arrayContaining(['fleet.json', 'inventory.json', 'lease', expect.stringMatching(/^releases\/[0-9a-f]{64}\.json$/)]),
    );

    const second = machine();
    second.take(first, 'fleet.yaml', 'organization.yaml', SANDBOX);
    const { rollout } = report(begun);
    expect(report(await second.run('status'))).toMatchObject({ rollout, outcome: null });
    expect(second.files(CACHE).filter((path) => !path.startsWith(SANDBOX))).toEqual([]);

    expect(await second.run('approve')).toMatchObject({ exitCode: 0, err: [] });
    const resumed = await second.run('resume');
    expect(resumed).toMatchObject({ exitCode: 0, err: [] });
    expect(outcomes(resumed)).toEqual(Array(4).fill('succeeded'));
    expect(second.files(`${CACHE}/releases`).map((path) => path.split('/').slice(5).join('/'))).toContain('regional/index.js');

    const third = machine();
    third.take(second, 'fleet.yaml', 'organization.yaml', SANDBOX);
    expect(await third.run('drift')).toMatchObject({ exitCode: 0, err: [] });

    const told = await first.run('report');
    expect(report(told)).toMatchObject({ rollout, outcome: 'succeeded' });
    const again = await first.run('rollout', '--yes');
    expect(again.exitCode).toBe(0);
    expect(outcomes(again)).toEqual(Array(4).fill('unchanged'));
  }, 120_000);

  test('a bucket that is not there ends a verb with one line, and leaves nothing', async () => {
    const made = machine();
    await made.run('init', '.', '--sandbox', '--accounts', '1', '--regions', 'eu-west-1');
    made.configure({ state: 's3://no-such-bucket/orders' });

    expect(await made.run('rollout', '--yes')).toMatchObject({
      exitCode: 1,
      err: [
        'aws/NoSuchBucket: state s3://no-such-bucket/orders/fleet.json cannot be read: there is no bucket no-such-bucket: create it, or set `state` to one that exists',
      ],
    });
    expect(made.files()).toEqual(['fleet.yaml', 'organization.yaml']);
  });

  test('a place where nobody answers ends a verb with one line', async () => {
    const made = new FleetMachine('http://127.0.0.1:9');
    machines.push(made);
    await made.run('init', '.', '--sandbox', '--accounts', '1', '--regions', 'eu-west-1');
    made.configure({ state: `s3://${bucket}/orders` });
    const { exitCode, err } = await made.run('status');

    expect([exitCode, err.length]).toEqual([1, 1]);
    expect(err[0]).toMatch(/^aws\/ECONNREFUSED: state s3:\/\/fleet-state\/orders\/fleet.json cannot be read: connect ECONNREFUSED/);
  });

  test('a state of another fleet is named as fleet.yaml names it', async () => {
    await objects('invoices').create('fleet.json', sealVersion1('orders'));
    const made = machine();
    await made.run('init', '.', '--sandbox', '--accounts', '1', '--regions', 'eu-west-1');
    made.configure({ name: 'invoices', state: `s3://${bucket}/invoices` });

    expect(await made.run('status')).toMatchObject({
      exitCode: 2,
      err: ['user/state-of-another-fleet: state s3://fleet-state/invoices belongs to fleet orders, not invoices: set another `state`'],
    });
  });
});

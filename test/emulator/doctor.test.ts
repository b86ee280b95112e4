import { claimBackend } from '../../fleet/engine/pulumi/backend-owner';
import { describeWithMoto } from '../helpers/engine-tier';

import { FleetMachine, type Ran } from './fleet-machine';
import { motoServer } from './moto-server';
import { s3Behind } from './s3-door';

/** The command itself over S3 and STS of moto, which lets every role be assumed. */
const moto = motoServer();
const { bucket, objects } = s3Behind(moto);

const machines: FleetMachine[] = [];
afterAll(() => machines.forEach((machine) => machine.remove()));

/** A fleet of a real organisation whose state and backend are in the bucket. */
async function realFleet(endpoint: string, change: Readonly<Record<string, unknown>> = {}): Promise<FleetMachine> {
  const machine = new FleetMachine(endpoint);
  machines.push(machine);
  await machine.run('init', '.', '--sandbox', '--accounts', '1', '--regions', 'eu-west-1');
  machine.configure({
    organization: { source: 'aws' },
    engine: 'pulumi',
    state: `s3://${bucket}/orders`,
    backend: `s3://${bucket}/pulumi`,
    secretsProvider: 'awskms://alias/acme-fleet',
    ...change,
  });
  return machine;
}

interface Found {
  readonly name: string;
  readonly status: string;
  readonly code: string | null;
  readonly detail: string;
}

/** All but the checks of the engine and its plugin, which depend on this machine. */
const checksOf = ({ result }: Ran) =>
  Object.fromEntries(
    (result as { readonly checks: readonly Found[] }).checks
      .filter(({ name }) => name !== 'engine' && name !== 'provider')
      .map((check) => [check.name, check]),
  );

describeWithMoto('fleet doctor over AWS', () => {
  test('finds a state, a backend, credentials and the roles of the accounts that are known, and leaves nothing', async () => {
    const machine = await realFleet(moto());
    const checks = checksOf(await machine.run('doctor'));

    expect(Object.values(checks).map(({ name, status }) => [name, status])).toEqual([
      ['node', 'ok'],
      ['state', 'ok'],
      ['backend', 'ok'],
      ['secrets', 'ok'],
      ['secret variables', 'skipped'],
      ['credentials', 'ok'],
      ['role shared', 'ok'],
      ['role monitoring', 'ok'],
      ['role workload', 'skipped'],
    ]);
    expect(checks['role workload']?.detail).toContain('`fleet discover` takes an inventory');
    expect(await objects('orders').list('')).toEqual([]);
    expect(await objects('pulumi').list('')).toEqual([]);
  });

  test('refuses a backend of another fleet', async () => {
    await claimBackend(objects('taken'), { fleet: 'invoices', location: `s3://${bucket}/taken` });
    const machine = await realFleet(moto(), { backend: `s3://${bucket}/taken` });
    const ran = await machine.run('doctor');

    expect(ran.exitCode).toBe(1);
    expect(checksOf(ran)).toMatchObject({
      state: { status: 'ok' },
      backend: {
        status: 'failed',
        code: 'user/backend-of-another-fleet',
        detail: `Pulumi backend s3://${bucket}/taken belongs to fleet invoices, not orders: set another \`backend\``,
      },
    });
  });

  test('tells of a bucket that is not there as what it would be', async () => {
    const machine = await realFleet(moto(), { state: 's3://no-such-bucket/orders', backend: 's3://no-such-bucket' });

    expect(checksOf(await machine.run('doctor'))).toMatchObject({
      state: {
        code: 'aws/NoSuchBucket',
        detail:
          'state s3://no-such-bucket/orders/fleet.json cannot be read: there is no bucket no-such-bucket: create it, or set `state` to one that exists',
      },
      backend: {
        code: 'aws/NoSuchBucket',
        detail:
          'Pulumi backend s3://no-such-bucket/fleet.json cannot be read: there is no bucket no-such-bucket: create it, or set `backend` to one that exists',
      },
    });
  });

  test('says that nobody answers, and tries no role', async () => {
    const machine = await realFleet('http://127.0.0.1:9', { state: '.fleet', backend: 'checkpoints' });

    expect(checksOf(await machine.run('doctor'))).toMatchObject({
      state: { status: 'ok' },
      backend: { status: 'ok' },
      credentials: { status: 'failed', code: 'aws/ECONNREFUSED' },
      'role shared': { status: 'skipped' },
    });
  });
});

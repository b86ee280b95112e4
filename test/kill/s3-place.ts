import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { CreateBucketCommand } from '@aws-sdk/client-s3';

import { regionSchema } from '../../contracts/ids';
import { createS3Client } from '../../fleet/state/s3-client';
import { S3Door } from '../emulator/s3-door';

/** An emulated S3 with an empty bucket. */
export interface S3Place {
  /** What leads a process there. */
  readonly environment: Readonly<Record<string, string>>;
  /** Location of a state in the bucket, as fleet.yaml says it. */
  readonly stateOf: (name: string) => string;
  /** Requests carried out so far. */
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}

const BUCKET = 'fleet-state';
const REGION = regionSchema.parse('eu-west-1');
const keys = { accessKeyId: 'AKIASTATE', secretAccessKey: 'secret' };

/** Starts moto, given a Python that has it, behind a door that carries out one request after the other, as S3 decides each write in one step. */
export async function openS3Place(python: string): Promise<S3Place> {
  const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = () => void server.kill();
  process.once('exit', end);
  const door = new S3Door(await addressOf(server));
  await door.open();
  const client = createS3Client({ region: REGION, credentials: keys, endpoint: door.endpoint });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  client.destroy();
  return {
    environment: { AWS_ENDPOINT_URL: door.endpoint, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey },
    stateOf: (name) => `s3://${BUCKET}/${name}`,
    requests: () => door.requests.length,
    close: async () => {
      await door.close();
      process.off('exit', end);
      const gone = once(server, 'exit');
      server.kill();
      await gone;
    },
  };
}

/** What moto says on standard error: its address, or why it ended. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`moto ended before it listened: ${said}`)));
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4000);
      const [, address] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
}

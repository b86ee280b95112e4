import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const START_MS = 60_000;

/** Runs moto for this test file on a free loopback port; gives its address to the tests. */
export function motoServer(): () => string {
  let endpoint = '';
  let server: ChildProcess | undefined;
  const end = () => void server?.kill();

  beforeAll(async () => {
    server = spawn(process.env.MOTO_PYTHON ?? 'python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    process.once('exit', end);
    endpoint = await addressOf(server);
  }, START_MS);

  afterAll(async () => {
    process.off('exit', end);
    if (server?.exitCode !== null) return;
    const gone = once(server, 'exit');
    server.kill();
    await gone;
  });

  return () => endpoint;
}

/** What moto says on standard error: its address, or why it ended. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.on('error', reject);
    server.on('exit', () => reject(new Error(`moto ended before it listened: ${said}`)));
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const [, address] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
}

import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { credentials } from '@grpc/grpc-js';
import { AnalyzerClient } from '@pulumi/pulumi/proto/analyzer_grpc_pb';
import type { AnalyzerInfo } from '@pulumi/pulumi/proto/analyzer_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

import { auditRules } from '../../contracts/audit/audit-rules';
import { policiesOf } from '../../policy-pack/policies';

const root = resolve(__dirname, '../..');

/** Starts the pack as the CLI does, and waits for the port that it tells. */
async function serve(): Promise<{ readonly process: ChildProcess; readonly port: string }> {
  const runner = join(root, 'node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js');
  const process = spawn(globalThis.process.execPath, [runner, '127.0.0.1:1', '.'], {
    cwd: join(root, 'policy-pack'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: process.stdout })) return { process, port: line.trim() };
  throw new Error(`the pack ended with ${String(process.exitCode)} before it told its port`);
}

describe('the policy pack', () => {
  test("is loaded by Pulumi's own runner, and serves its policies", async () => {
    const { process, port } = await serve();
    const client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
    try {
      const info = await new Promise<AnalyzerInfo>((take, refuse) =>
        client.getAnalyzerInfo(new Empty(), (error, answer) => (error ? refuse(error) : take(answer))),
      );

      expect(info.getName()).toBe('order-fleet');
      expect(info.getPoliciesList().map((policy) => policy.getName())).toEqual(policiesOf(auditRules, () => '').map(({ name }) => name));
    } finally {
      client.close();
      process.kill();
    }
  }, 30_000);
});

/**
 * A target's own process: serves one program to one run of the Pulumi CLI, then ends. Programs run in a process each, since a promise that
 * one rejects and nobody awaits would be told of every program in it. It ends its CLI and itself when the manager is gone.
 */
import { spawn, type ChildProcess } from 'node:child_process';

import * as grpc from '@grpc/grpc-js';
import { LanguageRuntimeService } from '@pulumi/pulumi/proto/language_grpc_pb';

import { isFleetError, messageOf } from '../../errors';
import { loadProgram } from '../load-program';

import { languageServer } from './language-server';
import type { ProcessReport, RunOrder } from './target-message';

/** From a controller's end to the end of what it started: first asked, then told, then made to. */
const ASK_MS = 60_000;
const TELL_MS = 15_000;
const OUTPUT_KEPT = 8_000;

let cli: ChildProcess | undefined;

/** Resolves once the message is on its way, or nobody is there to hear it. */
function report(message: ProcessReport): Promise<void> {
  return new Promise((sent) => {
    if (process.connected && process.send) process.send(message, undefined, undefined, () => sent());
    else sent();
  });
}

async function run(order: RunOrder): Promise<void> {
  Object.assign(process.env, order.variables);
  const served = order.program === null ? undefined : await serve(order.program);
  const args = served ? [...order.args, `--client=127.0.0.1:${served.port}`, '--exec-kind', 'auto.inline'] : order.args;
  cli = spawn(order.cli, args, { cwd: order.workDirectory, env: order.environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_KEPT);
  };
  cli.stdout?.on('data', keep);
  cli.stderr?.on('data', keep);
  if (cli.pid !== undefined) void report({ kind: 'started', pid: cli.pid });
  const ended = await new Promise<{ readonly code: number | null; readonly signal: string | null }>((resolve, reject) => {
    cli?.once('error', reject);
    cli?.once('close', (code, signal) => resolve({ code, signal }));
  });
  served?.close();
  await report({ kind: 'ended', ...ended, output });
}

async function serve({ release, layer }: NonNullable<RunOrder['program']>): Promise<{ readonly port: number; readonly close: () => void }> {
  const program = loadProgram(release, layer);
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(LanguageRuntimeService, languageServer(program));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port, close: () => server.forceShutdown() };
}

/** The manager is gone, and nobody would hear of what the CLI goes on to do. */
function endOrphan(): void {
  if (cli?.exitCode !== null || cli.signalCode !== null) process.exit(1);
  cli.once('exit', () => process.exit(1));
  cli.kill('SIGINT');
  setTimeout(() => cli?.kill('SIGTERM'), ASK_MS);
  setTimeout(() => cli?.kill('SIGKILL'), ASK_MS + TELL_MS);
}

// They come to the whole group, and this process has to see the CLI's end.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', endOrphan);
process.once('message', (order: RunOrder) => {
  run(order)
    .catch((error: unknown) => report({ kind: 'failed', error: isFleetError(error) ? error.code : null, message: messageOf(error) }))
    .finally(() => {
      if (process.connected) process.disconnect();
      process.exit(0);
    });
});
void report({ kind: 'ready' });

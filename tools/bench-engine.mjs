// What one changed target costs on the real engine, beside its peers: npm run bench:engine -- [--rounds 7]
// peer: a cold Node child that serves the same bundle to one bare `pulumi up`. stack-up: the Automation API's Stack.up().
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(join(root, 'dist', 'fleet', 'bin.js'));
const TARGET = 'regional/200000000001/eu-west-1';
const STACK = '200000000001.eu-west-1';
const GOAL = 1.3;

if (process.argv[2] === '--peer') await peer(JSON.parse(process.argv[3]));
else await bench();

async function bench() {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
  const rounds = Number(values.rounds);
  const folder = mkdtempSync(join(tmpdir(), 'fleet-bench-'));
  try {
    await run(process.execPath, [
      join(root, 'dist/fleet/bin.js'),
      'init',
      folder,
      '--sandbox',
      '--accounts',
      '1',
      '--regions',
      'eu-west-1',
    ]);
    const file = join(folder, 'fleet.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8')
        .replace('engine: sandbox', 'engine: pulumi')
        .replace(/^waves:[^]*?(?=^limits:)/m, 'waves:\n  - name: all\n'),
    );
    await run(process.execPath, [join(root, 'dist/fleet/bin.js'), 'rollout', '--yes', '--config', file]);
    const stage = await prepare(folder);
    await measure(stage, rounds);
    await stage.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Everything that the three ways share: the stack as deployed, its settings, and one door of the simulated provider. */
async function prepare(folder) {
  const { findPulumiCli } = require('./engine/pulumi/cli/find-pulumi-cli');
  const { openSandbox } = require('./engine/sandbox/open-sandbox-engine');
  const { readOrganizationFile } = require('./discovery/organization-file');
  const { sandboxDoors } = require('./engine/pulumi/sandbox-doors');
  const { PulumiEngine } = require('./engine/pulumi/pulumi-engine');
  const { folderBackend } = require('./engine/pulumi/folder-backend');
  const { FolderObjects } = require('./state/folder-objects');
  const { systemClock } = require('./system-clock');
  const { targetSchema } = require('../contracts/target');

  const state = join(folder, '.fleet');
  const backend = join(state, 'pulumi');
  const history = join(backend, '.pulumi', 'history', 'regional', STACK);
  const [entry] = readdirSync(history).filter((name) => name.endsWith('.history.json'));
  const { config } = JSON.parse(readFileSync(join(history, entry), 'utf8'));
  const [release] = readdirSync(join(state, 'releases')).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const directory = join(state, 'releases', release);
  const { provider, world } = openSandbox({
    directory: join(state, 'sandbox'),
    organization: readOrganizationFile(join(folder, 'organization.yaml')),
    clock: systemClock,
    promoted: [],
  });
  const { path: cli } = await findPulumiCli({ env: process.env });
  const env = { ...process.env, PULUMI_CONFIG_PASSPHRASE: '', PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true' };
  const serveProvider = sandboxDoors({ provider, world });
  const engine = new PulumiEngine({
    ...{ cli, env, serveProvider, clock: systemClock, secretsProvider: 'passphrase', reporter: { report: () => undefined } },
    ...{
      backend: pathToFileURL(backend).href,
      files: folderBackend(backend),
      objects: new FolderObjects(state),
      directory: join(state, 'runs'),
    },
  });
  const target = targetSchema.parse(TARGET);
  let memoryMb = 1024;
  /** Another memory size each time: a change of the function, its version and its alias. */
  const nextJob = (id) => {
    memoryMb = memoryMb === 1024 ? 1536 : 1024;
    const told = JSON.parse(config['fleet:target']);
    const changed = { ...told, settings: { ...told.settings, memoryMb } };
    const job = { id, target, config: changed, run: JSON.parse(config['fleet:run']), fingerprint: id, purpose: 'forward' };
    return { ...job, release: { digest: release, directory, manifest: {} } };
  };
  return { engine, nextJob, cli, env, serveProvider, backend, folder, directory, close: () => engine.close() };
}

async function measure(stage, rounds) {
  const { cliEnvironment } = require('./engine/pulumi/child-environment');
  const { stackFile, projectFile, secretsOf, targetStackConfig } = require('./engine/pulumi/project-files');
  const { StackFiles } = require('./engine/pulumi/stack-files');
  const { folderBackend } = require('./engine/pulumi/folder-backend');
  const { compileProgram } = require('./engine/load-program');
  const { LocalWorkspace, PulumiCommand } = require('@pulumi/pulumi/automation');
  const program = join(stage.directory, 'regional', 'index.js');
  const url = pathToFileURL(stage.backend).href;
  const files = new StackFiles(folderBackend(stage.backend));
  const settings = async (job, name) => {
    const workDirectory = join(stage.folder, name);
    mkdirSync(workDirectory, { recursive: true });
    writeFileSync(join(workDirectory, 'Pulumi.yaml'), projectFile('regional'));
    writeFileSync(
      join(workDirectory, `Pulumi.${STACK}.yaml`),
      stackFile(targetStackConfig(job), secretsOf(await files.deployment(job.target))),
    );
    return workDirectory;
  };
  const quiet = () => undefined;
  const inOwn = async (job) => {
    const result = await stage.engine.run('up', job, { signal: new AbortController().signal, onEvent: quiet });
    if (result.status !== 'succeeded') throw new Error(result.error.message);
  };
  const inPeer = async (job) => {
    const door = await stage.serveProvider(job, quiet);
    const workDirectory = await settings(job, 'peer');
    const environment = { ...cliEnvironment(stage.env, url), PULUMI_DEBUG_PROVIDERS: door.attach };
    const began = performance.now();
    await run(process.execPath, [
      fileURLToPath(import.meta.url),
      '--peer',
      JSON.stringify({ program, cli: stage.cli, workDirectory, environment }),
    ]);
    const took = performance.now() - began;
    await door.close();
    return took;
  };
  const inStackUp = async (job) => {
    const door = await stage.serveProvider(job, quiet);
    const workDir = await settings(job, 'stack-up');
    const began = performance.now();
    const stack = await LocalWorkspace.selectStack(
      { stackName: STACK, workDir },
      {
        pulumiCommand: await PulumiCommand.get({ root: dirname(dirname(stage.cli)) }),
        envVars: { ...cliEnvironment(stage.env, url), PULUMI_DEBUG_PROVIDERS: door.attach },
      },
    );
    stack.workspace.program = compileProgram(readFileSync(program, 'utf8'), program);
    await stack.up();
    const took = performance.now() - began;
    await door.close();
    return took;
  };
  const ways = { fleet: timed(inOwn), peer: inPeer, 'Stack.up': inStackUp };
  const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  await inOwn(stage.nextJob('warm'));
  for (let round = 0; round < rounds; round += 1)
    for (const [way, go] of Object.entries(ways)) times[way].push(await go(stage.nextJob(`${way}-${round}`)));

  const median = (all) => [...all].sort((one, other) => one - other)[Math.floor(all.length / 2)];
  const peerTime = median(times.peer);
  console.log(`one changed target of 57 resources, ${rounds} rounds in turn, milliseconds`);
  for (const [way, all] of Object.entries(times))
    console.log(
      `${way.padEnd(10)} median ${median(all).toFixed(0).padStart(6)}  min ${Math.min(...all)
        .toFixed(0)
        .padStart(6)}  max ${Math.max(...all)
        .toFixed(0)
        .padStart(6)}  ${(median(all) / peerTime).toFixed(2)} x peer`,
    );
  const memory = await peakMemory(() => inOwn(stage.nextJob('memory')), stage.folder);
  console.log(
    `memory of one running target: ${memory.node} MB its process + ${memory.cli} MB its CLI = ${memory.node + memory.cli} MB at the peak`,
  );
  const ratio = median(times.fleet) / peerTime;
  if (ratio > GOAL) console.log(`more than ${GOAL} x its peer`);
  process.exitCode = ratio > GOAL ? 1 : 0;
}

function timed(work) {
  return async (job) => {
    const began = performance.now();
    await work(job);
    return performance.now() - began;
  };
}

/** Resident megabytes of the target's two processes, seen every 20 ms. */
async function peakMemory(work, folder) {
  const peak = { node: 0, cli: 0 };
  const timer = setInterval(() => {
    for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
      const command = read(`/proc/${name}/cmdline`);
      if (!command.includes(folder) || !command.includes('--client')) continue;
      const stat = read(`/proc/${name}/stat`);
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
      peak.cli = Math.max(peak.cli, resident(name));
      peak.node = Math.max(peak.node, resident(parent));
    }
  }, 20);
  await work();
  clearInterval(timer);
  return peak;
}

function resident(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024);
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function run(command, args) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaints = '';
    child.stderr.on('data', (chunk) => (complaints += chunk));
    child.once('error', failed);
    child.once('close', (code) => (code === 0 ? done() : failed(new Error(`${args.slice(0, 3).join(' ')}: ${complaints}`))));
  });
}

/** The peer: nothing but a language server over the bundle and one CLI. */
async function peer({ program, cli, workDirectory, environment }) {
  const grpc = require('@grpc/grpc-js');
  const { LanguageRuntimeService } = require('@pulumi/pulumi/proto/language_grpc_pb');
  const { languageServer } = require('./engine/pulumi/language-server');
  const { compileProgram } = require('./engine/load-program');
  const server = new grpc.Server();
  server.addService(LanguageRuntimeService, languageServer(compileProgram(readFileSync(program, 'utf8'), program)));
  const port = await new Promise((done, failed) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? failed(error) : done(bound))),
  );
  const args = [
    'up',
    '--yes',
    '--skip-preview',
    '--stack',
    STACK,
    `--client=127.0.0.1:${port}`,
    '--exec-kind',
    'auto.inline',
    '--non-interactive',
  ];
  const child = spawn(cli, args, { cwd: workDirectory, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  child.once('close', (code) => process.exit(code ?? 1));
}

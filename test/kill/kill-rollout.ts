import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { openFleet } from '../../fleet/commands/context';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import { Random } from '../simulation/random';

import { checkFleets, type Check } from './check-fleets';
import { runFleet, type Ended, type Moment } from './fleet-process';
import { liesOf, standing } from './lies-of';
import { readFleet } from './read-fleet';

/** What is killed while it runs. */
export type Killed = 'rollout' | 'destroy' | 'destroy-data' | 'destroy-account' | 'repair';

/** How a rollout is killed. */
export interface KillOptions {
  readonly what: Killed;
  readonly signal: 'SIGKILL' | 'SIGHUP';
  /** `pulumi`: the real CLI deploys to the sandbox. */
  readonly engine: 'sandbox' | 'pulumi';
  /** The command line as it is transpiled. */
  readonly bin: string;
  /** An empty folder for the fleets. */
  readonly folder: string;
  readonly accounts: number;
  readonly regions: readonly string[];
  /** Of the waves before the last. */
  readonly bakeSeconds: number;
  readonly kills: number;
  readonly seed: number;
  /** Where a fleet keeps what it knows, by the name of its folder. @default the folder itself */
  readonly stateOf?: (name: string) => string;
  readonly tell: (line: string) => void;
}

/** What came of it. */
export interface KillResult {
  readonly checks: readonly Check[];
  readonly targets: number;
  /** Where the rollout stood each time. */
  readonly deaths: ReadonlyMap<string, number>;
  readonly seconds: { readonly undisturbed: number; readonly killed: number };
}

/** How often a life is cut short while it starts, and around a bake or another turn of a wave. */
const START_UP = 0.15;
const TURN = 0.2;

/** Rolls one fleet out undisturbed, and a copy of it under `kill -9`; holds one against the other. */
export async function killRollout(options: KillOptions): Promise<KillResult> {
  const { bin, folder, kills, stateOf, tell } = options;
  const [undisturbed, killed] = [join(folder, 'undisturbed'), join(folder, 'killed')];
  await mustEnd(
    0,
    runFleet(bin, ['init', undisturbed, '--sandbox', '--accounts', String(options.accounts), '--regions', options.regions.join(',')]),
  );
  const config = (directory: string) => ['--config', join(directory, 'fleet.yaml')];
  // What is told first is then that the rollout has begun.
  const file = join(undisturbed, 'fleet.yaml');
  const text = readFileSync(file, 'utf8').replaceAll('bake: 2s', `bake: ${options.bakeSeconds}s\n    shortBake: true`);
  writeFileSync(file, text.replace(/^engine: sandbox$/m, `engine: ${options.engine}`));
  cpSync(undisturbed, killed, { recursive: true });
  for (const directory of [undisturbed, killed]) {
    if (stateOf) appendFileSync(join(directory, 'fleet.yaml'), `\nstate: ${stateOf(basename(directory))}\n`);
    await mustEnd(0, runFleet(bin, ['build', ...config(directory)]));
  }

  if (options.what !== 'rollout')
    for (const directory of [undisturbed, killed]) {
      await mustEnd(0, runFleet(bin, ['rollout', '--yes', ...config(directory)]));
      if (options.what === 'repair') appendFileSync(join(directory, 'organization.yaml'), DRIFT);
    }
  const before = (await readFleet(killed)).rollouts.length;
  const made = await standing(killed);
  const begin = beginning(options.what);
  const calm = await mustEnd(0, runFleet(bin, [...begin, '--json', ...config(undisturbed)]));
  const whole = made.size === 0 ? await standing(undisturbed) : made;
  tell(`undisturbed: ${(calm.lived / 1000).toFixed(1)} s, ${calm.lines.length} lines`);

  const random = new Random(options.seed);
  const deaths = new Map<string, number>();
  const truths: string[] = [];
  let milliseconds = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const verb = await verbFor(killed, { before, begin });
    const moment = { ...momentOf(random, { whole: calm, kills }), signal: options.signal };
    const ended = await runFleet(bin, [...verb, '--json', ...config(killed)], moment);
    milliseconds += ended.lived;
    truths.push(
      ...(await liesOf({ directory: killed, run: (argv) => runFleet(bin, [...argv, '--json', ...config(killed)]), whole })).map(
        (lie) => `kill ${kill}: ${lie}`,
      ),
    );
    // Quicker than its lives were meant to let it be: what is left of them is none.
    if (ended.exitCode === 0) break;
    if (ended.exitCode !== null && ended.exitCode !== EXIT_INTERRUPTED)
      throw new Error(`life ${kill} ended with ${ended.exitCode}: ${ended.errors.at(-1) ?? ended.lines.at(-1) ?? ''}`);
    const place = await standsAt(killed);
    deaths.set(place, (deaths.get(place) ?? 0) + 1);
    tell(`kill ${kill}: after ${(ended.lived / 1000).toFixed(2)} s and ${ended.lines.length} lines, ${place}`);
  }
  const last = await mustEnd(0, runFleet(bin, [...(await verbFor(killed, { before, begin })), '--json', ...config(killed)]));
  milliseconds += last.lived;
  const read = await readFleet(killed);
  return {
    checks: [
      ...checkFleets(read, await readFleet(undisturbed)),
      { name: 'plan and status tell the truth', looked: kills, problems: truths },
    ],
    targets: read.rollouts.at(-1)?.plan.targets.length ?? 0,
    deaths,
    seconds: { undisturbed: calm.lived / 1000, killed: milliseconds / 1000 },
  };
}

const EXIT_INTERRUPTED = 130;

/** Things changed by hand on every target, some of them twice. */
const DRIFT = `
drift:
  - { target: "regional/*/*", on: "aws:sqs/queue:Queue", set: { visibilityTimeoutSeconds: 200 } }
  - { target: "regional/*/eu-west-1", on: "aws:cloudwatch/metricAlarm:MetricAlarm", name: throttles, gone: true }
  - { target: "foundation/**", on: "aws:sns/topicPolicy:TopicPolicy", set: { policy: "{}" } }
`;

function beginning(what: Killed): readonly string[] {
  const destroy = ['destroy', '--confirm', 'orders'];
  switch (what) {
    case 'rollout':
      return ['rollout', '--yes'];
    case 'destroy':
      return destroy;
    case 'destroy-data':
      return [...destroy, '--delete-data'];
    case 'destroy-account':
      return [...destroy, '--unit', 'Workloads/**', '--region', 'us-east-1', '--layer', 'regional'];
    case 'repair':
      return ['repair', '--yes'];
    default:
      throw new Error(`unknown ${String(what satisfies never)}`);
  }
}

/** What goes on with what has begun, or begins it. */
async function verbFor(
  directory: string,
  { before, begin }: { readonly before: number; readonly begin: readonly string[] },
): Promise<readonly string[]> {
  const { store } = await openFleet(join(directory, 'fleet.yaml'));
  return (await store.rolloutIds()).length > before ? ['resume'] : begin;
}

/** Lives are as long as the whole rollout's lines allow for so many of them; some end before the first word. */
function momentOf(random: Random, { whole, kills }: { readonly whole: Ended; readonly kills: number }): Moment {
  const startUp = whole.firstLine ?? 1000;
  if (random.chance(START_UP)) return { kind: 'start-up', afterMs: Math.floor(random.next() * startUp * 1.2) };
  const patienceMs = random.int(100, Math.max(2500, Math.round((2 * whole.lived) / kills)));
  if (random.chance(TURN))
    return {
      kind: 'lines',
      matching: /"(bake-started|wave-[a-z]+|rollout-resumed)"/,
      lines: random.int(1, 2),
      jitterMs: random.int(0, 1500),
      patienceMs,
    };
  const share = Math.max(1, Math.floor((1.1 * whole.lines.length) / kills));
  return { kind: 'lines', matching: /./, lines: random.int(1, share), jitterMs: random.int(0, 250), patienceMs };
}

/** Where the rollout stands, as its journal says. */
async function standsAt(directory: string): Promise<string> {
  const { store } = await openFleet(join(directory, 'fleet.yaml'));
  const kept = await store.loadRollout();
  if (!kept) return 'before it began';
  const goods = new Map(
    kept.entries.flatMap((entry) => ('goods' in entry ? entry.goods.map((record) => [record.target, record] as const) : [])),
  );
  const events = kept.entries.flatMap((entry) => ('event' in entry ? [entry.event] : []));
  const state = replayRollout({ plan: kept.plan, goods, events });
  const running = [...state.states.values()].filter((target) => target.state === 'running').length;
  if (state.outcome !== null) return 'after its end was written';
  if (running > 0) return `while targets ran`;
  const wave = [...state.waveStates.values()].find(({ state: name }) => !['passed', 'failed', 'cancelled', 'waiting'].includes(name));
  return wave ? `while a wave was ${wave.state}` : 'between waves';
}

async function mustEnd(exitCode: number, run: Promise<Ended>): Promise<Ended> {
  const ended = await run;
  if (ended.exitCode !== exitCode)
    throw new Error(`it ended with ${String(ended.exitCode)}: ${[...ended.lines, ...ended.errors].slice(-3).join('\n')}`);
  return ended;
}

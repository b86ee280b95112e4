import { createHash } from 'node:crypto';

import type { TargetId } from '../../contracts/target';
import { isFleetError, messageOf } from '../../fleet/errors';
import { planRollback } from '../../fleet/plan/plan-rollback';
import { planRollout } from '../../fleet/plan/plan-rollout';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import { everything } from '../../fleet/plan/target-filter';
import { noChanges, type Engine, type EngineResult, type ObjectStore } from '../../fleet/ports';
import type { HealthReader } from '../../fleet/gates/health-reader';
import type { DriverResult } from '../../fleet/rollout/driver';
import type { RolloutRequest } from '../../fleet/rollout/driver-ports';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import type { RolloutState } from '../../fleet/rollout/state';
import { FleetStore } from '../../fleet/state/fleet-store';
import { postMessage } from '../../fleet/state/inbox';
import { readSegments } from '../../fleet/state/journal';
import { MemoryObjects } from '../../fleet/state/memory-objects';
import { startOf } from '../../fleet/commands/start-of';
import type { JournalEntry } from '../../fleet/state/journal-entry';
import type { ProcessIdentity } from '../../fleet/state/process-identity';
import { openSandbox } from '../../fleet/engine/sandbox/open-sandbox-engine';
import { checkJournals, type CheckedRollout, type Violation } from '../invariants/check-journal';
import { checkReplay } from '../invariants/check-replay';

import { checkWorld } from './check-world';
import { controlRollout, type Assignment, type ControlledWorld } from './control-rollout';
import { coverRollout, Coverage } from './coverage';
import { fleetConfig, inventoryOf, organizationOf, releaseOf, type FleetFigures } from './fleet-model';
import { graphRenderer } from './graph-engine';
import { scriptedReader, troublesOf, type HealthScript } from './health-script';
import { CANARY, layerGraph } from './layer-graph';
import { plantedFaults } from './planted-faults';
import { Random } from './random';
import { requestItself } from './request-itself';
import { TROUBLES_END, calmScenario, type Deed, type Mishap, type RolloutStep, type Scenario, type Trouble } from './scenario';
import { Killed, SimulatedProcess, type WallClock } from './simulated-process';
import { SimulatedDisk } from './simulated-disk';
import { VirtualTime } from './virtual-time';

/** What came of a scenario. */
export interface ScenarioResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly coverage: Readonly<Record<string, number>>;
  /** Of all that was written and all that happened: the same seed gives the same one. */
  readonly hash: string;
  readonly trace: readonly string[];
  readonly controllers: number;
  /** The rollouts and their journals, oldest first. */
  readonly rollouts: readonly CheckedRollout[];
}

/** Runs a scenario to its end and checks all that it left. Never rejects: what breaks is a violation. */
export async function runScenario(scenario: Scenario): Promise<ScenarioResult> {
  const figures = scenario.rollouts[0]?.figures;
  return new Simulation(scenario, scenario.established && figures ? await established(figures) : null).run();
}

/** What a fleet keeps, and what stands in its accounts. */
interface Kept {
  readonly bodies: ReadonlyMap<string, string>;
  readonly disk: SimulatedDisk;
}

/** Fleets after a first rollout. There are a dozen, and thousands of scenarios begin with one. */
const fleets = new Map<string, Promise<Kept>>();

function established({ accounts, regions }: FleetFigures): Promise<Kept> {
  const key = `${accounts} x ${regions}`;
  const known = fleets.get(key);
  if (known) return known;
  const simulation = new Simulation(calmScenario({ accounts, regions }), null);
  const made = simulation.run().then(({ violations }) => {
    if (violations.length > 0) throw new Error(`a calm rollout breaks: ${violations[0]?.message}`);
    return simulation.kept;
  });
  fleets.set(key, made);
  return made;
}

type Ending =
  | { readonly kind: 'left'; readonly result: DriverResult }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'died' };

interface Controller {
  readonly process: SimulatedProcess;
  readonly ending: Promise<Ending>;
  ended: boolean;
}

/** More controllers than this one after the other, and a rollout does not come to its end. */
const MOST_CONTROLLERS = 120;

/** Seconds by which somebody sets the clocks. */
const JUMPS = [-600, 120, 3600, -60];

class Simulation {
  readonly #scenario: Scenario;
  readonly #random: Random;
  readonly #time: VirtualTime;
  readonly #wall: WallClock;
  readonly #disk: SimulatedDisk;
  readonly #objects: MemoryObjects;
  readonly #store: FleetStore;
  readonly #coverage = new Coverage();
  readonly #violations: Violation[] = [];
  readonly #trace: string[] = [];
  readonly #living = new Map<string, boolean>();
  #script: HealthScript = { began: 0, troubles: [], targets: [] };
  #step: RolloutStep | undefined;
  readonly #first: number;
  #pids = 0;
  #messages = 0;
  /** Whose write the store is looking at. */
  #writer: ((key: string, body: string) => string | null) | null = null;
  /** What engines were asked for and have done, whether their controllers learned of it or not. */
  readonly #succeeded = new Set<string>();
  /** Requests that were there before the controller at hand began. */
  readonly #posted: string[] = [];
  /** Writes that are told to have failed once they are there. */
  readonly #failing = new Set<string>();
  #host = 'host-a';
  #crashesInARow = 0;

  constructor(scenario: Scenario, kept: Kept | null) {
    this.#scenario = scenario;
    this.#disk = new SimulatedDisk(kept?.disk ?? null);
    this.#first = kept ? 1 : 0;
    this.#random = new Random(scenario.seed ^ 0x5eed);
    this.#time = new VirtualTime(this.#random.fork());
    this.#wall = { time: this.#time, start: scenario.start, offset: 0 };
    this.#objects = new MemoryObjects({
      ...(kept ? { objects: kept.bodies } : {}),
      onWrite: (key, body) => (this.#writer ? this.#writer(key, body) : body),
      onWritten: (key) => {
        if (this.#failing.delete(key)) throw new Error('EIO: i/o error, fsync');
      },
    });
    this.#store = new FleetStore(this.#objects, { directory: '/simulated', fleet: 'orders' });
  }

  /** What is there now. */
  get kept(): Kept {
    return { bodies: this.#objects.bodies, disk: this.#disk };
  }

  async run(): Promise<ScenarioResult> {
    const checked: CheckedRollout[] = [];
    try {
      for (const [index, step] of this.#scenario.rollouts.entries()) {
        const id = `rollout-${String(this.#first + index).padStart(3, '0')}`;
        const plan = await this.#planOf(step);
        if (!plan || plan.waves.length === 0) {
          this.#coverage.hit(plan ? 'nothing to do' : 'plan refused');
          continue;
        }
        await this.#runRollout(step, id, plan);
        checked.push(await this.#check(step, id, plan));
      }
    } catch (error) {
      this.#no('liveness', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    this.#violations.push(...checkJournals(checked, { canaries: [CANARY] }));
    this.#coverage.hit('seeds');
    const hash = createHash('sha256').update(this.#trace.join('\n')).update(JSON.stringify([...this.#objects.bodies]));
    return {
      seed: this.#scenario.seed,
      violations: this.#violations,
      coverage: this.#coverage.toJSON(),
      hash: hash.digest('hex').slice(0, 16),
      trace: this.#trace,
      controllers: this.#pids,
      rollouts: checked,
    };
  }

  async #planOf(step: RolloutStep): Promise<RolloutPlan | undefined> {
    const config = fleetConfig(step.figures);
    const inventory = inventoryOf(organizationOf(step.figures.accounts, []), config);
    const records = await this.#store.loadRecords();
    try {
      if (step.kind === 'forward') return planRollout({ config, inventory, release: releaseOf(step.release), records, filter: everything });
      const kept = await this.#store.loadRollout();
      if (!kept || kept.plan.rollsBack !== null) return undefined;
      const { goods, events } = startOf(kept.entries);
      const state = replayRollout({ plan: kept.plan, goods, events });
      const changed = new Set([...state.states].flatMap(([id, one]) => (one.state === 'done' && one.attempts > 0 ? [id] : [])));
      return planRollback({ rollout: kept, goods, changed, records, inventory: inventory.digest, configuration: kept.plan.configuration });
    } catch (error) {
      if (isFleetError(error) && error.code.startsWith('user/')) return undefined;
      throw error;
    }
  }

  async #runRollout(step: RolloutStep, id: string, plan: RolloutPlan): Promise<void> {
    this.#step = step;
    this.#crashesInARow = 0;
    this.#posted.length = 0;
    const workloads = plan.targets.flatMap(({ target, stage }): TargetId[] => (stage === 'waves' ? [target.id] : []));
    this.#script = { began: this.#trueNow(), troubles: step.troubles, targets: workloads };
    const stop = step.deeds.flatMap((deed) => {
      const times = deed.twice ? [deed.at, deed.at + 3] : [deed.at];
      return times.map((at) => this.#time.after(at * 1000, () => this.#do(deed, { id, plan })));
    });
    await this.#time.run(this.#operate(step, id, plan));
    for (const forget of stop) forget();
  }

  /** Controllers one after the other, and now and then two at once, until one says that the rollout has ended. */
  async #operate(step: RolloutStep, id: string, plan: RolloutPlan): Promise<void> {
    const running = new Set<Controller>();
    this.#controllers = running;
    for (let count = 0; count < MOST_CONTROLLERS; count += 1) {
      const begun = (await this.#store.rolloutIds()).includes(id);
      const posted = [...this.#posted];
      const controller = this.#spawn(begun ? { verb: 'resume', id } : { verb: 'rollout', id, plan }, step.mishaps[count], step.waitSeconds);
      running.add(controller);
      const ending = await this.#outcomeOf(controller);
      if (ending?.kind === 'left' && ending.result.left === 'ended') {
        await this.#waitFor(running);
        return;
      }
      if (ending?.kind === 'left' && ending.result.left === 'waiting') await this.#checkAnswers(id, posted);
      if (ending) await this.#react(step, id, { ending, plan });
      await this.#time.sleep(this.#random.int(0, 20) * 1000);
    }
    throw new Error(`rollout ${id} has not ended after ${MOST_CONTROLLERS} controllers`);
  }

  #controllers = new Set<Controller>();

  /** How a controller ends; undefined where it was stopped, and another one is to take over meanwhile. */
  async #outcomeOf({ process, ending }: Controller): Promise<Ending | undefined> {
    const takeOver = this.#random.chance(0.6);
    return Promise.race([ending, process.wasStopped.then((): Promise<undefined> | Promise<Ending> => (takeOver ? Promise.resolve(undefined) : ending))]);
  }

  /** Nothing that was asked for before a controller began is left lying by it. */
  async #checkAnswers(id: string, posted: readonly string[]): Promise<void> {
    const kept = await this.#store.loadRollout(id);
    const answered = new Set(startOf(kept?.entries ?? []).events.map((event) => ('message' in event ? event.message : null)));
    for (const message of posted) if (!answered.has(message)) this.#no('L2', `${message} was there, and a controller left to wait for a person`);
  }

  async #waitFor(running: ReadonlySet<Controller>): Promise<void> {
    for (const { process, ending } of running) {
      process.wake();
      await ending;
    }
  }

  async #react(step: RolloutStep, id: string, { ending, plan }: { readonly ending: Ending; readonly plan: RolloutPlan }): Promise<void> {
    switch (ending.kind) {
      case 'died':
        this.#crashesInARow += 1;
        if (this.#crashesInARow === 3) this.#coverage.hit('seen third crash in a row');
        return;
      case 'failed':
        return;
      case 'left':
        this.#crashesInARow = 0;
        if (ending.result.left === 'waiting') await this.#answer(step, id, { result: ending.result, plan });
        return;
      default:
        throw new Error(`unknown ending ${String(ending satisfies never)}`);
    }
  }

  /** Somebody who does not give up does what a waiting rollout asks for. */
  async #answer(
    step: RolloutStep,
    id: string,
    { result, plan }: { readonly result: Extract<DriverResult, { readonly left: 'waiting' }>; readonly plan: RolloutPlan },
  ): Promise<void> {
    const { waiting } = result;
    if (waiting.kind === 'time') {
      await this.#time.sleep(Math.max(0, Date.parse(waiting.until) - Date.parse(this.#isoIn(0))));
      return;
    }
    if (!waiting.approvable) return;
    await this.#time.sleep(this.#random.int(1, 30) * 1000);
    if (waiting.red && !step.acceptsRed && this.#sinceBegan() > TROUBLES_END) return; // It is green again by now.
    const request: RolloutRequest = {
      ...{ type: 'approve', id: this.#messageId(), by: 'somebody', wave: this.#random.chance(0.5) ? waiting.wave : null },
      ...{ acceptRed: step.acceptsRed, planDigest: plan.digest, expiresAt: this.#isoIn(3600) },
    };
    if (this.#random.chance(0.5)) {
      this.#note(`somebody writes down: ${request.type} ${waiting.wave}`);
      const process = this.#process(undefined);
      await requestItself(id, request, this.#worldOf(process, undefined)).catch((error: unknown) => this.#expect(error));
      process.kill();
    } else await this.#post(id, request);
  }

  #spawn(assignment: Assignment, mishap: Mishap | undefined, waitSeconds: number | null): Controller {
    const process = this.#process(mishap);
    this.#note(`${assignment.verb} begins as pid ${process.identity.pid} on ${process.identity.host}`);
    const work = controlRollout(assignment, this.#worldOf(process, mishap), { waitSeconds }).then(
      (result): Ending => ({ kind: 'left', result }),
      (error: unknown): Ending => ({ kind: 'failed', error }),
    );
    const ending = Promise.race([work, process.died.then((): Ending => ({ kind: 'died' }))]).then((ended) => {
      controller.ended = true;
      this.#note(`pid ${process.identity.pid} ${describe(ended)}`);
      if (ended.kind === 'failed') this.#expect(ended.error);
      if (ended.kind === 'left') this.#coverage.hit(`left ${ended.result.left}`);
      // A process that has left is gone; what it has not stopped by then must not go on.
      process.kill();
      return ended;
    });
    const controller: Controller = { process, ending, ended: false };
    return controller;
  }

  /** Ways in which a controller may fail; any other is a defect. */
  #expect(error: unknown): void {
    const code = isFleetError(error) ? error.code : '';
    if (code === 'fleet/fenced') this.#coverage.hit('seen fenced');
    else if (code === 'fleet/locked') this.#coverage.hit('seen locked');
    else if (code === 'user/unknown-rollout') this.#coverage.hit('seen not begun');
    else if (code === 'fleet/clock-behind') this.#coverage.hit('seen begun already');
    else if (code === 'fleet/journal-failed') this.#coverage.hit('seen journal failed');
    else if (error instanceof Error && error.name === 'AbortError') this.#coverage.hit('seen interrupted wait');
    else this.#no('unexpected', error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
  }

  #process(mishap: Mishap | undefined): SimulatedProcess {
    this.#pids += 1;
    if (mishap?.elsewhere) this.#host = this.#host === 'host-a' ? 'host-b' : 'host-a';
    const identity = { host: this.#host, pid: this.#pids, processStart: `start ${this.#pids}` };
    this.#living.set(identity.processStart, true);
    const process: SimulatedProcess = new SimulatedProcess(this.#wall, {
      identity,
      onDeath: () => {
        this.#living.set(identity.processStart, false);
      },
      onPass: mishap ? this.#passes(mishap, () => process) : () => undefined,
    });
    return process;
  }

  #passes(mishap: Mishap, processOf: () => SimulatedProcess): () => void {
    let left = mishap.nth;
    return () => {
      left -= 1;
      if (left !== 0 || this.#sinceBegan() > TROUBLES_END) return;
      const process = processOf();
      switch (mishap.kind) {
        case 'killed':
          this.#strike(mishap);
          process.kill();
          break;
        case 'stopped':
          this.#strike(mishap);
          process.stop();
          this.#time.after(mishap.seconds * 1000, () => process.wake());
          break;
        case 'cancelled':
          this.#time.after(mishap.seconds * 100, () => process.cancel.abort(abortError('a second interrupt')));
          this.#strike(mishap);
          process.drain.abort(abortError('an interrupt'));
          break;
        case 'interrupted':
          this.#strike(mishap);
          process.drain.abort(abortError('an interrupt'));
          break;
        default:
          break; // Strikes a write, or an operation of the engine.
      }
    };
  }

  #worldOf(process: SimulatedProcess, mishap: Mishap | undefined): ControlledWorld {
    return {
      process,
      objects: this.#objectsOf(process, mishap),
      openEngine: (promoted) => this.#openEngine(process, mishap, promoted),
      reader: this.#readerOf(process),
      reporter: {
        report: ({ level, code, message }) => {
          if (level !== 'debug' && process.alive) this.#note(`pid ${process.identity.pid}: ${code}: ${message}`);
          if (message.includes(CANARY)) this.#no('S14', `a planted secret is in a message: ${code}`);
        },
      },
      isAlive: (identity: ProcessIdentity) => this.#living.get(identity.processStart) ?? false,
    };
  }

  #readerOf(process: SimulatedProcess): HealthReader {
    const reader = scriptedReader({
      script: () => this.#script,
      now: () => this.#trueNow(),
      onTrouble: (kind) => this.#coverage.hit(`trouble ${kind}`),
    });
    return { read: (asked, options) => process.through(() => reader.read(asked, options)), close: () => reader.close() };
  }

  #objectsOf(process: SimulatedProcess, mishap: Mishap | undefined): ObjectStore {
    const objects = this.#objects;
    const { storeLatency } = this.#scenario;
    let writes = mishap?.nth ?? 0;
    const strikes = (key: string) => {
      if (!mishap || !key.includes('/journal/')) return false;
      writes -= 1;
      return writes === 0 && this.#sinceBegan() <= TROUBLES_END;
    };
    const writer = (key: string, body: string): string | null => {
      if (!mishap || !strikes(key)) return body;
      switch (mishap.kind) {
        case 'write-lost':
          this.#strike(mishap);
          process.kill();
          return null;
        case 'write-torn':
          this.#strike(mishap);
          process.kill();
          return body.slice(0, this.#random.int(0, body.length - 1));
        case 'killed-after-write':
          this.#strike(mishap);
          process.kill();
          return body;
        case 'disk-full':
          this.#strike(mishap);
          throw new Error('ENOSPC: no space left on device');
        case 'disk-full-after-write':
          this.#strike(mishap);
          this.#failing.add(key);
          return body;
        default:
          return body;
      }
    };
    const reach = <Value>(work: () => Promise<Value>): Promise<Value> =>
      process.through(async () => {
        if (storeLatency > 0) await this.#time.sleep(this.#random.int(0, storeLatency));
        // The store looks at a write at once, before anything else can happen.
        this.#writer = writer;
        const result = work();
        this.#writer = null;
        return result;
      });
    return {
      read: (key) => reach(() => objects.read(key)),
      create: (key, body) => reach(() => objects.create(key, body)),
      replace: (key, body, version) => reach(() => objects.replace(key, body, version)),
      list: (prefix, after) => reach(() => objects.list(prefix, after)),
      remove: (key) => reach(() => objects.remove(key)),
    };
  }

  #openEngine(process: SimulatedProcess, mishap: Mishap | undefined, promoted: readonly string[]): Engine {
    const { figures, faults } = this.#step ?? { figures: undefined, faults: [] };
    if (!figures) throw new Error('no rollout has begun');
    const planted = plantedFaults(faults, { seconds: () => this.#sinceBegan(), onStrike: (kind) => this.#coverage.hit(`fault ${kind}`) });
    const { engine } = openSandbox({
      ...{ clock: process.clock, directory: '/simulated', promoted, openLog: this.#disk.openLog(() => process.alive) },
      organization: organizationOf(figures.accounts, planted.faults),
      render: (provider) => graphRenderer(provider, layerGraph),
    });
    planted.arm();
    let operations = mishap?.kind === 'killed-in-engine' ? mishap.nth : 0;
    const ails = (kind: Trouble['kind'], target: TargetId) =>
      troublesOf(target, this.#script).some((one) => one.kind === kind && one.from <= this.#sinceBegan() && this.#sinceBegan() < one.until);
    return {
      name: 'sandbox',
      run: (action, job, options) =>
        process.through(async (): Promise<EngineResult> => {
          this.#note(`engine: ${action} ${job.id}`);
          if (ails('engine-throws', job.target.id)) {
            this.#coverage.hit('seen engine throws');
            throw new Error('the engine broke');
          }
          if (ails('engine-locked', job.target.id) && action === 'up') {
            this.#coverage.hit('seen engine locked');
            return { status: 'failed', changes: noChanges, steps: [], error: { code: 'pulumi/locked', message: 'the stack is locked', resource: null } };
          }
          const run = [job.id.split('/')[0], job.target.id, job.fingerprint, job.run.phase, job.purpose].join(' ');
          if (action === 'up' && this.#succeeded.has(run)) this.#no('S5', `${job.id} is run though that has succeeded already`);
          const result = await engine.run(action, job, {
            ...options,
            onEvent: (event) => {
              operations -= 1;
              if (operations === 0 && mishap && this.#sinceBegan() <= TROUBLES_END) {
                this.#strike(mishap);
                process.killHere();
              }
              options.onEvent(event);
            },
          });
          if (action === 'up' && result.status === 'succeeded') this.#succeeded.add(run);
          return result;
        }),
      inspect: (target) =>
        process.through(async () => {
          if (ails('inspect-fails', target.id)) {
            this.#coverage.hit('seen inspect fails');
            throw new Error('the stack cannot be read');
          }
          return engine.inspect(target);
        }),
      close: () => engine.close(),
    };
  }

  #do(deed: Deed, { id, plan }: { readonly id: string; readonly plan: RolloutPlan }): void {
    this.#coverage.hit(`deed ${deed.kind}`);
    const common = { id: this.#messageId(), by: 'somebody' };
    const approve = (over: Partial<Extract<RolloutRequest, { readonly type: 'approve' }>> = {}) =>
      void this.#post(id, { ...common, type: 'approve', wave: null, acceptRed: false, planDigest: plan.digest, expiresAt: this.#isoIn(deed.amount === 3 ? 20 : 600), ...over });
    switch (deed.kind) {
      case 'approve':
        approve();
        break;
      case 'approve-red':
        approve({ acceptRed: true });
        break;
      case 'approve-stale':
        approve({ planDigest: 'another-plan', acceptRed: true, by: 'somebody with an old plan' });
        break;
      case 'approve-expired':
        approve({ expiresAt: this.#isoIn(deed.amount), acceptRed: true });
        break;
      case 'pause':
      case 'resume':
        void this.#post(id, { ...common, type: deed.kind });
        break;
      case 'abort':
        void this.#post(id, { ...common, type: 'abort', reason: 'enough' });
        break;
      case 'limits':
        void this.#post(id, {
          ...common,
          type: 'limits',
          limits: { maxConcurrent: Math.max(1, deed.amount), ...(deed.amount === 0 ? { failureTolerance: 0 } : { perAccount: deed.amount }) },
        });
        break;
      case 'second-controller': {
        const second = this.#spawn({ verb: 'resume', id }, undefined, null);
        this.#controllers.add(second);
        break;
      }
      case 'clock-jump':
        this.#wall.offset += (JUMPS[deed.amount] ?? 0) * 1000;
        this.#note(`the clock jumps to ${this.#isoIn(0)}`);
        break;
      default:
        throw new Error(`unknown deed ${String(deed.kind satisfies never)}`);
    }
  }

  async #post(id: string, request: RolloutRequest): Promise<void> {
    this.#note(`posted: ${request.type} ${request.id}`);
    await postMessage(this.#objects, this.#store.rolloutPrefix(id), request);
    this.#posted.push(request.id);
  }

  async #check(step: RolloutStep, id: string, plan: RolloutPlan): Promise<CheckedRollout> {
    const { segments } = await readSegments(this.#objects, this.#store.rolloutPrefix(id));
    const entries = segments.flatMap((segment) => segment.entries as JournalEntry[]);
    const { goods, events } = startOf(entries);
    const state: RolloutState = replayRollout({ plan, goods, events });
    const outdated = events.find((event) => event.type === 'approved' && event.approval.by.includes('old plan'));
    if (outdated) this.#no('S6', `${id} is approved at ${outdated.at} by somebody who read another plan`);
    if (state.outcome === null) this.#no('liveness', `${id} is said to have ended and its journal does not say so`);
    const rollout: CheckedRollout = { id, plan, segments, ended: true };
    this.#violations.push(...checkReplay(rollout, null));
    const records = await this.#store.loadRecords();
    this.#violations.push(...(await checkWorld({ id, plan, state, goods, records, disk: this.#disk, engine: this.#inspectable(step) })));
    coverRollout(this.#coverage, { plan, goods, events });
    return rollout;
  }

  /** The organisation as a process that comes later finds it. */
  #inspectable({ figures }: RolloutStep): Engine {
    const clock = { now: () => new Date(this.#trueNow()), sleep: (milliseconds: number) => this.#time.sleep(milliseconds) };
    const organization = organizationOf(figures.accounts, []);
    return openSandbox({ clock, directory: '/simulated', organization, promoted: [], openLog: this.#disk.openLog(() => true) }).engine;
  }

  #strike(mishap: Mishap): void {
    this.#coverage.hit(`mishap ${mishap.kind}`);
    this.#note(`mishap: ${mishap.kind}`);
  }

  #no(invariant: string, message: string): void {
    this.#violations.push({ invariant, at: `${this.#time.elapsed} ms`, message });
  }

  #note(what: string): void {
    this.#trace.push(`${(this.#time.elapsed / 1000).toFixed(3)} ${what}`);
  }

  #messageId(): string {
    this.#messages += 1;
    return `message-${String(this.#messages).padStart(6, '0')}`;
  }

  /** Milliseconds of the epoch by a clock that nobody sets. */
  #trueNow(): number {
    return this.#scenario.start + this.#time.elapsed;
  }

  #sinceBegan(): number {
    return (this.#trueNow() - this.#script.began) / 1000;
  }

  #isoIn(seconds: number): string {
    return new Date(this.#wall.start + this.#time.elapsed + this.#wall.offset + seconds * 1000).toISOString();
  }
}

function abortError(message: string): Error {
  return Object.assign(new Error(message), { name: 'AbortError' });
}

function describe(ending: Ending): string {
  switch (ending.kind) {
    case 'died':
      return 'died';
    case 'failed':
      return ending.error instanceof Killed ? 'died' : `failed: ${messageOf(ending.error)}`;
    case 'left':
      return ending.result.left === 'waiting' ? `waits: ${ending.result.waiting.reason}` : ending.result.left;
    default:
      throw new Error(`unknown ending ${String(ending satisfies never)}`);
  }
}

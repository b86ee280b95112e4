import { createHash } from 'node:crypto';

import type { TargetId } from '../../contracts/target';
import { startOf } from '../../fleet/commands/start-of';
import { isFleetError } from '../../fleet/errors';
import type { FleetConfig } from '../../fleet/config/fleet-config';
import { planDestroy } from '../../fleet/plan/plan-destroy';
import { planRepair } from '../../fleet/plan/plan-repair';
import type { TargetRecords } from '../../fleet/plan/target-record';
import { planRollback } from '../../fleet/plan/plan-rollback';
import { planRollout } from '../../fleet/plan/plan-rollout';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import { everything } from '../../fleet/plan/target-filter';
import type { DriverResult } from '../../fleet/rollout/driver';
import type { RolloutRequest } from '../../fleet/rollout/driver-ports';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import { postMessage } from '../../fleet/state/inbox';
import { checkJournals, type CheckedRollout, type Violation } from '../invariants/check-journal';

import { calmScenario } from './calm-scenario';
import { checkAnswers } from './check-answers';
import { checkRollout } from './check-rollout';
import { controlRollout, type Assignment } from './control-rollout';
import { describeEnding, expectFailure, type Ending } from './ending';
import { fleetConfig, inventoryOf, organizationOf, releaseOf, type FleetFigures } from './fleet-model';
import { CANARY } from './layer-graph';
import { newProcess, worldOf } from './new-process';
import { Outside, type Kept } from './outside';
import { requestItself } from './request-itself';
import { requestOf } from './request-of';
import { TROUBLES_END, type Deed, type Mishap, type RolloutStep, type Scenario } from './scenario';
import type { SimulatedProcess } from './simulated-process';

/** What came of a scenario. */
export interface ScenarioResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly coverage: Readonly<Record<string, number>>;
  /** Of all that was written and all that happened: the same seed gives the same one. */
  readonly hash: () => string;
  readonly trace: readonly string[];
  readonly controllers: number;
  /** The rollouts and their journals, oldest first. */
  readonly rollouts: readonly CheckedRollout[];
}

/** Runs a scenario to its end and checks all that it left. Never rejects: what breaks is a violation. */
export async function runScenario(scenario: Scenario): Promise<ScenarioResult> {
  const figures = scenario.rollouts[0]?.figures;
  const kept = scenario.established && figures ? await established(figures) : null;
  return new Simulation(scenario, kept && scenario.forgotten ? { ...kept, bodies: new Map() } : kept).run();
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

interface Controller {
  readonly process: SimulatedProcess;
  readonly ending: Promise<Ending>;
  ended: boolean;
}

/** More controllers than this one after the other, and a rollout does not come to its end. */
const MOST_CONTROLLERS = 120;

/** Seconds by which somebody sets the clocks. */
const JUMPS = [-600, 120, 3600, -60];

/** The plan of a destroy or of a repair, of the share that is taken of what stands. */
function planOther(
  { kind, share = 1 }: RolloutStep,
  made: { readonly config: FleetConfig; readonly inventory: string; readonly records: TargetRecords },
): RolloutPlan {
  const standing = [...made.records.values()].filter(({ current }) => current !== null);
  const taken =
    share === 1 ? standing : standing.filter(({ target }, index) => target.startsWith('regional/') && (index % 10) / 10 < share);
  if (kind === 'destroy') return planDestroy({ ...made, chosen: taken, deleteData: share < 1, wanted: null });
  const resources = [{ urn: 'urn:drifted', type: 'aws:iam/role:Role', gone: false, details: ['role: by hand'] }];
  const secrets = () => ({ unknown: 'is not set', advice: 'set it' });
  return planRepair({ ...made, secrets, drifted: taken.map((record) => ({ record, resources })), recreate: new Set() });
}

class Simulation {
  readonly #outside: Outside;
  readonly #first: number;
  #controllers = new Set<Controller>();
  #crashesInARow = 0;

  constructor(scenario: Scenario, kept: Kept | null) {
    this.#outside = new Outside(scenario, kept);
    this.#first = kept ? 1 : 0;
  }

  /** What is there now. */
  get kept(): Kept {
    return { bodies: this.#outside.objects.bodies, disk: this.#outside.disk };
  }

  async run(): Promise<ScenarioResult> {
    const checked: CheckedRollout[] = [];
    try {
      for (const [index, step] of this.#outside.scenario.rollouts.entries()) {
        const id = `rollout-${String(this.#first + index).padStart(3, '0')}`;
        const plan = await this.#planOf(step);
        if (!plan || plan.waves.length === 0) {
          this.#outside.coverage.hit(plan ? 'nothing to do' : 'plan refused');
          continue;
        }
        await this.#runRollout(step, id, plan);
        checked.push(await checkRollout(this.#outside, { step, id, plan }));
      }
    } catch (error) {
      this.#outside.no('liveness', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    this.#outside.violations.push(...checkJournals(checked));
    for (const [key, body] of this.#outside.objects.bodies)
      if (body.includes(CANARY)) this.#outside.no('S14', `a planted secret is in ${key}`);
    this.#outside.coverage.hit('seeds');
    return {
      seed: this.#outside.scenario.seed,
      violations: this.#outside.violations,
      coverage: this.#outside.coverage.toJSON(),
      hash: () => this.#hash(),
      trace: this.#outside.trace,
      controllers: this.#outside.pids,
      rollouts: checked,
    };
  }

  #hash(): string {
    const hash = createHash('sha256').update(this.#outside.trace.join('\n'));
    return hash
      .update(JSON.stringify([...this.#outside.objects.bodies]))
      .digest('hex')
      .slice(0, 16);
  }

  async #planOf(step: RolloutStep): Promise<RolloutPlan | undefined> {
    const config = fleetConfig(step.figures);
    const inventory = inventoryOf(organizationOf(step.figures.accounts, []), config);
    const records = await this.#outside.store.loadRecords();
    try {
      const secrets = () => ({ unknown: 'is not set', advice: 'set it' });
      if (step.kind === 'forward' || step.kind === 'redeploy') {
        const redeploy = step.kind === 'redeploy';
        return planRollout({ config, inventory, release: releaseOf(step.release), records, filter: everything, secrets, redeploy });
      }
      if (step.kind === 'destroy' || step.kind === 'repair') return planOther(step, { config, inventory: inventory.digest, records });
      const kept = await this.#outside.store.loadRollout();
      if (kept?.plan.purpose !== 'rollout') return undefined;
      const { goods, events } = startOf(kept.entries);
      const state = replayRollout({ plan: kept.plan, goods, events });
      const changed = new Set([...state.states].flatMap(([id, one]) => (one.state === 'done' && one.attempts > 0 ? [id] : [])));
      const { configuration } = kept.plan;
      const since = { later: [], departed: () => null };
      return planRollback({ rollout: kept, goods, changed, records, inventory: inventory.digest, configuration, secrets, ...since });
    } catch (error) {
      if (isFleetError(error) && error.code.startsWith('user/')) return undefined;
      throw error;
    }
  }

  async #runRollout(step: RolloutStep, id: string, plan: RolloutPlan): Promise<void> {
    this.#outside.step = step;
    this.#outside.coverage.hit(`purpose ${step.kind}`);
    this.#crashesInARow = 0;
    this.#outside.posted.length = 0;
    this.#outside.departed.clear();
    this.#outside.operated.clear();
    const workloads = plan.targets.flatMap(({ target, stage }): TargetId[] => (stage === 'waves' ? [target.id] : []));
    this.#outside.script = { began: this.#outside.trueNow(), troubles: step.troubles, targets: workloads };
    const stop = step.deeds.flatMap((deed) => {
      const times = deed.twice ? [deed.at, deed.at + 3] : [deed.at];
      return times.map((at) => this.#outside.time.after(at * 1000, () => this.#do(deed, { id, plan })));
    });
    await this.#outside.time.run(this.#operate(step, id, plan));
    for (const forget of stop) forget();
  }

  /** Controllers one after the other, and now and then two at once, until one says that the rollout has ended. */
  async #operate(step: RolloutStep, id: string, plan: RolloutPlan): Promise<void> {
    const running = new Set<Controller>();
    this.#controllers = running;
    for (let count = 0; count < MOST_CONTROLLERS; count += 1) {
      const begun = (await this.#outside.store.rolloutIds()).includes(id);
      const posted = [...this.#outside.posted];
      const controller = this.#spawn(begun ? { verb: 'resume', id } : { verb: 'rollout', id, plan }, step.mishaps[count], step.waitSeconds);
      running.add(controller);
      const ending = await this.#outcomeOf(controller);
      if (ending?.kind === 'left' && ending.result.left === 'ended') {
        await this.#waitFor(running);
        return;
      }
      if (ending?.kind === 'left' && ending.result.left === 'waiting') await checkAnswers(this.#outside, id, posted);
      if (ending) await this.#react(step, id, { ending, plan });
      await this.#outside.time.sleep(this.#outside.random.int(0, 20) * 1000);
    }
    throw new Error(`rollout ${id} has not ended after ${MOST_CONTROLLERS} controllers`);
  }

  /** How a controller ends; undefined where it was stopped, and another one is to take over meanwhile. */
  async #outcomeOf({ process, ending }: Controller): Promise<Ending | undefined> {
    const takeOver = this.#outside.random.chance(0.6);
    return Promise.race([
      ending,
      process.wasStopped.then((): Promise<undefined> | Promise<Ending> => (takeOver ? Promise.resolve(undefined) : ending)),
    ]);
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
        if (this.#crashesInARow === 3) this.#outside.coverage.hit('seen third crash in a row');
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
      await this.#outside.time.sleep(Math.max(0, Date.parse(waiting.until) - Date.parse(this.#outside.isoIn(0))));
      return;
    }
    if (!waiting.approvable) return;
    await this.#outside.time.sleep(this.#outside.random.int(1, 30) * 1000);
    if (waiting.red && !step.acceptsRed && this.#outside.sinceBegan() > TROUBLES_END) return; // It is green again by now.
    const request: RolloutRequest = {
      ...{ type: 'approve', id: this.#outside.messageId(), by: 'somebody', wave: this.#outside.random.chance(0.5) ? waiting.wave : null },
      ...{ acceptRed: step.acceptsRed, planDigest: plan.digest, expiresAt: this.#outside.isoIn(3600) },
    };
    if (this.#outside.random.chance(0.5)) {
      this.#outside.note(`somebody writes down: ${request.type} ${waiting.wave}`);
      const process = newProcess(this.#outside, undefined);
      await requestItself(id, request, worldOf(this.#outside, process, undefined)).catch((error: unknown) =>
        expectFailure(this.#outside, error),
      );
      process.kill();
    } else await this.#post(id, request);
  }

  #spawn(assignment: Assignment, mishap: Mishap | undefined, waitSeconds: number | null): Controller {
    const process = newProcess(this.#outside, mishap);
    this.#outside.note(`${assignment.verb} begins as pid ${process.identity.pid} on ${process.identity.host}`);
    const work = controlRollout(assignment, worldOf(this.#outside, process, mishap), { waitSeconds }).then(
      (result): Ending => ({ kind: 'left', result }),
      (error: unknown): Ending => ({ kind: 'failed', error }),
    );
    const ending = Promise.race([work, process.died.then((): Ending => ({ kind: 'died' }))]).then((ended) => {
      controller.ended = true;
      this.#outside.note(`pid ${process.identity.pid} ${describeEnding(ended)}`);
      if (ended.kind === 'failed') expectFailure(this.#outside, ended.error);
      if (ended.kind === 'left') this.#outside.coverage.hit(`left ${ended.result.left}`);
      // A process that has left is gone; what it has not stopped by then must not go on.
      process.kill();
      return ended;
    });
    const controller: Controller = { process, ending, ended: false };
    return controller;
  }

  #do(deed: Deed, { id, plan }: { readonly id: string; readonly plan: RolloutPlan }): void {
    this.#outside.coverage.hit(`deed ${deed.kind}`);
    switch (deed.kind) {
      case 'second-controller':
        this.#controllers.add(this.#spawn({ verb: 'resume', id }, undefined, null));
        break;
      case 'clock-jump':
        this.#outside.wall.offset += (JUMPS[deed.amount] ?? 0) * 1000;
        this.#outside.note(`the clock jumps to ${this.#outside.isoIn(0)}`);
        break;
      case 'account-leaves': {
        const workloads = plan.targets.flatMap(({ target, stage }) => (stage === 'waves' ? [target.account] : []));
        const account = workloads[deed.amount % Math.max(1, workloads.length)];
        if (account !== undefined) this.#outside.departed.add(account);
        this.#outside.note(`account ${account ?? 'none'} leaves`);
        break;
      }
      default:
        void this.#post(id, requestOf({ ...deed, kind: deed.kind }, { outside: this.#outside, planDigest: plan.digest }));
    }
  }

  async #post(id: string, request: RolloutRequest): Promise<void> {
    this.#outside.note(`posted: ${request.type} ${request.id}`);
    await postMessage(this.#outside.objects, this.#outside.store.rolloutPrefix(id), request);
    this.#outside.posted.push(request.id);
  }
}

import type { RolloutState } from '../../fleet/rollout/state';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import { startOf } from '../../fleet/commands/start-of';
import type { JournalEntry } from '../../fleet/state/journal-entry';
import type { TargetRecord } from '../../fleet/plan/target-record';
import type { CheckedRollout } from '../invariants/check-journal';

import { calmScenario, quietWave, wideLimits } from './calm-scenario';
import { runScenario, type ScenarioResult } from './run-scenario';
import type { Mishap, Scenario } from './scenario';

/** The reference rollouts: a change of everything that stands already, with a canary, a bake, a trial of the new version and a preview. */
export const references = {
  3: { accounts: 1, regions: 1 },
  20: { accounts: 8, regions: 2 },
  100: { accounts: 48, regions: 2 },
} as const;

/** Where a controller dies around a write of its journal: before it is durable (in part or at all), or after that and before what follows. */
export const crashes = ['write-lost', 'write-torn', 'killed-after-write'] as const;

/** One controller's death after another: at the nth write of the first, then of the one that recovers, and so on. */
export type CrashPoint = readonly { readonly kind: (typeof crashes)[number]; readonly nth: number }[];

/** What two runs of one rollout must agree upon. */
export interface FinalState {
  readonly outcome: string | null;
  readonly targets: Readonly<Record<string, string>>;
  readonly waves: Readonly<Record<string, string>>;
  readonly records: Readonly<Record<string, unknown>>;
}

/** The reference rollout of so many targets, with its controllers dying as told. */
export function referenceScenario(targets: keyof typeof references, deaths: CrashPoint): Scenario {
  const limits = { ...wideLimits, maxConcurrent: { kind: 'count', value: 20 }, perAccount: 1 } as const;
  const canary = {
    ...quietWave('canary'),
    pick: { amount: { kind: 'count', value: 1 }, filter: {} },
    bakeSeconds: 6,
    minOrders: 1,
  } as const;
  const rest = { ...quietWave('rest'), bakeSeconds: 4 };
  const mishaps = deaths.map(({ kind, nth }): Mishap => ({ kind, nth, seconds: 0, elsewhere: false }));
  const figures = {
    ...{ limits, waves: [canary, rest].map((wave) => ({ ...wave, limits })), memoryMb: 512 },
    traffic: { canaryPercent: 10, watchSeconds: 5, waves: ['canary'] },
  };
  // Programs change with every third release: foundations and dashboards have work, too.
  return calmScenario(references[targets], { figures, step: { release: 3, mishaps }, scenario: { established: true } });
}

/** Number of segments that an undisturbed run writes, and how it ends. */
export async function undisturbed(targets: keyof typeof references): Promise<{ readonly writes: number; readonly final: FinalState }> {
  const { rollout } = await runReference(targets, []);
  return { writes: rollout.segments.length, final: finalOf(rollout) };
}

/** What is wrong with the run of a crash point: violations, and another end than that of the undisturbed run. */
export async function problemsOf(targets: keyof typeof references, deaths: CrashPoint, wanted: FinalState): Promise<readonly string[]> {
  const { rollout, result } = await runReference(targets, deaths);
  const found = result.violations.map(({ invariant, at, message }) => `${invariant} at ${at}: ${message}`);
  const [is, was] = [JSON.stringify(finalOf(rollout)), JSON.stringify(wanted)];
  if (is !== was) found.push(`ends otherwise: ${firstDifference(is, was)}`);
  // A recovery that has less to write than the next death waits for is left alone.
  if (deaths.length > 0 && result.controllers < 2) found.push('no controller died');
  return found;
}

/** Every crash point of one death; a write that is cut short is recovered from as one that never came, and tried where runs are short. */
export function crashPoints(writes: number, kinds: readonly (typeof crashes)[number][] = crashes): readonly CrashPoint[] {
  return kinds.flatMap((kind) => Array.from({ length: writes }, (_, index): CrashPoint => [{ kind, nth: index + 1 }]));
}

/** Each of the points, and twice more in the recovery. */
export function repeatedCrashPoints(writes: number): readonly CrashPoint[] {
  return crashPoints(writes).flatMap(([first]) => {
    if (first === undefined) return [];
    // Two segments cut short one behind the other are refused as damage.
    const again = first.kind === 'write-torn' ? 'write-lost' : first.kind;
    return [1, 3].map((nth): CrashPoint => [first, { kind: again, nth }, { kind: 'killed-after-write', nth: 2 }]);
  });
}

async function runReference(
  targets: keyof typeof references,
  deaths: CrashPoint,
): Promise<{ readonly rollout: CheckedRollout; readonly result: ScenarioResult }> {
  const result = await runScenario(referenceScenario(targets, deaths));
  const [rollout] = result.rollouts;
  if (!rollout) throw new Error(`nothing came of it: ${result.violations[0]?.message}`);
  return { rollout, result };
}

function finalOf({ plan, segments }: CheckedRollout): FinalState {
  const entries = segments.flatMap((segment) => segment.entries as readonly JournalEntry[]);
  const { goods, events } = startOf(entries);
  const state: RolloutState = replayRollout({ plan, goods, events });
  const records = new Map(entries.flatMap((entry) => ('record' in entry ? [[entry.record.target, entry.record] as const] : [])));
  return {
    outcome: state.outcome,
    targets: Object.fromEntries([...state.states].map(([id, one]) => [id, one.state === 'done' ? one.outcome : one.state])),
    waves: Object.fromEntries([...state.waveStates].map(([name, wave]) => [name, wave.state])),
    records: Object.fromEntries(
      [...records].map(([id, record]) => [id, withoutTimes(record)] as const).sort(([one], [other]) => (one < other ? -1 : 1)),
    ),
  };
}

function withoutTimes({ good, current, dirty, traffic, outputs, createdAt }: TargetRecord): unknown {
  const standing = (deployment: TargetRecord['good']) => deployment && [deployment.release, deployment.fingerprint, deployment.live];
  return { good: standing(good), current: standing(current), dirty, traffic, outputs, createdAt };
}

function firstDifference(is: string, was: string): string {
  const at = [...is].findIndex((letter, index) => letter !== was[index]);
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60);
  return `…${around(is)}… and not …${around(was)}…`;
}

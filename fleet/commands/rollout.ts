import { userError, userProblems } from '../errors';
import { planText } from '../report/plan-text';
import { reportText } from '../report/report-text';
import { reportOf } from '../report/rollout-report';
import { driveRollout } from '../rollout/driver';
import type { RolloutOutcome } from '../rollout/state';

import { openEngine, type CommandContext, type CommandOutcome } from './context';
import { keepPlan, makePlan, notYet, readPlanFile, type MadePlan, type PlanFlags } from './plan';

/** Flags of `rollout`. */
export interface RolloutFlags extends PlanFlags {
  /** A file written by `plan -o`; what it says must still be so. */
  readonly planFile?: string;
  readonly yes?: boolean;
}

/** Plans and rolls out; asks first. */
export async function rollout(flags: RolloutFlags, context: CommandContext): Promise<CommandOutcome> {
  const wanted = flags.planFile === undefined ? undefined : readPlanFile(flags.planFile, context.cwd);
  const made = await makePlan(wanted && flags.release === undefined ? { ...flags, release: wanted.release } : flags, context);
  if (wanted && wanted.digest !== made.plan.digest) {
    throw userError(
      'plan-outdated',
      `plan ${wanted.digest.slice(0, 12)} of ${flags.planFile ?? ''} is outdated: today's is ${made.plan.digest.slice(0, 12)}; make and read it again with fleet plan`,
    );
  }
  const demands = notYet(made.config);
  if (demands.length > 0)
    throw userProblems(
      'not-supported-yet',
      demands.map((message) => ({ message })),
    );
  const changes = made.plan.waves.reduce((total, wave) => total + wave.targets.length, 0);
  if (changes > 0 && flags.yes !== true) {
    context.reporter.report({ level: 'info', code: 'plan', message: planText(made.plan) });
    const answer = await context.ask(`roll out to ${changes} targets? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) return { exitCode: 1, text: 'not confirmed: nothing was changed', data: null };
  }
  return carryOut(made, context);
}

/** Runs a plan that was agreed to. */
export async function carryOut(made: MadePlan, context: CommandContext): Promise<CommandOutcome> {
  const { plan, store } = made;
  const release = keepPlan(made);
  const startedAt = context.clock.now().toISOString();
  const letGo = store.lock({ verb: 'rollout', since: startedAt });
  try {
    // Before the journal begins: a rollout whose engine cannot be opened never was.
    const engine = await openEngineFor(made, context);
    try {
      const id = rolloutId(startedAt, plan.digest);
      const journal = store.beginRollout(id, plan);
      context.reporter.report({
        level: 'info',
        code: 'rollout-started',
        message: `rollout ${id}: ${plan.targets.length} targets, release ${release.digest.slice(0, 12)}`,
        data: { rollout: id },
      });
      const { state, records } = await driveRollout(plan, store.loadRecords(), {
        engine,
        journal,
        release,
        clock: context.clock,
        reporter: context.reporter,
        drain: context.interrupt,
      });
      store.saveRecords(records);
      const report = reportOf(id, plan, state);
      return { exitCode: exitCodeOf(report.outcome, context.interrupt.aborted), text: reportText(report), data: report };
    } finally {
      await engine.close();
    }
  } finally {
    letGo();
  }
}

/** Exit code of a finished rollout (DESIGN section 6). */
export function exitCodeOf(outcome: RolloutOutcome | null, interrupted = false): number {
  if (interrupted && outcome === 'aborted') return 130;
  return outcome === 'succeeded' ? 0 : 1;
}

/** Ids sort by time: `20261123T223356.123-1a2b`. */
function rolloutId(startedAt: string, planDigest: string): string {
  return `${startedAt.replace(/[-:Z]/g, '')}-${planDigest.slice(0, 4)}`;
}

/** Opens the engine only where something may run: opening it costs more than a whole rollout of unchanged targets. */
function openEngineFor(made: MadePlan, context: CommandContext) {
  if (made.plan.waves.length > 0) return openEngine(made, context);
  const idle = () => Promise.reject(new Error('no target of this plan was to be run'));
  return { name: 'sandbox' as const, run: idle, inspect: idle, close: () => Promise.resolve() };
}

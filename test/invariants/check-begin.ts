import { isDeepStrictEqual } from 'node:util';

import { digestOf } from '../../fleet/digest';
import type { PlannedTarget, PlannedWave } from '../../fleet/plan/rollout-plan';
import type { TargetRecord } from '../../fleet/plan/target-record';

import { destroys } from './check-destroyed';
import type { RolloutStory } from './rollout-story';
import type { Moment, TargetStory } from './story-parts';

/** A rule that was broken, before its place is known. */
export interface Finding {
  readonly invariant: string;
  readonly message: string;
}

/**
 * What is wrong with an attempt that begins here. Starts are decided upon with each event of a batch, and written down after the whole of it:
 * one is right if it was right after any of them.
 */
export function checkBegin(story: RolloutStory, record: TargetRecord): readonly Finding[] {
  const id = record.target;
  const planned = story.planned.get(id);
  const target = story.targets.get(id);
  const wave = story.waveOf(id);
  if (!planned || !target || !wave) return [{ invariant: 'S6', message: `${id} begins and is in no wave of the plan` }];
  if (target.run !== null) return [{ invariant: 'S2', message: `${id} begins while an attempt of it runs` }];
  const begin: Begin = { story, record, planned, target, wave };
  const run = kindOf(begin);
  const tried = story.moments.map((moment) => problemsAt(moment, run, begin));
  const findings = [
    ...(tried.length === 0 ? [{ invariant: 'S10', message: `${id} begins before the rollout has begun` }] : fewest(tried)),
    ...identityProblems(run, begin),
  ];
  Object.assign(target, { run, everBegun: true, attempts: target.attempts + 1, ...(run === 'rollback' ? { status: 'going-back' } : {}) });
  story.begunSince.push(id);
  return findings;
}

interface Begin {
  readonly story: RolloutStory;
  readonly record: TargetRecord;
  readonly planned: PlannedTarget;
  readonly target: TargetStory;
  readonly wave: PlannedWave;
}

type Run = 'forward' | 'finish' | 'rollback';

function kindOf({ story, record, target }: Begin): Run {
  const good = story.goods.get(record.target)?.good ?? null;
  const goesBack = good !== null && isDeepStrictEqual(record.current, good);
  switch (target.status) {
    case 'pending':
      // What a lost attempt changed goes back with the others.
      return story.failedWave !== null && target.everBegun && goesBack ? 'rollback' : 'forward';
    case 'going-back':
      return 'rollback';
    case 'watching': {
      const finishes = story.moments.some(
        ({ watchPassed, stopped, paused }) => watchPassed.has(record.target) && (stopped === null || stopped === 'tolerance') && !paused,
      );
      return (goesBack || story.failedWave !== null) && !finishes ? 'rollback' : 'finish';
    }
    case 'done':
      return story.failedWave !== null && target.everBegun ? 'rollback' : 'forward';
    default:
      throw new Error(`unknown status ${String(target.status satisfies never)}`);
  }
}

function problemsAt(moment: Moment, run: Run, begin: Begin): readonly Finding[] {
  switch (run) {
    case 'forward':
      return [...roomProblems(moment, begin, begin.wave), ...forwardProblems(moment, begin)];
    case 'finish':
      return [...roomProblems(moment, begin, begin.wave), ...finishProblems(moment, begin)];
    case 'rollback':
      return [...roomProblems(moment, begin, failedWave(begin)), ...rollbackProblems(begin)];
    default:
      throw new Error(`unknown run ${String(run satisfies never)}`);
  }
}

/** S1: what runs in all, in the account and in the region, this one included. */
function roomProblems(
  { inFlight, limits: changed }: Moment,
  { story, record, planned }: Begin,
  { limits }: PlannedWave,
): readonly Finding[] {
  const running = [...new Set([...inFlight, ...story.begunSince])].filter((id) => id !== record.target);
  const targets = running.flatMap((id) => story.planned.get(id)?.target ?? []);
  const findings: Finding[] = [];
  const check = (what: string, count: number, most: number) => {
    if (count + 1 > most)
      findings.push({ invariant: 'S1', message: `${record.target} begins beside ${count} others ${what}, ${most} may run` });
  };
  const { account, region } = planned.target;
  check('in all', running.length, Math.min(limits.maxConcurrent, story.plan.limits.maxConcurrent, changed.maxConcurrent ?? Infinity));
  check(
    'in its account',
    targets.filter((one) => one.account === account).length,
    Math.min(limits.perAccount, changed.perAccount ?? Infinity),
  );
  check('in its region', targets.filter((one) => one.region === region).length, Math.min(limits.perRegion, changed.perRegion ?? Infinity));
  return findings;
}

/** A way back goes by the limits of the wave that failed, whichever wave a target was deployed in. */
function failedWave({ story, wave }: Begin): PlannedWave {
  return story.plan.waves.find(({ name }) => name === story.failedWave) ?? wave;
}

function forwardProblems(moment: Moment, { story, record, planned, target, wave }: Begin): readonly Finding[] {
  const id = record.target;
  const findings: Finding[] = [];
  const no = (invariant: string, why: string) => findings.push({ invariant, message: `${id} begins ${why}` });
  if (target.status === 'done' && target.outcome === 'blocked' && !target.everBegun)
    no('S20', 'though nothing may be deployed there any more');
  else if (target.status === 'done') no('S5', `again, though it ended ${target.outcome ?? 'somehow'}`);
  for (const { target: needed, kind } of planned.dependencies) {
    const upstream = story.targets.get(needed);
    if (!upstream) continue;
    const over = moment.over.has(needed) || story.isHopeless(needed) || (moment.stopped !== null && upstream.status === 'pending');
    if (!over) no('S3', `before ${needed}, which it needs, has ended`);
    else if (kind === 'hard' && upstream.outcome !== 'succeeded' && upstream.outcome !== 'unchanged')
      no('S3', `though ${needed} did not succeed`);
  }
  if (moment.aborted) no('S7', 'after an abort');
  if (!moment.approved.has(wave.name)) no('S19', `without the approval that ${wave.name} asks for`);
  if (moment.paused && story.plan.rollsBack === null) no('S7', 'while paused');
  // What goes back or away waits for nothing and stops at nothing.
  if (story.plan.rollsBack !== null || story.plan.purpose === 'destroy' || wave.stage === 'trailing') return findings;
  if (!moment.windowOpen) no('S7', `at ${moment.at}, when no window is open`);
  if (!moment.cleared.has(wave.name)) no('S7', `though the gate before ${wave.name} is not passed`);
  if (moment.waitsForIrreversible.has(wave.name)) no('S19', `though nobody approved what cannot be undone in ${wave.name}`);
  if (moment.stopped === 'gate') no('S4', `after the gate of ${story.failedWave ?? ''} failed`);
  if (moment.stopped === 'tolerance') no('S4', 'after more failed than may');
  for (const earlier of story.plan.waves.slice(0, story.plan.waves.indexOf(wave)))
    if (!moment.passed.has(earlier.name)) no('S3', `though wave ${earlier.name} before its own is not passed`);
  if (wave.limits.mode === 'strict') {
    const lowered = moment.limits.failureTolerance ?? Infinity;
    const total = [...moment.failures].reduce((sum, [name, count]) => sum + (isTrailing(story, name) ? 0 : count), 0);
    const left = Math.min(
      Math.min(wave.limits.failureTolerance, lowered) - (moment.failures.get(wave.name) ?? 0),
      Math.min(story.plan.limits.failureTolerance, lowered) - total,
    );
    const underWay = wave.targets.filter(
      (one) => one !== id && (moment.inFlight.has(one) || moment.watching.has(one) || story.begunSince.includes(one)),
    ).length;
    if (underWay + 1 > left + 1) no('S1', `beside ${underWay} of its wave, and ${left} more may fail`);
  }
  return findings;
}

function finishProblems(moment: Moment, { story, record, target }: Begin): readonly Finding[] {
  const findings: Finding[] = [];
  const no = (invariant: string, why: string) => findings.push({ invariant, message: `${record.target} takes all orders ${why}` });
  if (!moment.watchPassed.has(record.target)) no('S8', 'though its trial is not passed');
  if (!target.watchReached) no('L5', 'before its trial is over');
  if (moment.paused) no('S7', 'while paused');
  if (moment.aborted) no('S7', 'after an abort');
  if (story.failedWave !== null && moment.stopped === 'gate') no('S4', 'after its gate failed');
  return findings;
}

/** S9. A way back is exempt from windows, pauses and what is stopped. */
function rollbackProblems({ story, record, target, wave }: Begin): readonly Finding[] {
  const id = record.target;
  const findings: Finding[] = [];
  const no = (why: string) => findings.push({ invariant: 'S9', message: `${id} goes back ${why}` });
  if (!target.everBegun) no('though this rollout never began it');
  const trial = target.status === 'watching' || (target.status === 'going-back' && story.failedWave === null);
  if (story.failedWave === null && !trial) no('though no gate failed');
  if (story.plan.rollback !== 'rollout' && story.failedWave !== null && wave.name !== story.failedWave)
    no(`with ${wave.name}, and only ${story.failedWave} failed`);
  if (story.irreversible.has(id) && !story.wayBackApproved) no('below what cannot be undone, without approval');
  const index = story.plan.waves.indexOf(wave);
  const ahead = story.plan.waves
    .slice(index + 1)
    .flatMap((later) => later.targets)
    .find((other) => story.targets.get(other)?.run === 'rollback');
  if (ahead !== undefined) no(`before ${ahead} of a later wave is back`);
  return findings;
}

/** S6 and S9: exactly what was planned, or exactly what was good. */
function identityProblems(run: Run, { story, record, planned }: Begin): readonly Finding[] {
  const { current } = record;
  if (run === 'rollback') {
    const good = story.goods.get(record.target)?.good ?? null;
    return isDeepStrictEqual(current, good)
      ? []
      : [{ invariant: 'S9', message: `${record.target} goes back to something else than was good` }];
  }
  if (destroys(story.plan, record.target)) {
    const before = story.records.get(record.target);
    return isDeepStrictEqual({ ...record, dirty: true }, { ...before, dirty: true })
      ? []
      : [{ invariant: 'S18', message: `${record.target} begins to be destroyed, and its record says something else than what stood` }];
  }
  if (current === null) return [{ invariant: 'S6', message: `${record.target} begins, and its record does not say with what` }];
  const findings: Finding[] = [];
  const no = (what: string) => findings.push({ invariant: 'S6', message: `${record.target} begins with another ${what} than was planned` });
  if (current.release !== planned.release) no('release');
  if (current.desired !== planned.desired) no('identity');
  if (!isDeepStrictEqual(current.parts, planned.parts)) no('program or code');
  if (digestOf(current.config) !== digestOf(planned.config)) no('configuration');
  if (current.fingerprint !== digestOf({ desired: planned.desired, upstream: current.upstream })) no('fingerprint');
  return findings;
}

function isTrailing({ plan }: RolloutStory, wave: string): boolean {
  return plan.waves.find(({ name }) => name === wave)?.stage === 'trailing';
}

function fewest(tried: readonly (readonly Finding[])[]): readonly Finding[] {
  return tried.reduce((best, one) => (one.length < best.length ? one : best));
}

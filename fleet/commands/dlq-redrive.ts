import { counted } from '../../contracts/counted';
import type { DeadLetterClass } from '../../contracts/order-message';
import type { Target } from '../../contracts/target';
import type { LetterEntry, LetterQuery, LetterSource } from '../dead-letters/dead-letters';
import { noneRefused, type Refused } from '../dead-letters/judge-letter';
import { addRefused, redriveReport, type RedriveReport, type TargetRedrive } from '../dead-letters/letter-report';
import { Pace } from '../dead-letters/pace';
import { redriveLetters, type Redriven } from '../dead-letters/redrive-letters';
import { olderFirst, surveyRedrive } from '../dead-letters/survey-letters';
import { mapBounded } from '../discovery/bounded';
import { toldError, userError } from '../errors';
import { redriveText } from '../report/dead-letters-text';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { parseClass, parseDays, parseLimit, parseMax, parseRate } from './dlq-flags';
import type { FilterFlags } from './filters';
import { confirmed } from './confirmed';
import { EXIT_INTERRUPTED } from './exit-codes';
import { redAlarms, warnOfRed } from './letter-alarms';
import { atTarget, letterSource, targetsWithLetters } from './letter-sources';
import { openDeadLetters, type DeadLetterPorts } from './open-ports';

/** Flags of `dlq redrive`. */
export interface DlqRedriveFlags extends FilterFlags {
  readonly config: string;
  readonly class: string;
  readonly since?: string;
  readonly until?: string;
  readonly rate?: string;
  readonly max?: string;
  readonly limit?: string;
  readonly again?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** What was asked for. */
interface Wish {
  readonly class: DeadLetterClass;
  readonly query: LetterQuery;
  readonly perSecond: number;
  readonly max: number | null;
  /** Orders of the whole run, at most. */
  readonly limit: number;
  readonly again: boolean;
  readonly dryRun: boolean;
}

/** What is found at one target before anything is sent. */
type Surveyed =
  | {
      readonly kind: 'read';
      readonly source: LetterSource;
      /** Those that are chosen, of `found`. */
      readonly letters: readonly LetterEntry[];
      readonly orders: ReadonlyMap<LetterEntry, number>;
      readonly found: number;
      readonly begun: ReadonlySet<LetterEntry>;
      readonly refused: Refused;
    }
  | { readonly kind: 'not read'; readonly redrive: TargetRedrive };

const AT_ONCE = 8;

/**
 * Sends dead letters of a class to their order queues again; asks first. An order may be sent more than once where a run was cut off, which
 * its id makes harmless. What fails at one target stops that one alone, and makes the exit code 1.
 */
export async function dlqRedrive(flags: DlqRedriveFlags, context: CommandContext): Promise<CommandOutcome> {
  const wish = parseWish(flags);
  const fleet = await openFleet(flags.config);
  const targets = await targetsWithLetters(flags, fleet);
  const ports = await openDeadLetters(fleet, context);
  try {
    const surveyed = atMost(await mapBounded(targets, AT_ONCE, (target) => survey(target, { wish, ports, context })), wish);
    const chosen = surveyed.flatMap((one) => (one.kind === 'read' && one.letters.length > 0 ? [one.source.target] : []));
    const withAlarms = async (redrives: readonly TargetRedrive[]) => {
      const alarms = await redAlarms(chosen, fleet, context);
      warnOfRed(alarms, context);
      return redrives.map((one) => ({ ...one, alarms: alarms.get(one.id) ?? null }));
    };
    const unasked = flags.yes === true && !wish.dryRun;
    const unsents = surveyed.map((one) => unsent(one, 'dry run'));
    const expected = reportOf({ ...wish, dryRun: true }, unasked ? unsents : await withAlarms(unsents));
    if (wish.dryRun || expected.counts.letters === 0) return outcomeOf({ ...expected, dryRun: wish.dryRun }, context);
    if (flags.yes !== true) {
      context.reporter.report({ level: 'info', code: 'redrive', isText: true, message: redriveText(expected), data: expected });
      const question = `send ${counted(expected.counts.letters, 'letter')} again, at most ${counted(wish.perSecond, 'order')} a second at each target? [y/N] `;
      if (!(await confirmed(question, context))) return { exitCode: 1, text: 'not confirmed: nothing was sent', data: null };
    }
    const redriven = await mapBounded(surveyed, AT_ONCE, (one) => redriveOne(one, { wish, ports, context }));
    // Who has interrupted it does not wait for alarms.
    return outcomeOf(reportOf(wish, context.interrupt.aborted ? redriven : await withAlarms(redriven)), context);
  } finally {
    await ports.close();
  }
}

function parseWish(flags: DlqRedriveFlags): Wish {
  const letterClass = parseClass(flags.class);
  if (letterClass === 'malformed')
    throw userError(
      'not-redrivable',
      '--class malformed: what cannot be read as an order would fail again; correct the producer, and let it send its orders anew',
    );
  return {
    class: letterClass,
    query: { classes: [letterClass], ...parseDays(flags) },
    perSecond: parseRate(flags.rate),
    max: parseMax(flags.max),
    limit: parseLimit(flags.limit),
    again: flags.again === true,
    dryRun: flags.dryRun === true,
  };
}

interface Redriving {
  readonly wish: Wish;
  readonly ports: DeadLetterPorts;
  readonly context: CommandContext;
}

async function survey(target: Target, { wish, ports, context }: Redriving): Promise<Surveyed> {
  const { interrupt } = context;
  const work = async () => {
    const source = await letterSource(target, ports.engine);
    const found = await surveyRedrive(ports.deadLetters.at(source), wish.query, { signal: interrupt, again: wish.again });
    return { source, ...found, found: found.letters.length };
  };
  const found = await atTarget(target.id, { interrupt, work });
  if ('value' in found) return { kind: 'read', ...found.value };
  return { kind: 'not read', redrive: { ...nothing(found.id), state: 'not read', error: found.trouble } };
}

/** The oldest letters of all targets: so many at most, and as many as hold no more orders than the run may send. */
function atMost(surveyed: readonly Surveyed[], { max, limit }: Pick<Wish, 'max' | 'limit'>): readonly Surveyed[] {
  const all = surveyed.flatMap((one) =>
    one.kind === 'read' ? one.letters.map((letter) => ({ letter, orders: one.orders.get(letter) ?? 0 })) : [],
  );
  const oldest = all.sort((left, right) => olderFirst(left.letter, right.letter)).slice(0, max ?? undefined);
  const chosen = new Set<LetterEntry>();
  let sent = 0;
  for (const { letter, orders } of oldest) {
    sent += orders;
    // None that is younger goes before it.
    if (sent > limit) break;
    chosen.add(letter);
  }
  return surveyed.map((one) => (one.kind === 'read' ? { ...one, letters: one.letters.filter((letter) => chosen.has(letter)) } : one));
}

async function redriveOne(one: Surveyed, { wish, ports, context }: Redriving): Promise<TargetRedrive> {
  if (one.kind === 'not read' || one.letters.length === 0) return unsent(one, 'nothing to send');
  const { interrupt, cancel, clock, reporter } = context;
  const { target } = one.source;
  const pace = new Pace(clock, wish.perSecond);
  const letters = ports.deadLetters.at(one.source);
  const redriven = await redriveLetters(one.letters, letters, { clock, pace, again: wish.again, interrupt, cancel });
  const result = resultOf(one, redriven);
  if (redriven.end.kind === 'failed')
    reporter.report({
      level: 'error',
      code: 'redrive-failed',
      message: `${target.id}: letters sent again: ${redriven.letters}, then ${redriven.end.error.message}`,
      target: target.id,
      data: result.error,
    });
  else
    reporter.report({
      level: 'info',
      code: 'target-redriven',
      message: `${target.id}: letters sent again: ${redriven.letters}, left: ${result.remaining}`,
      target: target.id,
      data: { letters: redriven.letters, messages: redriven.messages, left: redriven.left, remaining: result.remaining },
    });
  return result;
}

function resultOf(
  one: Surveyed & { readonly kind: 'read' },
  { letters, begunBefore, messages, left, refused, end }: Redriven,
): TargetRedrive {
  // What another redrive sent meanwhile, or the archive forgot, is not left.
  const remaining = stillThere(one) - letters - refused.marked - refused.gone;
  const base = {
    ...nothing(one.source.target.id),
    letters,
    begunBefore,
    messages,
    left,
    remaining,
    refused: addRefused(one.refused, refused),
  };
  switch (end.kind) {
    case 'done':
      return { ...base, state: 'redriven' };
    case 'interrupted':
      return { ...base, state: 'interrupted' };
    case 'failed':
      return { ...base, state: 'failed', error: toldError(end.error) };
    default:
      throw new Error(`unknown end ${JSON.stringify(end satisfies never)}`);
  }
}

function unsent(one: Surveyed, state: 'dry run' | 'nothing to send'): TargetRedrive {
  if (one.kind === 'not read') return one.redrive;
  const { source, letters, begun, refused } = one;
  const remaining = stillThere(one) - letters.length;
  return {
    ...nothing(source.target.id),
    state: letters.length === 0 ? 'nothing to send' : state,
    letters: letters.length,
    begunBefore: letters.filter((letter) => begun.has(letter)).length,
    remaining,
    refused,
  };
}

/** Letters that were not sent again when they were looked at. */
function stillThere({ found, refused: { again, spent, unreadable, oversized } }: Surveyed & { readonly kind: 'read' }): number {
  return found + again + spent + unreadable + oversized;
}

function nothing(id: TargetRedrive['id']): TargetRedrive {
  return {
    id,
    state: 'nothing to send',
    letters: 0,
    begunBefore: 0,
    messages: 0,
    left: 0,
    remaining: 0,
    refused: noneRefused,
    error: null,
    alarms: null,
  };
}

function reportOf(wish: Wish, targets: readonly TargetRedrive[]): RedriveReport {
  return redriveReport({ class: wish.class, dryRun: wish.dryRun, perSecond: wish.perSecond, limit: wish.limit }, targets);
}

function outcomeOf(report: RedriveReport, { interrupt }: CommandContext): CommandOutcome {
  const failed = report.targets.some(({ state }) => state === 'failed' || state === 'not read');
  const interrupted = interrupt.aborted && report.targets.some(({ state }) => state === 'interrupted');
  return { exitCode: interrupted ? EXIT_INTERRUPTED : failed ? 1 : 0, text: redriveText(report), data: report };
}

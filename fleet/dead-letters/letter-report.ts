import type { DeadLetterClass } from '../../contracts/order-message';
import type { TargetId } from '../../contracts/target';
import type { RedCellAlarm } from '../health/health-matrix';

import { noneRefused, type LetterRefusal, type Refused } from './judge-letter';
import type { ClassCount, ShownLetter } from './survey-letters';

/** What could not be done at a target. */
export interface TargetTrouble {
  readonly code: string;
  readonly message: string;
}

/** Dead letters of one target. What could not be read is never shown as none. */
export type TargetLetterCounts =
  | { readonly id: TargetId; readonly state: 'read'; readonly classes: readonly ClassCount[] }
  | { readonly id: TargetId; readonly state: 'not read'; readonly error: TargetTrouble };

/** The result of `dlq list` over targets. */
export interface LetterCounts {
  readonly version: 1;
  readonly counts: { readonly targets: number; readonly notRead: number; readonly letters: number; readonly redriven: number };
  readonly targets: readonly TargetLetterCounts[];
}

/** The result of `dlq list` of one target. */
export interface LetterList {
  readonly version: 1;
  readonly target: TargetId;
  readonly letters: readonly ShownLetter[];
}

/** How a redrive ended at one target. `dry run`: it would send them. */
export interface TargetRedrive {
  readonly id: TargetId;
  readonly state: 'redriven' | 'dry run' | 'nothing to send' | 'interrupted' | 'failed' | 'not read';
  /** Letters that were sent and marked, or would be. */
  readonly letters: number;
  /** Of these, those that a run which was cut off had begun: their orders may come twice. */
  readonly begunBefore: number;
  /** Orders that were sent. */
  readonly messages: number;
  /** Letters that were chosen and not come to. */
  readonly left: number;
  /** Letters of the class that are not sent again by then, for whatever reason: not chosen, not come to, or passed over. */
  readonly remaining: number;
  readonly refused: Refused;
  readonly error: TargetTrouble | null;
  /** Its alarms that are red afterwards, or now; null where they could not be read, or nothing was to be sent. */
  readonly alarms: readonly RedCellAlarm[] | null;
}

/** The result of `dlq redrive`. */
export interface RedriveReport {
  readonly version: 1;
  readonly class: DeadLetterClass;
  readonly dryRun: boolean;
  /** Orders that were sent to one target, at most, in a second. */
  readonly perSecond: number;
  /** Orders that are sent in this run, at most, to all targets together. */
  readonly limit: number;
  readonly counts: {
    readonly targets: number;
    readonly letters: number;
    readonly begunBefore: number;
    readonly messages: number;
    readonly left: number;
    readonly remaining: number;
    readonly refused: Refused;
  };
  readonly targets: readonly TargetRedrive[];
}

/** Counts of targets with their sums. */
export function letterCounts(targets: readonly TargetLetterCounts[]): LetterCounts {
  const classes = targets.flatMap((target) => (target.state === 'read' ? target.classes : []));
  const counts = {
    targets: targets.length,
    notRead: targets.filter(({ state }) => state === 'not read').length,
    letters: sum(classes.map(({ letters }) => letters)),
    redriven: sum(classes.map(({ redriven }) => redriven)),
  };
  return { version: 1, counts, targets };
}

/** A redrive with its sums. */
export function redriveReport(
  what: Pick<RedriveReport, 'class' | 'dryRun' | 'perSecond' | 'limit'>,
  targets: readonly TargetRedrive[],
): RedriveReport {
  const counts = {
    targets: targets.length,
    letters: sum(targets.map(({ letters }) => letters)),
    begunBefore: sum(targets.map(({ begunBefore }) => begunBefore)),
    messages: sum(targets.map(({ messages }) => messages)),
    left: sum(targets.map(({ left }) => left)),
    remaining: sum(targets.map(({ remaining }) => remaining)),
    refused: targets.map(({ refused }) => refused).reduce(addRefused, noneRefused),
  };
  return { version: 1, ...what, counts, targets };
}

/** Both together. */
export function addRefused(left: Refused, right: Refused): Refused {
  const reasons = Object.keys(noneRefused) as LetterRefusal[];
  return Object.fromEntries(reasons.map((why) => [why, left[why] + right[why]])) as unknown as Refused;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

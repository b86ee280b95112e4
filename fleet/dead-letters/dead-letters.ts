import type { ArchivedDeadLetter } from '../../contracts/archived-dead-letter';
import type { ArchivedName, DeadLetterPlace } from '../../contracts/dead-letter';
import type { DeadLetterClass } from '../../contracts/order-message';
import type { Target } from '../../contracts/target';

/** A deployed target that has dead letters, and where. */
export interface LetterSource {
  readonly target: Target;
  readonly place: DeadLetterPlace;
}

/** Which letters. Days are UTC, as `2026-03-04`, of when a letter was first sent, both inclusive; null: no bound. */
export interface LetterQuery {
  readonly classes: readonly DeadLetterClass[];
  readonly since: string | null;
  readonly until: string | null;
}

/** A letter as the archive lists it, without opening it. */
export interface LetterEntry extends ArchivedName {
  readonly key: string;
  /** ISO 8601. */
  readonly archivedAt: string;
}

/** That a letter was sent again, or is about to be: who finds only that may find it sent, or not. */
export interface LetterMark {
  readonly kind: 'begun' | 'redriven';
  /** ISO 8601. */
  readonly at: string;
  /** How often its order was sent again, this time included. */
  readonly redrives: number;
}

/** What stands at a letter's key. The archive forgets letters after a year: one that was listed may be gone. */
export type LetterState = { readonly kind: 'unmarked' } | LetterMark | { readonly kind: 'gone' };

/** What a letter holds; `unreadable` where it is not what the dead-letter function writes. */
export type LetterContent =
  { readonly kind: 'letter'; readonly letter: ArchivedDeadLetter } | { readonly kind: 'unreadable' } | { readonly kind: 'gone' };

/** An order on its way back to its queue. */
export interface RedrivenMessage {
  readonly body: string;
  /** How often it was sent again, this time included. */
  readonly redrives: number;
}

/** How a call is stopped. */
export interface CallOptions {
  readonly signal: AbortSignal;
}

/** The dead letters of one target. Every call rejects with a FleetError that names what was refused, and where. */
export interface TargetLetters {
  /** Pages of the archive, in the order of their keys; a page may be empty. */
  pages(query: LetterQuery, options: CallOptions): AsyncIterable<readonly LetterEntry[]>;
  state(key: string, options: CallOptions): Promise<LetterState>;
  read(key: string, options: CallOptions): Promise<LetterContent>;
  /** Resolves once the order queue has the message. */
  send(message: RedrivenMessage, options: CallOptions): Promise<void>;
  /** Marks a letter; other marks on it stay. Nothing is ever removed. */
  mark(key: string, mark: LetterMark, options: CallOptions): Promise<void>;
}

/** The archives and order queues of all targets. */
export interface DeadLetters {
  at(source: LetterSource): TargetLetters;
  /** Releases what it holds. */
  close(): Promise<void>;
}

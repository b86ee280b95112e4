import type { Health, HealthSignals } from '../../contracts/health';
import type { AlarmReading, HealthReading } from '../gates/health-reader';

import type { CellState, HealthCell, PlaceOfMatrix, RedCellAlarm } from './health-matrix';

/** What is known of a target before its alarms are read. */
export type CellSubject =
  /** Nothing of it is deployed, and why. */
  | { readonly kind: 'absent'; readonly reason: string }
  /** It stands, and what is read of it is not known. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'standing'; readonly health: Health; readonly reading: HealthReading | { readonly error: string } };

/** What a cell is judged by. */
export interface CellContext {
  readonly fleet: string;
  readonly signals: HealthSignals;
  readonly now: Date;
  /** Real seconds that an alarm may take to have its first data. */
  readonly warmUpSeconds: number;
}

/** The state of one target. Pure. What could not be read is `not-known`, also where the rest reads well; what is red is red whatever else is not known. */
export function judgeCell({ target, accountName }: PlaceOfMatrix, subject: CellSubject, context: CellContext): HealthCell {
  const { id, layer, account, region } = target;
  return { id, layer, account, accountName, region, ...judge(subject, context) };
}

type Judged = Pick<HealthCell, 'state' | 'reason' | 'alarms' | 'since'>;

function judge(subject: CellSubject, context: CellContext): Judged {
  const plain = (state: CellState, reason: string | null): Judged => ({ state, reason, alarms: [], since: null });
  switch (subject.kind) {
    case 'absent':
      return plain('missing', subject.reason);
    case 'unreadable':
      return plain('not-known', subject.reason);
    case 'standing':
      return 'error' in subject.reading
        ? plain('not-known', subject.reading.error)
        : judgeAlarms(subject.health, subject.reading.alarms, context);
    default:
      throw new Error(`unknown subject ${String(subject satisfies never)}`);
  }
}

function judgeAlarms(health: Health, alarms: readonly AlarmReading[], context: CellContext): Judged {
  const expected = [...health.composites, ...health.children];
  if (expected.length === 0) return { state: 'not-known', reason: 'it has no alarms', alarms: [], since: null };
  const there = new Set(alarms.map(({ name }) => name));
  const absent = expected.filter((name) => !there.has(name));
  if (absent.length === expected.length) return { state: 'missing', reason: 'none of its alarms exists', alarms: [], since: null };

  const red = alarms.filter(({ state }) => state === 'ALARM').map((alarm) => ({ alarm, meaning: meaningOf(alarm, context) }));
  const reason =
    absent.length === 0
      ? null
      : `alarm${absent.length === 1 ? '' : 's'} ${absent.join(', ')} of it ${absent.length === 1 ? 'does' : 'do'} not exist`;
  if (red.length > 0) {
    const told = red.map(({ alarm, meaning }): RedCellAlarm => ({
      name: alarm.name,
      severity: meaning?.severity ?? null,
      since: redSince(alarm),
      runbook: meaning?.runbook ?? null,
    }));
    return { state: redState(red), reason, alarms: gravestFirst(told, new Set(health.composites)), since: earliest(told) };
  }
  if (reason !== null) return { state: 'not-known', reason, alarms: [], since: null };
  const dataless = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA');
  if (dataless.length === 0) return { state: 'ok', reason: null, alarms: [], since: null };
  const names = dataless.map(({ name }) => name).join(', ');
  const since = dataless.flatMap((alarm) => alarm.since ?? []).sort()[0] ?? null;
  // Written so that an instant which is not known makes it silent.
  const silent = dataless.some((alarm) => !(context.now.getTime() - Date.parse(alarm.since ?? '') < context.warmUpSeconds * 1000));
  return silent
    ? { state: 'silent', reason: `no data for ${names}`, alarms: [], since }
    : { state: 'not-known', reason: `no data yet for ${names}`, alarms: [], since };
}

interface Red {
  readonly alarm: AlarmReading;
  readonly meaning: ReturnType<HealthSignals['alarm']>;
}

/** Composites repeat what their children say: where a child is red, the children decide. An alarm that nobody knows is taken for critical. */
function redState(red: readonly Red[]): CellState {
  const children = red.filter(({ alarm }) => alarm.kind === 'metric');
  const deciding = children.length > 0 ? children : red;
  const graveWithData = deciding.some(({ meaning }) => meaning === null || (meaning.severity === 'critical' && !meaning.silence));
  if (graveWithData) return 'critical';
  if (deciding.some(({ meaning }) => meaning?.silence === true)) return 'silent';
  // A composite may be red still, or again, while its children are read a moment apart.
  return red.some(({ meaning }) => meaning?.severity === 'critical') ? 'critical' : 'warning';
}

function meaningOf({ name }: AlarmReading, { signals, fleet }: CellContext): Red['meaning'] {
  return signals.alarm(name, fleet);
}

function redSince({ red, since }: AlarmReading): string | null {
  return red.find(({ until }) => until === null)?.from ?? since ?? null;
}

/** Children before composites, critical before warning: the first one's page is the one to open. */
function gravestFirst(alarms: readonly RedCellAlarm[], composites: ReadonlySet<string>): readonly RedCellAlarm[] {
  const rank = ({ severity, name }: RedCellAlarm) => (severity === 'warning' ? 2 : 0) + (composites.has(name) ? 1 : 0);
  return [...alarms].sort((left, right) => rank(left) - rank(right) || (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

function earliest(alarms: readonly RedCellAlarm[]): string | null {
  return alarms.flatMap(({ since }) => since ?? []).sort()[0] ?? null;
}

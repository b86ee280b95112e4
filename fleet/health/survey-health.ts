import { findLayer } from '../../contracts/layers';
import { mapBounded } from '../discovery/bounded';
import { messageOf } from '../errors';
import type { HealthReader } from '../gates/health-reader';
import { isDestroyed, type TargetRecord } from '../plan/target-record';
import type { Clock } from '../ports';

import { healthMatrix, type HealthCell, type HealthMatrix, type PlaceOfMatrix } from './health-matrix';
import { judgeCell, type CellSubject } from './judge-cell';
import type { KnownPlaces } from './known-places';
import { serviceLevels, serviceWindows, type ServiceLevels, type TargetCounts } from './service-levels';
import type { ServiceReader } from './service-reader';

/** What a survey is taken with. */
export interface SurveyOptions {
  readonly fleet: string;
  readonly reader: HealthReader;
  readonly clock: Clock;
  readonly warmUpSeconds: number;
  /** Targets read at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Reads the alarms of every known target, once each. Rejects only where its signal is aborted. */
export async function surveyHealth({ places, regions, notes }: KnownPlaces, options: SurveyOptions): Promise<HealthMatrix> {
  const cells: HealthCell[] = [];
  await mapBounded(places, options.concurrency, async (known) => void cells.push(await cellOf(known, options)));
  return healthMatrix(cells, { at: options.clock.now().toISOString(), regions, notes });
}

/** Counts the orders of every target that stands, and sums them up. Rejects only where its signal is aborted. */
export async function surveyService(
  { places }: KnownPlaces,
  { reader, concurrency, signal }: { readonly reader: ServiceReader; readonly concurrency: number; readonly signal: AbortSignal },
): Promise<ServiceLevels> {
  const counts: TargetCounts[] = [];
  await mapBounded(places, concurrency, async ({ target, record }) => {
    if (absence(record) !== null) return;
    const health = record?.health ?? null;
    const metrics = health && (findLayer(target.layer)?.signals?.service(health) ?? null);
    if (metrics === null) return void counts.push({ id: target.id, error: 'its outputs do not tell what to count' });
    signal.throwIfAborted();
    try {
      counts.push({ id: target.id, windows: await reader.read(target, metrics, { windows: serviceWindows, signal }) });
    } catch (error) {
      signal.throwIfAborted();
      counts.push({ id: target.id, error: messageOf(error) });
    }
  });
  return serviceLevels(counts.sort((left, right) => (left.id < right.id ? -1 : 1)));
}

/** A place of the matrix with what the records say of it. */
export interface KnownPlace extends PlaceOfMatrix {
  readonly record: TargetRecord | undefined;
}

async function cellOf(known: KnownPlace, options: SurveyOptions): Promise<HealthCell> {
  const { fleet, clock, warmUpSeconds } = options;
  const signals = findLayer(known.target.layer)?.signals;
  if (!signals) throw new Error(`${known.target.id} has no health: it has no place in the matrix`);
  return judgeCell(known, await subjectOf(known, options), { fleet, signals, now: clock.now(), warmUpSeconds });
}

async function subjectOf({ target, record }: KnownPlace, { reader, signal }: SurveyOptions): Promise<CellSubject> {
  const reason = absence(record);
  if (reason !== null) return { kind: 'absent', reason };
  const health = record?.health ?? null;
  if (health === null)
    return { kind: 'unreadable', reason: 'its outputs do not tell what to read: `fleet rollout --redeploy` makes them anew' };
  signal.throwIfAborted();
  try {
    const reading = await reader.read({ target, health, alarmsSince: null, redBefore: 'counts', ordersSince: null }, { signal });
    return { kind: 'standing', health, reading };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'standing', health, reading: { error: messageOf(error) } };
  }
}

/** Why nothing stands that could be read; null where something does. */
function absence(record: TargetRecord | undefined): string | null {
  if (!record?.current) return 'it is not deployed';
  if (isDestroyed(record)) return 'it was destroyed; what holds data was kept';
  if (record.good === null && record.health === null) return 'its first deployment was begun and did not succeed';
  return null;
}

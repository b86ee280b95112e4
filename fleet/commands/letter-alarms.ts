import type { Target, TargetId } from '../../contracts/target';
import type { RedCellAlarm } from '../health/health-matrix';
import { surveyHealth } from '../health/survey-health';

import type { CommandContext, OpenFleet } from './context';
import { openHealth } from './open-health';

/** Red alarms of targets whose letters are sent again; null where nobody could read them. Rejects only where the verb was interrupted. */
export async function redAlarms(
  targets: readonly Target[],
  { config, store }: OpenFleet,
  context: CommandContext,
): Promise<ReadonlyMap<TargetId, readonly RedCellAlarm[] | null>> {
  if (targets.length === 0) return new Map();
  const { clock, interrupt: signal } = context;
  const records = await store.loadRecords();
  const places = targets.map((target) => {
    const record = records.get(target.id);
    return { target, accountName: record?.current?.config.account.name ?? '', record };
  });
  const ports = await openHealth({ config, store }, context);
  try {
    const { reader, warmUpSeconds, concurrency } = ports;
    const options = { fleet: config.name, reader, clock, warmUpSeconds, concurrency, signal };
    const { cells } = await surveyHealth({ places, regions: config.regions, notes: [] }, options);
    return new Map(cells.map(({ id, state, alarms }) => [id, state === 'not-known' && alarms.length === 0 ? null : alarms]));
  } finally {
    await ports.close();
  }
}

/** Warns of each target whose alarms are red: while the cause stands, what is sent again becomes a dead letter anew. */
export function warnOfRed(alarms: ReadonlyMap<TargetId, readonly RedCellAlarm[] | null>, { reporter }: CommandContext): void {
  for (const [id, red] of alarms) {
    if (red === null || red.length === 0) continue;
    const pages = [...new Set(red.flatMap(({ runbook }) => runbook ?? []))];
    const named = red.map(({ name, since }) => `${name}${since === null ? '' : ` since ${since}`}`).join(', ');
    reporter.report({
      level: 'warning',
      code: 'redrive-alarm-red',
      message: `${id} is still red (${named}): what is sent again while the cause stands comes back as a dead letter; ${
        pages.length === 0 ? 'see to its alarms' : `follow ${pages.join(', ')}`
      }, then look with fleet status --health`,
      target: id,
      data: { alarms: red },
    });
  }
}

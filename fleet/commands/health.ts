import { messageOf, userError } from '../errors';
import type { HealthMatrix } from '../health/health-matrix';
import { knownPlaces, type KnownPlaces } from '../health/known-places';
import type { ServiceLevels } from '../health/service-levels';
import { surveyHealth, surveyService } from '../health/survey-health';
import { watchHealth } from '../health/watch-health';
import { cellLine, healthLine, healthText, serviceText } from '../report/health-text';
import { safeText } from '../report/terminal-text';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { openHealth, type HealthPorts } from './open-health';

/** The result of `status --health`. */
export interface HealthReport extends HealthMatrix {
  readonly objectives: ServiceLevels;
}

/** The fleet's health matrix and its objectives. Nothing is changed. */
export async function health(config: string, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(config);
  await refuseUnknownFleet(fleet);
  const ports = await openHealth(fleet, context);
  try {
    const places = await placesOf(fleet);
    const matrix = await survey(places, { fleet, ports, context });
    const objectives = await surveyService(places, { reader: ports.service, concurrency: ports.concurrency, signal: context.interrupt });
    const data: HealthReport = { ...matrix, objectives };
    return { exitCode: 0, text: `${healthText(matrix)}\n\n${serviceText(objectives)}`, data };
  } finally {
    await ports.close();
  }
}

/** The health of the fleet as a part of another text; where it cannot be had, why. */
export async function healthSection(fleet: OpenFleet, context: CommandContext): Promise<string> {
  try {
    const ports = await openHealth(fleet, context);
    try {
      return healthText(await survey(await placesOf(fleet), { fleet, ports, context }));
    } finally {
      await ports.close();
    }
  } catch (error) {
    context.interrupt.throwIfAborted();
    return safeText(`health is not known: ${messageOf(error)}`);
  }
}

/** Redraws the matrix on a terminal, or tells each change in one line elsewhere, until it is interrupted or nobody reads it. */
export async function watch(
  { config, intervalSeconds }: { readonly config: string; readonly intervalSeconds: number | null },
  context: CommandContext,
): Promise<CommandOutcome> {
  const { clock, interrupt, outputClosed, reporter, terminal } = context;
  const signal = outputClosed ? AbortSignal.any([interrupt, outputClosed]) : interrupt;
  const fleet = await openFleet(config);
  await refuseUnknownFleet(fleet);
  const ports = await openHealth(fleet, context);
  context.onInterrupt?.('');
  let last: HealthMatrix | undefined;
  const seconds = intervalSeconds ?? ports.intervalSeconds;
  try {
    const looks = await watchHealth(
      async () => survey(await placesOf(fleet), { fleet, ports, context }),
      {
        look: (matrix) => {
          if (terminal) terminal.redraw(`${healthText(matrix, gridOf(terminal))}\n\nevery ${seconds} s; Ctrl-C ends it`);
          else if (last === undefined) reporter.report({ level: 'info', code: 'health', message: healthLine(matrix), data: matrix.counts });
          last = matrix;
        },
        change: (cell, was) => {
          if (!terminal)
            reporter.report({ level: 'info', code: 'health-changed', message: cellLine(cell, was), target: cell.id, data: { was, cell } });
        },
      },
      { clock, intervalSeconds: seconds, signal },
    );
    return { exitCode: 0, text: last ? healthLine(last) : 'nothing was looked at', data: { looks, last: last ?? null } };
  } finally {
    await ports.close();
  }
}

interface Surveying {
  readonly fleet: OpenFleet;
  readonly ports: HealthPorts;
  readonly context: CommandContext;
}

function survey(places: KnownPlaces, { fleet, ports, context }: Surveying): Promise<HealthMatrix> {
  const { reader, warmUpSeconds, concurrency } = ports;
  const { clock, interrupt: signal } = context;
  return surveyHealth(places, { fleet: fleet.config.name, reader, clock, warmUpSeconds, concurrency, signal });
}

async function placesOf({ config, store }: OpenFleet): Promise<KnownPlaces> {
  return knownPlaces({ config, inventory: await store.loadInventory(), records: await store.loadRecords() });
}

async function refuseUnknownFleet({ store }: OpenFleet): Promise<void> {
  if ((await store.loadInventory()) === undefined && (await store.rolloutIds()).length === 0)
    throw userError('nothing-known', 'nothing is known of this fleet yet: take an inventory with fleet discover, or roll out');
}

/** What fits on a screen: the list of what is ill takes the lines that the grid leaves, roughly. */
function gridOf({ columns, rows, colour }: NonNullable<CommandContext['terminal']>) {
  return { columns, colour, listed: Math.max(3, Math.floor(rows / 3)) };
}

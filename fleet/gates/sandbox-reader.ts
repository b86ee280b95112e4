import type { ConditionsLog } from '../../sandbox/metrics/conditions-log';
import { SimulatedCloudWatch, type AlarmHistory } from '../../sandbox/metrics/simulated-cloudwatch';
import type { Organization } from '../../sandbox/organization';
import type { SimulatedClock } from '../../sandbox/simulated-clock';
import type { World } from '../../sandbox/world';
import { FleetError } from '../errors';
import type { GateTarget } from '../ports';

import type { AlarmReading, HealthReader, HealthReading } from './health-reader';

/** What the sandbox's health is read from. */
export interface SandboxReaderOptions {
  /** The organisation as it stands now; the same object as long as it has not changed. */
  readonly organization: () => Organization;
  /** When that was written, in real milliseconds: what it plants anew has stood since then. @default when it is read */
  readonly writtenAt?: () => number;
  readonly world: World;
  readonly log: ConditionsLog;
  readonly clock: SimulatedClock;
}

/** Reads health from the sandbox's simulated CloudWatch. What organization.yaml plants counts from when it was written, or read. */
export function sandboxReader(options: SandboxReaderOptions): HealthReader {
  // Known from the start: what is planted now stands before anything is deployed.
  noteConditions(options);
  return {
    read: async (asked, { signal }) => {
      signal.throwIfAborted();
      return readTarget(asked, options);
    },
    close: () => Promise.resolve(),
  };
}

function noteConditions(options: SandboxReaderOptions): Organization {
  const { organization, log, clock } = options;
  const now = organization();
  log.note(now, clock.realNow(), { writtenAt: options.writtenAt?.() });
  return now;
}

function readTarget(asked: GateTarget, options: SandboxReaderOptions): HealthReading {
  const { target, health, alarmsSince, ordersSince } = asked;
  const { log, world } = options;
  const organization = noteConditions(options);
  refuseUnreadable(asked, organization, options);
  if (health === null) return { alarms: [], orders: null, synthetic: null };

  const place = { account: target.account, region: target.region, organizationId: organization.id };
  const watch = new SimulatedCloudWatch(place, { world, log, clock: options.clock });
  const counted = (count: typeof health.orders) =>
    count === null || ordersSince === null ? null : watch.samplesSince(count, Date.parse(ordersSince));
  return {
    alarms: [...health.composites, ...health.children].flatMap((name) => {
      const history = watch.alarm(name);
      return history ? [readingOf(history, alarmsSince === null ? null : Date.parse(alarmsSince))] : [];
    }),
    orders: counted(health.orders),
    synthetic: counted(health.synthetic),
  };
}

function refuseUnreadable({ target }: GateTarget, organization: Organization, { log, world }: SandboxReaderOptions): void {
  const account = organization.accounts.find(({ id }) => id === target.account);
  if (account?.state !== 'ACTIVE') throw failed('AccessDenied', `sts:AssumeRole in account ${target.account} failed: it is not ACTIVE`);
  const fingerprint = world.deployment(target)?.fingerprint;
  if (log.stands('gate-error', { target: target.id, fingerprint }))
    throw failed('InternalServiceFault', `cloudwatch:DescribeAlarms of ${target.id} failed (sandbox fault gate-error)`);
}

function failed(name: string, message: string): FleetError {
  return new FleetError(`aws/${name}`, message);
}

function readingOf({ name, kind, phases }: AlarmHistory, since: number | null): AlarmReading {
  const red = phases.filter(({ state, until }) => state === 'ALARM' && (until === null || (since !== null && until > since)));
  return {
    name,
    kind,
    state: phases.at(-1)?.state ?? 'INSUFFICIENT_DATA',
    red: red.map(({ from, until }) => ({ from: iso(from), until: until === null ? null : iso(until) })),
  };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

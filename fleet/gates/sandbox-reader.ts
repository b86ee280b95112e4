import { SimulatedCloudWatch, type AlarmHistory } from '../../sandbox/metrics/simulated-cloudwatch';
import type { Organization } from '../../sandbox/organization';
import type { GateTarget } from '../ports';

import type { AlarmReading, HealthReader, HealthReading } from './health-reader';
import { awsRefusal, noteConditions, refuseInactive, type SandboxView } from './sandbox-view';

/** Reads health from the sandbox's simulated CloudWatch. What organization.yaml plants counts from when it was written, or read. */
export function sandboxReader(options: SandboxView): HealthReader {
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

function readTarget(asked: GateTarget, options: SandboxView): HealthReading {
  const { target, health, alarmsSince, ordersSince } = asked;
  const organization = noteConditions(options);
  refuseUnreadable(asked, organization, options);
  if (health === null) return { alarms: [], orders: null, synthetic: null };

  const place = { account: target.account, region: target.region, organizationId: organization.id };
  const watch = new SimulatedCloudWatch(place, options);
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

function refuseUnreadable({ target }: GateTarget, organization: Organization, { log, world }: SandboxView): void {
  refuseInactive(target.account, organization);
  const fingerprint = world.deployment(target)?.fingerprint;
  if (log.stands('gate-error', { target: target.id, fingerprint }))
    throw awsRefusal('InternalServiceFault', `cloudwatch:DescribeAlarms of ${target.id} failed (sandbox fault gate-error)`);
}

function readingOf({ name, kind, phases }: AlarmHistory, since: number | null): AlarmReading {
  const present = phases.at(-1);
  if (present === undefined) throw new Error(`alarm ${name} has no state`);
  const red = phases.filter(({ state, until }) => state === 'ALARM' && (until === null || (since !== null && until > since)));
  return {
    name,
    kind,
    state: present.state,
    since: iso(present.from),
    red: red.map(({ from, until }) => ({ from: iso(from), until: until === null ? null : iso(until) })),
  };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

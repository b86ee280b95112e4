import { environments } from '../../contracts/tags';
import { fleetNameSchema, MAX_FLEET_NAME, regionSchema, accountIdSchema } from '../../contracts/ids';
import { foundationNames, observabilityNames, regionalNames, type RegionalNames } from '../../contracts/names';
import { knownRegions } from '../../contracts/regions';
import { fleetAlarmDefinitions, fleetComposites } from '../../observability/fleet-alarm-definitions';
import { alarmDefinitions } from '../../regional/alarm-definitions';
import { resolveRegionalSettings } from '../../contracts/regional';

/** The longest name each service takes. Sources: the services' API references. */
const LIMITS = {
  lambdaFunction: 64,
  queue: 80,
  table: 255,
  bucket: 63,
  logGroup: 512,
  role: 64,
  rolePath: 512,
  schedule: 64,
  dashboard: 255,
  keyAlias: 256,
  namespace: 255,
  alarm: 255,
  topic: 256,
} as const;

const limitOf: Readonly<Record<Exclude<keyof RegionalNames, 'alarm'>, number>> = {
  orderFunction: LIMITS.lambdaFunction,
  deadLetterFunction: LIMITS.lambdaFunction,
  orderQueue: LIMITS.queue,
  deadLetterQueue: LIMITS.queue,
  ordersTable: LIMITS.table,
  archiveBucket: LIMITS.bucket,
  orderLogGroup: LIMITS.logGroup,
  deadLetterLogGroup: LIMITS.logGroup,
  orderRole: LIMITS.role,
  deadLetterRole: LIMITS.role,
  schedulerRole: LIMITS.role,
  rolePath: LIMITS.rolePath,
  heartbeatSchedule: LIMITS.schedule,
  dashboard: LIMITS.dashboard,
  keyAlias: LIMITS.keyAlias,
  metricNamespace: LIMITS.namespace,
};

const longest = 'o'.repeat(MAX_FLEET_NAME);
const account = accountIdSchema.parse('333333333333');
const regions = [...knownRegions.keys()].map((region) => regionSchema.parse(region));
const tooLong = (names: readonly (readonly [string, string, number])[]) => names.filter(([, name, limit]) => name.length > limit);

describe('the names of the longest fleet name', () => {
  test('are inside the limits of AWS in every region', () => {
    const all = regions.flatMap((region) => {
      const { alarm, ...names } = regionalNames(longest, { account, region });
      const alarms = alarmDefinitions(regionalNames(longest, { account, region }), resolveRegionalSettings({}, 1000));
      const over = observabilityNames(longest, { region, part: 9 });
      const overAll = fleetAlarmDefinitions({ namespace: '', orderFunction: '', deadLetterFunction: '' });
      return [
        ...Object.entries(names).map(([key, name]) => [key, name, limitOf[key as keyof typeof limitOf]] as const),
        ...alarms.map(({ kind }) => ['alarm', alarm(kind), LIMITS.alarm] as const),
        ...overAll.map(({ kind }) => ['fleet alarm', over.alarm(kind), LIMITS.alarm] as const),
        ...fleetComposites.map(({ severity }) => ['fleet alarm', over.alarm(severity), LIMITS.alarm] as const),
        ['dashboard', over.regionDashboard, LIMITS.dashboard] as const,
        ['dashboard', over.targetsDashboard, LIMITS.dashboard] as const,
        ['topic', foundationNames(longest).topic('critical'), LIMITS.topic] as const,
        ['key alias', foundationNames(longest).keyAlias, LIMITS.keyAlias] as const,
        ...environments.map((environment) => ['function alias', environment, 128] as const),
      ];
    });

    expect(tooLong(all)).toEqual([]);
  });

  test('leave little room: the bucket of the longest region is what sets the limit', () => {
    const buckets = regions.map((region) => regionalNames(longest, { account, region }).archiveBucket.length);

    expect(LIMITS.bucket - Math.max(...buckets)).toBeLessThan(5);
  });

  test('one character more is refused, with the name', () => {
    expect(fleetNameSchema.safeParse(longest).success).toBe(true);
    expect(fleetNameSchema.safeParse(`${longest}x`).error?.issues.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^fleet name "o{20}x" must be at most 20 characters/),
    ]);
  });
});

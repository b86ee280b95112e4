import * as z from 'zod';

import { MAX_LETTER_ORDERS } from './dead-letter';
import { durationSchema } from './duration';
import { accountIdSchema, regionSchema } from './ids';

/** Retentions CloudWatch Logs accepts, in days. Source: PutRetentionPolicy. */
export const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A percentage as 10 or "10%", between bounds. `name` is what messages call it. */
export function percentSchema(name: string, { min, max }: Bounds) {
  const refused = (issue: { readonly input?: unknown }) => `${name} ${String(issue.input)} must be ${min} to ${max}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,3}(\.\d+)?%$/)
          .transform((text) => Number(text.slice(0, -1))),
      ],
      { error: `${name} must be a number such as 10 or "10%"` },
    )
    .pipe(z.number().min(min, { error: refused }).max(max, { error: refused }));
}

const integer = (name: string, { min, max }: Bounds) => {
  const refused = (issue: { readonly input?: unknown }) => `${name} ${String(issue.input)} must be ${min} to ${max}`;
  const whole = `${name} must be a whole number`;
  return z.number({ error: whole }).int({ error: whole }).min(min, { error: refused }).max(max, { error: refused });
};

/** The `order` block of fleet.yaml. Limits are AWS's (Lambda, SQS, CloudWatch Logs); alarm ranges are the order system's requirements. */
export const orderBlockSchema = z.strictObject({
  memoryMb: integer('memoryMb', { min: 128, max: 10_240 }).optional(),
  timeout: durationSchema({ min: 1, max: 900 }).optional(),
  logRetentionDays: z
    .number()
    .refine((days) => logRetentionDays.some((allowed) => allowed === days), {
      error: (issue) => `logRetentionDays ${String(issue.input)} is not one of ${logRetentionDays.join(', ')}`,
    })
    .optional(),
  encryption: z.enum(['default', 'customer']).optional(),
  tracing: z.enum(['active', 'passThrough']).optional(),
  dashboard: z.enum(['perTarget', 'shared', 'none']).optional(),
  /** Share of the account's concurrency that the order function reserves; 5-10 % by the requirements. */
  reservedConcurrencyPercent: percentSchema('reservedConcurrencyPercent', { min: 0, max: 50 }).optional(),
  batchSize: integer('batchSize', { min: 1, max: MAX_LETTER_ORDERS }).optional(),
  /** Receives before a message goes to the dead-letter queue. */
  maxReceiveCount: integer('maxReceiveCount', { min: 1, max: 1000 }).optional(),
  /** Default: 6 x timeout, AWS's advice. Less than the timeout is refused by AWS. */
  visibilityTimeout: durationSchema({ min: 1, max: 43_200 }).optional(),
  heartbeat: z.boolean().optional(),
  /** Whether the roles of functions and schedules trust their service for their own account only, or the service alone. */
  roleTrust: z.enum(['sourceAccount', 'service']).optional(),
  alarms: z
    .strictObject({
      errorRatePercent: percentSchema('errorRatePercent', { min: 0.1, max: 5 }).optional(),
      slowOrderPercent: percentSchema('slowOrderPercent', { min: 0.1, max: 50 }).optional(),
      oldestMessage: durationSchema({ min: 60, max: 86_400 }).optional(),
      concurrencyPercent: percentSchema('concurrencyPercent', { min: 10, max: 100 }).optional(),
    })
    .optional(),
});

/** The parsed `order` block; durations are seconds. */
export type OrderBlock = z.infer<typeof orderBlockSchema>;

/** What the regional program is told beyond the common part: nothing optional, nothing to default. */
export const regionalSettingsSchema = z.strictObject({
  memoryMb: z.number().int().min(128).max(10_240),
  timeoutSeconds: z.number().int().min(1).max(900),
  visibilityTimeoutSeconds: z.number().int().min(1).max(43_200),
  maxReceiveCount: z.number().int().min(1).max(1000),
  batchSize: z.number().int().min(1).max(MAX_LETTER_ORDERS),
  logRetentionDays: z.number().int(),
  encryption: z.enum(['default', 'customer']),
  tracing: z.enum(['active', 'passThrough']),
  dashboard: z.enum(['perTarget', 'shared', 'none']),
  /** Null: the account's limit leaves no room for a reservation, the event source's maximum holds the function back instead. */
  reservedConcurrency: z.number().int().min(1).nullable(),
  /** `scalingConfig.maximumConcurrency` of the event source; AWS accepts 2 to 1,000. */
  eventSourceMaximum: z.number().int().min(2).max(1000),
  /**
   * What the account's functions without a reservation share, as far as is known: its limit less this reservation. Null: the limit is unknown.
   * Settings that were kept before there was such a key do without.
   */
  unreservedConcurrency: z.number().int().min(0).nullable().default(null),
  heartbeat: z.boolean(),
  /** Left out where it is the default, so that what stands is not changed by there being such a key, and older releases can read it. */
  roleTrust: z.literal('service').optional(),
  alarms: z.strictObject({
    errorRatePercent: z.number(),
    slowOrderPercent: z.number(),
    oldestMessageSeconds: z.number().int(),
    concurrencyPercent: z.number(),
  }),
});

/** Settings of one regional target. */
export type RegionalSettings = z.infer<typeof regionalSettingsSchema>;

/** Share of the account's limit that is reserved where fleet.yaml names none; the requirements say 5 to 10. */
export const DEFAULT_RESERVED_PERCENT = 5;

/** How long the order queue keeps an order, in seconds: four days; the alarm on its age speaks after minutes. */
export const ORDER_RETENTION_SECONDS = 4 * 86_400;

/** AWS keeps at least this much concurrency unreserved in an account and region. */
export const MIN_UNRESERVED_CONCURRENCY = 100;

/**
 * Reservation for the order function: a share of the account's real limit, rounded down, that leaves {@link MIN_UNRESERVED_CONCURRENCY}.
 * Null where the limit is unknown or leaves nothing.
 */
export function reservedConcurrency(limit: number | null, sharePercent: number): number | null {
  if (limit === null || sharePercent === 0) return null;
  const room = limit - MIN_UNRESERVED_CONCURRENCY;
  const share = Math.floor((limit * sharePercent) / 100);
  const reserved = Math.min(share, room);
  return reserved >= 1 ? reserved : null;
}

/** The `order` block and the account's Lambda limit to settings; this is where every default stands. */
export function resolveRegionalSettings(block: OrderBlock, lambdaConcurrency: number | null): RegionalSettings {
  const timeoutSeconds = block.timeout ?? 30;
  const reserved = reservedConcurrency(lambdaConcurrency, block.reservedConcurrencyPercent ?? DEFAULT_RESERVED_PERCENT);
  return {
    memoryMb: block.memoryMb ?? 1024,
    timeoutSeconds,
    visibilityTimeoutSeconds: block.visibilityTimeout ?? Math.min(6 * timeoutSeconds, 43_200),
    maxReceiveCount: block.maxReceiveCount ?? 5,
    batchSize: block.batchSize ?? 10,
    logRetentionDays: block.logRetentionDays ?? 30,
    encryption: block.encryption ?? 'default',
    tracing: block.tracing ?? 'active',
    dashboard: block.dashboard ?? 'perTarget',
    reservedConcurrency: reserved,
    eventSourceMaximum: reserved === null ? 2 : Math.max(2, Math.min(reserved, 1000)),
    unreservedConcurrency: lambdaConcurrency === null ? null : lambdaConcurrency - (reserved ?? 0),
    heartbeat: block.heartbeat ?? true,
    ...(block.roleTrust === 'service' && { roleTrust: block.roleTrust }),
    alarms: {
      errorRatePercent: block.alarms?.errorRatePercent ?? 1,
      slowOrderPercent: block.alarms?.slowOrderPercent ?? 5,
      oldestMessageSeconds: block.alarms?.oldestMessage ?? 900,
      concurrencyPercent: block.alarms?.concurrencyPercent ?? 80,
    },
  };
}

/** Seconds until an order that fails every attempt is a dead letter (AWS.md A5). */
export function secondsToDeadLetter(settings: Pick<RegionalSettings, 'maxReceiveCount' | 'visibilityTimeoutSeconds'>): number {
  return settings.maxReceiveCount * settings.visibilityTimeoutSeconds;
}

/** What regional exports: identity only, so that a new release leaves them, and with them observability, unchanged. */
export const regionalOutputsSchema = z.object({
  version: z.literal(1),
  account: accountIdSchema,
  region: regionSchema,
  queueUrl: z.string(),
  queueArn: z.string(),
  deadLetterQueueArn: z.string(),
  tableName: z.string(),
  archiveBucket: z.string(),
  functionName: z.string(),
  /** ARN of the `live` alias, never of a version. */
  liveAliasArn: z.string(),
  deadLetterFunctionName: z.string(),
  /** The gate reads every composite and every child (AWS.md A1). */
  alarms: z.object({ critical: z.string(), warning: z.string(), children: z.array(z.string()) }),
  dashboard: z.string().nullable(),
});

/** Outputs of one regional stack. */
export type RegionalOutputs = z.infer<typeof regionalOutputsSchema>;

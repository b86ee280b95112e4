import * as z from 'zod';

import { accountIdSchema, regionSchema } from './ids';

/** What the observability program is told beyond the common part. */
export const observabilitySettingsSchema = z.strictObject({
  /** The home region's first part also makes the fleet-wide views from the other stacks' member lists. */
  fleetWide: z.boolean(),
  /** Makes the one dashboard in which a target is chosen. Settings that were kept before there was such a key do without. */
  sharedDashboard: z.boolean().default(false),
});

/** Settings of one observability target. */
export type ObservabilitySettings = z.infer<typeof observabilitySettingsSchema>;

/** Kinds of the alarms over a region's shared metrics, the composites first: what policies name them by. */
export const fleetAlarmKinds = [
  ...(['critical', 'warning', 'order-failures', 'slow-orders', 'dead-letters'] as const),
  ...(['burn-fast-long', 'burn-fast-short', 'burn-slow-long', 'burn-slow-short'] as const),
] as const;

/** One regional target as the dashboards know it. */
export const memberSchema = z.object({ account: accountIdSchema, name: z.string(), region: regionSchema, present: z.boolean() });

/** One regional target as the dashboards know it; `present: false` is shown as missing. */
export type Member = z.infer<typeof memberSchema>;

/** What observability exports: a compact list of members and the names of its views. */
export const observabilityOutputsSchema = z.object({
  version: z.literal(1),
  region: regionSchema,
  members: z.array(memberSchema),
  dashboards: z.array(z.string()),
  alarms: z.array(z.string()),
});

/** Outputs of one observability stack. */
export type ObservabilityOutputs = z.infer<typeof observabilityOutputsSchema>;

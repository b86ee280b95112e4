import * as z from 'zod';

import { accountIdSchema, fleetNameSchema, regionSchema, roleNameSchema } from './ids';
import { targetIdSchema } from './target';
import { tagsSchema } from './tags';

/** The stack-config keys a program reads. */
export const TARGET_CONFIG_KEY = 'fleet:target';
export const RUN_INPUTS_KEY = 'fleet:run';

/** One stack that this target reads by reference. */
export const upstreamSchema = z.strictObject({ target: targetIdSchema, accountName: z.string() });

/**
 * What one target's program is told. All that it reads is hashed: nothing that changes without a reason may enter. The names of accounts and
 * units are only where a layer's row says that it shows them.
 */
export function targetConfigSchema<Settings extends z.ZodType>(settings: Settings) {
  return z.strictObject({
    version: z.literal(1),
    fleet: fleetNameSchema,
    target: targetIdSchema,
    account: z.strictObject({ id: accountIdSchema, name: z.string().min(1), unit: z.string() }),
    region: regionSchema,
    part: z.number().int().min(1),
    homeRegion: regionSchema,
    organizationId: z.string(),
    accounts: z.strictObject({ shared: accountIdSchema, monitoring: accountIdSchema }),
    deployRole: roleNameSchema,
    /** As configured, without what the fleet adds itself. */
    tags: tagsSchema,
    upstream: z.array(upstreamSchema).readonly(),
    settings,
  });
}

/** {@link targetConfigSchema} of one layer's settings. */
export type TargetConfig<Settings = unknown> = Omit<z.infer<ReturnType<typeof targetConfigSchema<z.ZodUnknown>>>, 'settings'> & {
  readonly settings: Settings;
};

const versionSchema = z.string().regex(/^\d+$/);

/** What changes from run to run and is never hashed (AWS.md B2). A plain `pulumi up` gives none of it. */
export const runInputsSchema = z.strictObject({
  createdAt: z.iso.datetime({ precision: 3 }).default('1970-01-01T00:00:00.000Z'),
  phase: z.enum(['full', 'shift']).default('full'),
  publish: z.boolean().default(true),
  stableVersion: versionSchema.optional(),
  canaryPercent: z.number().min(0).max(100).optional(),
  /**
   * Versions that served until now, the latest first: `previous` names the first of them that does not serve any more. Left out, nobody says,
   * and the alias stays where it is.
   */
  servedBefore: z.array(versionSchema).readonly().optional(),
  attempt: z.number().int().min(1).default(1),
  /** What loses its protection, as a first step of destroying it: what others point at (queues, topics, sinks), or what holds data as well. */
  unprotect: z.enum(['nothing', 'identity', 'everything']).default('nothing'),
  /** Upstream targets whose stack does not exist (yet, or because it failed): shown as missing, never referenced. */
  missing: z.array(targetIdSchema).readonly().default([]),
});

/** The run inputs of one attempt. */
export type RunInputs = z.infer<typeof runInputsSchema>;

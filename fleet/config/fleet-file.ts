import * as z from 'zod';

import { durationSchema } from '../../contracts/duration';
import { accountIdSchema, fleetNameSchema, regionSchema, roleNameSchema } from '../../contracts/ids';
import type { Layer } from '../../contracts/layers';
import { percentSchema } from '../../contracts/regional';
import { environments, reservedTagKeys, tagsSchema } from '../../contracts/tags';
import { FleetError } from '../errors';

import type { Amount, WavePick } from './fleet-config';
import { presetNames } from './presets';
import { windowSchema } from './window';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** A count such as 3, or a share such as "10%". */
function amountSchema(name: string, bounds: { readonly minCount: number; readonly minPercent: number }) {
  const hint = `${name} must be a whole number from ${bounds.minCount}, or a percentage such as "10%"`;
  return z.union([z.number(), z.string()], { error: hint }).transform((value, context): Amount => {
    const share = typeof value === 'string' ? /^(\d{1,3}(?:\.\d+)?)%$/.exec(value)?.[1] : undefined;
    const amount: Amount = share === undefined ? { kind: 'count', value: Number(value) } : { kind: 'percent', value: Number(share) };
    const fits =
      amount.kind === 'percent'
        ? amount.value >= bounds.minPercent && amount.value <= 100
        : typeof value === 'number' && Number.isSafeInteger(value) && value >= bounds.minCount;
    if (fits) return amount;
    context.addIssue({ code: 'custom', message: `${hint}${bounds.minPercent > 0 ? '' : ' up to "100%"'}, not ${JSON.stringify(value)}` });
    return z.NEVER;
  });
}

const countSchema = (name: string) => {
  const error = `${name} must be a whole number, at least 1`;
  return z.number({ error }).int({ error }).min(1, { error });
};

const glob = z.string().min(1).max(512);

const configuredTags = tagsSchema.superRefine((tags, context) => {
  for (const key of reservedTagKeys) {
    if (tags[key] !== undefined)
      context.addIssue({ code: 'custom', path: [key], message: `tag ${key} is set by the fleet itself: remove it` });
  }
});

const limitsShape = {
  maxConcurrent: amountSchema('maxConcurrent', { minCount: 1, minPercent: 1 }).optional(),
  perAccount: countSchema('perAccount').optional(),
  perRegion: countSchema('perRegion').optional(),
  failureTolerance: amountSchema('failureTolerance', { minCount: 0, minPercent: 0 }).optional(),
  mode: z.enum(['strict', 'soft']).optional(),
  targetTimeout: durationSchema({ min: 1, max: 12 * HOUR }).optional(),
};

/** `Key=Value`; the key has no `=`, the value may have any. */
const tagFilterSchema = z.string().transform((text, context) => {
  const at = text.indexOf('=');
  if (at > 0) return { key: text.slice(0, at), value: text.slice(at + 1) };
  context.addIssue({ code: 'custom', message: `tag ${JSON.stringify(text)} must be a key and its value such as "Team=commerce"` });
  return z.NEVER;
});

const pickSchema = z
  .strictObject({
    count: countSchema('pick count').optional(),
    percent: percentSchema('pick percent', { min: 0, max: 100 })
      .refine((percent) => percent > 0 && percent < 100, { error: 'pick percent must be more than 0 and less than 100' })
      .optional(),
    unit: glob.optional(),
    region: regionSchema.optional(),
    account: accountIdSchema.optional(),
    environment: z.enum(environments).optional(),
    tag: tagFilterSchema.optional(),
  })
  .transform(({ count, percent, ...filter }, context): WavePick => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (count !== undefined && percent !== undefined) return refuse('pick must not have both count and percent: remove one');
    if (count !== undefined) return { amount: { kind: 'count', value: count }, filter };
    if (percent !== undefined) return { amount: { kind: 'percent', value: percent }, filter };
    if (Object.values(filter).some((value) => value !== undefined)) return { amount: null, filter };
    return refuse('pick must have at least one of count, percent, unit, region, account, environment and tag');
  });

const REQUIRED = 'approval.required must be a whole number from 1 to 5';

/** Whose approval a wave asks for. */
const approvalSchema = z.union([
  z.enum(['required', 'none']),
  z.strictObject({
    required: z.number({ error: REQUIRED }).int({ error: REQUIRED }).min(1, { error: REQUIRED }).max(5, { error: REQUIRED }).optional(),
    by: z.array(roleNameSchema).min(1, { error: 'approval.by must name at least one role, or be left out' }).optional(),
    expires: durationSchema({ min: 60, max: 30 * DAY }).optional(),
  }),
]);

const waveSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, {
    error: (issue) => `wave name ${JSON.stringify(issue.input)} must be up to 31 lower case letters, digits and hyphens`,
  }),
  pick: pickSchema.optional(),
  bake: durationSchema({ min: 1, max: 30 * DAY }).optional(),
  minOrders: z.number().int().min(0).optional(),
  countSynthetic: z.boolean().optional(),
  approval: approvalSchema.optional(),
  spread: z.boolean().optional(),
  shortBake: z.boolean().optional(),
  ...limitsShape,
});

const matchSchema = z
  .strictObject({
    environment: z.enum(environments).optional(),
    account: accountIdSchema.optional(),
    unit: glob.optional(),
    region: regionSchema.optional(),
  })
  .refine((match) => Object.values(match).some((value) => value !== undefined), {
    error: 'match must have at least one of environment, account, unit and region: what holds everywhere stands at the top of the file',
  });

/** The part of fleet.yaml that no layer owns. */
const fixedSchema = z.strictObject({
  name: fleetNameSchema,
  homeRegion: regionSchema.optional(),
  organization: z.strictObject({ source: z.enum(['aws', 'recorded', 'sandbox']), path: z.string().min(1).optional() }),
  engine: z.enum(['pulumi', 'sandbox']).optional(),
  state: z.string().min(1).optional(),
  backend: z.string().min(1).optional(),
  secretsProvider: z
    .string()
    .regex(/^(passphrase|awskms:\/\/.+)$/, {
      error: (issue) => `secretsProvider ${JSON.stringify(issue.input)} must be passphrase or awskms://<key>`,
    })
    .optional(),
  accounts: z.strictObject({ shared: accountIdSchema, monitoring: accountIdSchema }),
  deployRole: roleNameSchema.optional(),
  regions: z.array(regionSchema).min(1, { error: 'regions must name at least one region' }),
  tags: configuredTags.optional(),
  workloads: z
    .strictObject({
      units: z.array(glob).min(1, { error: 'workloads.units must have at least one glob such as "Workloads/**"' }).optional(),
      exclude: z.strictObject({ accounts: z.array(accountIdSchema).optional(), units: z.array(glob).optional() }).optional(),
    })
    .optional(),
  waves: z.array(waveSchema).min(1, { error: 'waves must have at least one wave' }).optional(),
  preset: z.enum(presetNames).optional(),
  limits: z.strictObject(limitsShape).optional(),
  rollback: z.enum(['target', 'wave', 'rollout']).optional(),
  traffic: z
    .strictObject({
      canaryPercent: percentSchema('canaryPercent', { min: 1, max: 99 }).optional(),
      watch: durationSchema({ min: 1, max: DAY }).optional(),
      in: z.array(z.string()).min(1).optional(),
    })
    .optional(),
  windows: z
    .strictObject({
      timezone: z.string().min(1).optional(),
      allow: z
        .array(windowSchema)
        .min(1, { error: 'windows.allow is empty, so that nothing could ever start: name a window, or remove windows' }),
    })
    .optional(),
});

const fixedOverrideSchema = z.strictObject({ match: matchSchema, tags: configuredTags.optional() });

/** Blocks of fleet.yaml by key. */
export type Blocks = Readonly<Record<string, unknown>>;

/** fleet.yaml as validated: the friendly form, with the layers' blocks put aside. */
export type FleetFile = z.output<typeof fixedSchema> & {
  readonly blocks: Blocks;
  readonly overrides: readonly (z.output<typeof fixedOverrideSchema> & { readonly blocks: Blocks })[];
};

/** The top-level keys of a fleet.yaml that are right by themselves, whatever is wrong with the others. */
export type FleetFileParts = Partial<z.output<typeof fixedSchema>> & {
  /** Keys that are there, but wrong: nothing can be concluded from their absence. */
  readonly broken: ReadonlySet<string>;
};

/** Reads {@link FleetFileParts} for checks between them; never throws. */
export function fleetFileParts(data: unknown): FleetFileParts {
  const raw = typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
  const parts: Record<string, unknown> = {};
  const broken = new Set<string>();
  for (const [key, schema] of Object.entries(fixedSchema.shape)) {
    const parsed = schema.safeParse(raw[key]);
    if (!parsed.success) broken.add(key);
    else if (parsed.data !== undefined) parts[key] = parsed.data;
  }
  return { ...parts, broken };
}

/** A wave of fleet.yaml. */
export type FriendlyWave = z.output<typeof waveSchema>;

/** Limits of fleet.yaml, of the fleet or of one wave. */
export type FriendlyLimits = NonNullable<FleetFile['limits']>;

/** The schema of fleet.yaml for a set of layers: their blocks are keys of the file, and of each override. */
export function fleetFileSchema(layers: readonly Layer[]): z.ZodType<FleetFile> {
  const blocks = blockSchemas(layers);
  const keys = Object.keys(blocks);
  const overrideSchema = z
    .strictObject({ ...fixedOverrideSchema.shape, ...blocks })
    .transform((override) => putBlocksAside(override, keys));
  return z
    .strictObject({ ...fixedSchema.shape, ...blocks, overrides: z.array(overrideSchema).optional() })
    .transform((file) => putBlocksAside(file, keys))
    .transform((file) => ({ ...file, overrides: file.overrides ?? [] }));
}

/** Every layer's blocks, each optional. Throws where the layer table contradicts itself. */
function blockSchemas(layers: readonly Layer[]): Readonly<Record<string, z.ZodType>> {
  const schemas: Record<string, z.ZodType> = {};
  for (const layer of layers) {
    for (const [key, schema] of Object.entries(layer.blocks)) {
      const taken =
        key === 'overrides' || key === 'match' || key in fixedSchema.shape || (schemas[key] !== undefined && schemas[key] !== schema);
      if (taken) throw new FleetError('fleet/layer-table', `block ${key} of layer ${layer.name} has a name that is taken: rename it`);
      schemas[key] = schema;
    }
  }
  return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, schema.optional()]));
}

function putBlocksAside<File extends object>(file: File, keys: readonly string[]): File & { readonly blocks: Blocks } {
  const entries = Object.entries(file);
  const isBlock = ([key, value]: readonly [string, unknown]) => keys.includes(key) && value !== undefined;
  return {
    ...(Object.fromEntries(entries.filter(([key]) => !keys.includes(key))) as File),
    blocks: Object.fromEntries(entries.filter(isBlock)),
  };
}

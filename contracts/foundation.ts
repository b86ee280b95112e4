import * as z from 'zod';

import { counted } from './counted';
import { emailSchema } from './email';
import type { Finding } from './finding';
import { accountIdSchema, regionSchema } from './ids';
import { secretReferenceSchema } from './secret-reference';

const subscriptionSchema = z.union(
  [
    z.strictObject({
      https: z.union([
        z.url({ protocol: /^https$/, error: 'https must be an address that begins with https://, or env and the name of a variable' }),
        secretReferenceSchema,
      ]),
    }),
    z.strictObject({
      lambda: z
        .string()
        .regex(/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+$/, { error: 'lambda must be the ARN of a Lambda function' }),
    }),
    z.strictObject({ email: emailSchema }),
  ],
  { error: 'subscription must be one of { https: URL }, { lambda: ARN }, { email: ADDRESS }' },
);

/** One receiver of alerts. */
export type Subscription = z.infer<typeof subscriptionSchema>;

/** The `alerts` block of fleet.yaml. */
export const alertsBlockSchema = z.strictObject({
  /** `organisation`: any account of it may publish, a new account changes nothing. `listed`: the accounts of the inventory, one by one. */
  sourceAccounts: z.enum(['organisation', 'listed']).optional(),
  critical: z.array(subscriptionSchema).max(100).optional(),
  warning: z.array(subscriptionSchema).max(100).optional(),
});

/** The `monitoring` block of fleet.yaml: sinks that exist already, by region (an account has one sink a region). */
export const monitoringBlockSchema = z.strictObject({
  sinks: z
    .partialRecord(
      regionSchema,
      z.string().regex(/^arn:aws:oam:[a-z0-9-]+:\d{12}:sink\/[\w-]+$/, { error: 'sink must be the ARN of an OAM sink' }),
    )
    .superRefine((sinks, context) => {
      for (const [region, arn] of Object.entries(sinks)) {
        const elsewhere = arn?.split(':')[3];
        if (elsewhere !== undefined && elsewhere !== region)
          context.addIssue({
            code: 'custom',
            path: [region],
            message: `sink of ${region} is in ${elsewhere}: AWS links a region to a sink of the same region only`,
          });
      }
    })
    .optional(),
});

/** Accounts that fit into one topic policy; SNS takes 30 KB. */
export const MAX_LISTED_ACCOUNTS = 1_900;

/** What AWS would refuse of foundation's settings. */
export function foundationFindings({ sourceAccounts }: FoundationSettings): readonly Finding[] {
  if (sourceAccounts.kind !== 'listed' || sourceAccounts.accounts.length <= MAX_LISTED_ACCOUNTS) return [];
  return [
    {
      level: 'refused',
      code: 'too-many-listed',
      message: `alerts.sourceAccounts listed names ${counted(sourceAccounts.accounts.length, 'account')}, and a topic policy of SNS has room for ${MAX_LISTED_ACCOUNTS}: set it to organisation`,
      keys: [['alerts', 'sourceAccounts']],
    },
  ];
}

/** What the foundation program is told beyond the common part. */
export const foundationSettingsSchema = z.strictObject({
  sourceAccounts: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organisation') }),
    z.strictObject({ kind: z.literal('listed'), accounts: z.array(accountIdSchema) }),
  ]),
  subscriptions: z.strictObject({ critical: z.array(subscriptionSchema), warning: z.array(subscriptionSchema) }),
  /** ARN of a sink that exists already; null: the fleet makes one. */
  existingSink: z.string().nullable(),
});

/** Settings of one foundation target. */
export type FoundationSettings = z.infer<typeof foundationSettingsSchema>;

/** What foundation exports: identity only. */
export const foundationOutputsSchema = z.object({
  version: z.literal(1),
  topics: z.object({ critical: z.string(), warning: z.string() }),
  alertKeyArn: z.string(),
  sinkArn: z.string(),
  tagStandard: z.object({
    required: z.array(z.string()),
    optional: z.array(z.string()),
    allowedValues: z.record(z.string(), z.array(z.string())),
  }),
});

/** Outputs of one foundation stack. */
export type FoundationOutputs = z.infer<typeof foundationOutputsSchema>;

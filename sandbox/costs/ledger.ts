import * as z from 'zod';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { tagsSchema } from '../../contracts/tags';

const daySchema = z
  .string({ error: 'day must be text such as 2026-11-03' })
  .refine((day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day), {
    error: (issue) => `day ${JSON.stringify(issue.input)} is not a day such as 2026-11-03`,
  });

/** A decimal as text: as a number, YAML would round it. */
const amountSchema = z
  .string({ error: (issue) => `amount ${JSON.stringify(issue.input)} must be quoted: unquoted, YAML reads it as a number and rounds it` })
  .regex(/^-?\d{1,12}(\.\d{1,12})?$/, {
    error: (issue) => `amount ${JSON.stringify(issue.input)} is not a decimal such as "12.345", with at most 12 digits behind the point`,
  });

const rowSchema = z.strictObject({
  /** UTC. */
  day: daySchema,
  account: accountIdSchema,
  /** Absent: in none, as tax. */
  region: regionSchema.optional(),
  service: z.string().min(1).max(100).default('AWS Lambda'),
  /** Record type, as Cost Explorer names it. */
  type: z.enum(['Usage', 'Credit', 'Refund', 'Tax', 'Fee']).default('Usage'),
  /** US dollars; credits and refunds are below zero. */
  amount: amountSchema,
  tags: tagsSchema.default({}),
});

/** What a simulated organisation is billed. */
export const ledgerSchema = z.strictObject({
  /** Absent: made from what is deployed. */
  rows: z.array(rowSchema).optional(),
  /** Orders by day and place. Absent: as many as `traffic` sends. */
  orders: z
    .array(z.strictObject({ day: daySchema, account: accountIdSchema, region: regionSchema, count: z.number().int().min(0).max(1e12) }))
    .optional(),
  /** Groups in one answer of the simulated Cost Explorer. */
  pageSize: z.number().int().min(1).max(1000).default(50),
  /** Days up to today that are estimates still. */
  estimatedDays: z.number().int().min(0).max(400).default(2),
  /** Cost allocation tags that are active from the start. */
  activeTags: z.array(z.string().min(1).max(128)).default([]),
});

/** What a simulated organisation is billed, everything defaulted. */
export type Ledger = z.output<typeof ledgerSchema>;

/** One amount of a bill. */
export type LedgerRow = NonNullable<Ledger['rows']>[number];

import * as z from 'zod';

import { configShape, partsShape, targetText } from './record-schema';

const text = z.string();
const texts = z.array(text);
const amount = z.number().int().min(0);

const limitsShape = z.object({
  maxConcurrent: amount,
  perAccount: amount,
  perRegion: amount,
  failureTolerance: amount,
  mode: z.enum(['strict', 'soft']),
});

const plannedShape = z.object({
  target: z.object({ id: targetText, layer: text, account: text, region: text, part: amount }),
  accountName: text,
  stage: text,
  config: configShape,
  told: text.optional(),
  parts: partsShape,
  desired: text,
  reasons: texts,
  details: texts,
  wave: text.nullable(),
  dependencies: z.array(z.object({ target: targetText, kind: z.enum(['hard', 'soft']) })),
  release: text,
  purpose: text,
  stableVersion: text.nullable(),
  previousVersion: text.nullable(),
});

const waveShape = z.object({
  name: text,
  group: text,
  stage: text,
  targets: z.array(targetText),
  limits: limitsShape,
  bakeSeconds: z.number(),
  targetTimeoutSeconds: z.number(),
  gated: z.boolean(),
  watches: z.array(targetText),
  approval: z.boolean(),
  approvers: z.object({ required: amount, by: texts, expiresSeconds: amount.optional() }).optional(),
  minOrders: z.number(),
  countSynthetic: z.boolean(),
  traffic: z.object({ canaryPercent: z.number(), watchSeconds: z.number() }).nullable(),
});

/** What a plan must say to be one; its digest says whether it is the plan that was made. */
export const planShape = z.object({
  version: z.literal(1),
  digest: text,
  fleet: text,
  release: text,
  inventory: text,
  targets: z.array(plannedShape),
  waves: z.array(waveShape),
  limits: limitsShape,
  rollback: z.enum(['target', 'wave', 'rollout']),
  windows: z.object({}).nullable(),
  configuration: text,
  rollsBack: text.nullable(),
  orphans: texts,
  excluded: z.array(z.object({ account: text, region: text.nullable(), reason: text })),
  warnings: z.array(z.object({ code: text, message: text })),
});

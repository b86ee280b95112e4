import * as z from 'zod';

import type { RolloutRequest } from '../rollout/driver-ports';

const common = { id: z.string().min(1).max(100), by: z.string().min(1).max(200), from: z.string().min(1).max(300).optional() };
const amount = z.number().int().min(0);

const requestSchema = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal('approve'),
    wave: z.string().nullable(),
    acceptRed: z.boolean(),
    planDigest: z.string(),
    expiresAt: z.iso.datetime(),
  }),
  z.object({ ...common, type: z.enum(['pause', 'resume']) }),
  z.object({ ...common, type: z.literal('abort'), reason: z.string().max(1000) }),
  z.object({
    ...common,
    type: z.literal('limits'),
    limits: z
      .object({ maxConcurrent: amount.min(1), perAccount: amount.min(1), perRegion: amount.min(1), failureTolerance: amount })
      .partial(),
  }),
]);

/** A message of an inbox as a request; what a later fleet says besides is passed over. Throws where it is none: anybody who can write to the state can put one there. */
export function parseRequest(value: unknown): RolloutRequest {
  return requestSchema.parse(value) as RolloutRequest;
}

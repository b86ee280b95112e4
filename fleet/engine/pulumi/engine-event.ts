import * as z from 'zod';

/** The CLI masks secrets in its events. */
const propertiesSchema = z.record(z.string(), z.unknown()).nullish();

/** A resource on one side of a step. */
const sideSchema = z
  .looseObject({
    protect: z.boolean().default(false),
    retainOnDelete: z.boolean().default(false),
    inputs: propertiesSchema,
    outputs: propertiesSchema,
  })
  .nullish();

const metadataSchema = z.looseObject({
  op: z.string(),
  urn: z.string(),
  type: z.string(),
  old: sideSchema,
  new: sideSchema,
  diffs: z.array(z.string()).nullish(),
  keys: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.unknown()).nullish(),
});

/** One step of the engine, as its events tell it. */
export type StepMetadata = z.infer<typeof metadataSchema>;

/**
 * A line of the CLI's event log, as far as the fleet reads it (`sdk/go/common/apitype/events.go` of Pulumi). What is not in here passes by:
 * newer CLIs tell more.
 */
const eventSchema = z.looseObject({
  resourcePreEvent: z.looseObject({ metadata: metadataSchema }).optional(),
  resOutputsEvent: z.looseObject({ metadata: metadataSchema }).optional(),
  diagnosticEvent: z
    .looseObject({ urn: z.string().optional(), message: z.string(), severity: z.string(), ephemeral: z.boolean().optional() })
    .optional(),
});

export type PulumiEvent = z.infer<typeof eventSchema>;

/** Parses a line of the event log; undefined for one that is no event. */
export function parseEvent(line: string): PulumiEvent | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    // A CLI that was killed leaves half a line.
    return undefined;
  }
}

import * as z from 'zod';

/** What Lambda sends to a failure destination (`FunctionEventInvokeConfig`) for an asynchronous invocation. Only what is read here. */
const failureRecordSchema = z.looseObject({
  requestContext: z.looseObject({ condition: z.string() }),
  requestPayload: z.unknown(),
  responsePayload: z.looseObject({ errorType: z.string().optional(), errorMessage: z.string().optional() }).nullish().catch(null),
});

const batchSchema = z.looseObject({ Records: z.array(z.looseObject({ body: z.string() })).min(1) });

/** An asynchronous invocation that failed. */
export interface FailureRecord {
  /** Why Lambda gave up: `RetriesExhausted`, `EventAgeExceeded`, ... */
  readonly condition: string;
  readonly errorType: string | undefined;
  readonly errorMessage: string | undefined;
  /** The bodies the function was invoked with: those of a batch, else the payload itself as JSON. */
  readonly bodies: readonly string[];
}

/** Reads a message body as a failure record; undefined where it is none. Pure, never throws. */
export function readFailureRecord(body: string): FailureRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  const result = failureRecordSchema.safeParse(value);
  if (!result.success || result.data.requestPayload === undefined) return undefined;
  const { requestContext, requestPayload, responsePayload } = result.data;
  return {
    condition: requestContext.condition,
    errorType: responsePayload?.errorType,
    errorMessage: responsePayload?.errorMessage,
    bodies: bodiesOf(requestPayload),
  };
}

function bodiesOf(payload: unknown): readonly string[] {
  const batch = batchSchema.safeParse(payload);
  return batch.success ? batch.data.Records.map((record) => record.body) : [JSON.stringify(payload)];
}

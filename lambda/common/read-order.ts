import type * as z from 'zod';

import { MAX_ORDER_BYTES, ORDER_SCHEMA_VERSION, orderMessageSchema, type OrderMessage } from '../../contracts/order-message';

/** Why a body is no order. */
export type MalformedCode = 'body-too-large' | 'not-json' | 'unknown-schema-version' | 'invalid-order';

/** What a message body turned out to be. The message of a malformed one names fields, never values: it goes to logs. */
export type OrderReading =
  | { readonly kind: 'order'; readonly order: OrderMessage }
  | { readonly kind: 'malformed'; readonly code: MalformedCode; readonly message: string };

/** Reads a message body as an order. Pure, never throws. */
export function readOrder(body: string): OrderReading {
  const bytes = Buffer.byteLength(body, 'utf8');
  if (bytes > MAX_ORDER_BYTES) return malformed('body-too-large', `body of ${bytes} bytes is over the limit of ${MAX_ORDER_BYTES}`);

  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // V8 quotes the text around the fault in its message, so nothing of it is kept.
    return malformed('not-json', `body of ${bytes} bytes is not JSON`);
  }

  const version = schemaVersionOf(value);
  if (version !== undefined && version !== ORDER_SCHEMA_VERSION) {
    return malformed('unknown-schema-version', `schemaVersion ${version} is not ${ORDER_SCHEMA_VERSION}, the one this release reads`);
  }

  const result = orderMessageSchema.safeParse(value);
  return result.success
    ? { kind: 'order', order: result.data }
    : malformed('invalid-order', `order does not match schema version ${ORDER_SCHEMA_VERSION}: ${describeIssues(result.error.issues)}`);
}

const MAX_NAMED_ISSUES = 10;

function malformed(code: MalformedCode, message: string): OrderReading {
  return { kind: 'malformed', code, message };
}

/** Whole numbers only: anything else in that place is the schema's to refuse, unquoted. */
function schemaVersionOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) return undefined;
  return typeof value.schemaVersion === 'number' && Number.isSafeInteger(value.schemaVersion) ? value.schemaVersion : undefined;
}

/** Path and kind of each issue. Zod's own messages quote unknown keys, which are a producer's text. */
function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const named = issues.slice(0, MAX_NAMED_ISSUES).map((issue) => `${issue.path.length > 0 ? issue.path.join('.') : 'order'} ${issue.code}`);
  const rest = issues.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ');
}

import * as z from 'zod';

import { parseArn } from './arn';

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** A whole number between bounds, both included. */
export function wholeNumber(bounds: { readonly min: number; readonly max: number }) {
  const outside = {
    error: (issue: { readonly input?: unknown }) => `${shown(issue.input)} is not a whole number of ${bounds.min} to ${bounds.max}`,
  };
  return z.number(outside).int(outside).min(bounds.min, outside).max(bounds.max, outside);
}

/** Text of limited length that matches a pattern. `what` says in words what is allowed. */
export function textOf(rule: { readonly pattern: RegExp; readonly max: number; readonly what: string }) {
  const outside = {
    error: (issue: { readonly input?: unknown }) => `${shown(issue.input)} does not match: ${rule.what}, at most ${rule.max} characters`,
  };
  return z.string(outside).max(rule.max, outside).regex(rule.pattern, outside);
}

/** A map whose keys are checked by a function that says what is wrong with one, since a record's own key check hides the reason. */
export function mapOf<Value extends z.ZodType>(keyProblem: (key: string) => string | undefined, value: Value) {
  return z.record(z.string(), value).superRefine((map, context) => {
    for (const key of Object.keys(map)) {
      const message = keyProblem(key);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [key], message });
    }
  });
}

/** One of some values. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: (issue) => `${shown(issue.input)} is not one of ${values.join(', ')}` });
}

/** Any ARN, or one of some services. */
export function arnShape(services?: readonly string[]) {
  return z.string().refine(
    (text) => {
      const arn = parseArn(text);
      return arn !== undefined && (services === undefined || services.includes(arn.service));
    },
    { error: (issue) => `${shown(issue.input)} is not ${services ? `an ARN of ${services.join(', ')}` : 'an ARN'}` },
  );
}

/** An account id. */
export const accountShape = z.string().regex(/^\d{12}$/, { error: (issue) => `${shown(issue.input)} is not an account id of 12 digits` });

/** JSON as text, or an object that the SDK turns into text. Gives text; whether a policy makes sense is the service's answer. */
export const policyTextShape = z.union([z.string(), z.record(z.string(), z.unknown()).transform((document) => JSON.stringify(document))], {
  error: 'a policy must be JSON text',
});

/** Refuses inputs of which only one may be given. */
export function conflict(keys: readonly [string, string]): z.core.CheckFn<Readonly<Record<string, unknown>>> {
  const [one, other] = keys;
  return (payload) => {
    if (payload.value[one] !== undefined && payload.value[other] !== undefined) {
      payload.issues.push({ code: 'custom', input: payload.value, path: [one], message: `${one} conflicts with ${other}` });
    }
  };
}

import { parseArn } from './arn';
import { matchesWildcard } from './wildcard';

/** One principal of a statement: `kind` is its key in the policy, `*` stands for everybody. */
export interface PolicyPrincipal {
  readonly kind: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser' | '*';
  readonly value: string;
}

/** Who asks: an AWS service, or an identity of an account. */
export type Caller =
  { readonly kind: 'service'; readonly service: string } | { readonly kind: 'account'; readonly account: string; readonly arn?: string };

const KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const;
const ACCOUNT = /^\d{12}$/;

/** Reads a `Principal` element; `problem` says what AWS finds wrong with it. */
export function principalsOf(raw: unknown): { readonly principals: readonly PolicyPrincipal[]; readonly problem?: string } {
  if (raw === '*') return { principals: [{ kind: '*', value: '*' }] };
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return bad(raw);
  const principals: PolicyPrincipal[] = [];
  for (const [key, value] of Object.entries(raw as Readonly<Record<string, unknown>>)) {
    const kind = KINDS.find((known) => known === key);
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    if (kind === undefined || values.length === 0) return bad(raw);
    for (const item of values) {
      if (typeof item !== 'string' || !isPrincipal(kind, item))
        return { principals: [], problem: `Invalid principal in policy: "${key}":${JSON.stringify(item)}` };
      principals.push({ kind, value: item });
    }
  }
  return principals.length === 0 ? bad(raw) : { principals };
}

/** Does a statement's principal cover the caller. An account id stands for every identity of the account that its own policies allow. */
export function coversCaller(principal: PolicyPrincipal, caller: Caller): boolean {
  if (principal.kind === '*') return true;
  if (caller.kind === 'service') return principal.kind === 'Service' && principal.value === caller.service;
  if (principal.kind !== 'AWS') return false;
  const { value } = principal;
  return (
    value === '*' ||
    value === caller.account ||
    value === `arn:aws:iam::${caller.account}:root` ||
    (caller.arn !== undefined && value === caller.arn)
  );
}

function isPrincipal(kind: (typeof KINDS)[number], value: string): boolean {
  switch (kind) {
    case 'AWS': {
      if (value === '*' || ACCOUNT.test(value)) return true;
      const arn = parseArn(value);
      // Wildcards are not allowed inside a principal's ARN.
      return (
        arn !== undefined &&
        ['iam', 'sts'].includes(arn.service) &&
        ACCOUNT.test(arn.account) &&
        /^(root|(user|role|assumed-role|federated-user)\/[^*?]+)$/.test(arn.resource)
      );
    }
    case 'Service':
      return matchesWildcard('*.amazonaws.com', value) && /^[a-z0-9.-]+$/.test(value);
    case 'Federated':
    case 'CanonicalUser':
      return value !== '';
    default:
      throw new Error(`unknown principal kind ${kind satisfies never as string}`);
  }
}

function bad(raw: unknown): { readonly principals: readonly PolicyPrincipal[]; readonly problem: string } {
  return { principals: [], problem: `Invalid principal in policy: ${JSON.stringify(raw)}` };
}

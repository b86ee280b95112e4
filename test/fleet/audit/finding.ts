import { targetSchema } from '../../../contracts/target';
import type { RawFinding } from '../../../fleet/audit/audit-finding';
import { withAges, type AgedFinding } from '../../../fleet/audit/finding-ages';

/** A finding, ordinary but for what is given. */
export function finding(
  changes: Partial<Omit<RawFinding, 'target'>> & { readonly target?: string; readonly name?: string } = {},
): RawFinding {
  const { target = 'regional/200000000001/eu-west-1', name = 'orders-table', ...rest } = changes;
  const { id, account, region } = targetSchema.parse(target);
  return {
    rule: 'drift',
    severity: 'medium',
    ...{ target: id, account, accountName: 'shop', region },
    resource: { type: 'aws:dynamodb/table:Table', name, urn: `urn::${name}` },
    found: 'changed past the fleet: tags',
    advice: 'roll it out again',
    ...rest,
  };
}

/** Findings that this audit sees first. */
export function fresh(...findings: readonly RawFinding[]): readonly AgedFinding[] {
  return withAges(findings, { seen: {}, now: '2026-11-29T12:00:00.000Z', driftDays: 7 });
}

import { judgeStack, type RuleText } from '../../contracts/audit/audit-rule';
import { auditRules } from '../../contracts/audit/audit-rules';
import type { AuditedStack } from '../../contracts/audit/audited-stack';
import { physicalName } from '../../contracts/audit/resource-values';
import { findLayer } from '../../contracts/layers';
import { targetSchema } from '../../contracts/target';

import { findingOf, type FindingPlace, type FindingResource, type RawFinding } from './audit-finding';
import { fleetRules } from './fleet-rules';
import type { ObservedTarget } from './observed-target';

/** What the audit of one target says. */
export interface TargetAudit {
  readonly findings: readonly RawFinding[];
  /** Number of things that each rule applied to, by rule. */
  readonly looked: Readonly<Record<string, number>>;
}

/** What one rule says of a target. */
interface Judged {
  readonly rule: RuleText;
  readonly looked: number;
  readonly violations: readonly { readonly resource: FindingResource | null; readonly found: string }[];
}

/** Asks every rule of a target as it stands. Pure. */
export function auditTarget(observed: ObservedTarget, { now, fleetLogGroups }: AuditedPlace): TargetAudit {
  const { config } = observed;
  const { account, region } = targetSchema.parse(config.target);
  const place: FindingPlace = { target: config.target, account, accountName: config.account.name, region };
  const stack = auditedStack(observed, now);
  const judged: readonly Judged[] = [
    ...auditRules.map((rule) => ({ rule, ...judgeStack(rule, stack) })),
    ...judgeDrift(observed),
    judgeRecord(observed),
    ...judgeVersions(observed),
    ...judgeLogGroups(observed, fleetLogGroups),
  ];
  return {
    findings: judged.flatMap(({ rule, violations }) => violations.map((violation) => findingOf(rule, { place, ...violation }))),
    looked: Object.fromEntries(judged.map(({ rule, looked }) => [rule.id, looked])),
  };
}

/** What is known of the place beyond the target. */
export interface AuditedPlace {
  /** ISO 8601. */
  readonly now: string;
  /** Log groups that deployed targets of the fleet use in that account and region. */
  readonly fleetLogGroups: ReadonlySet<string>;
}

function auditedStack({ config, outputs, resources }: ObservedTarget, now: string): AuditedStack {
  const { layer } = targetSchema.parse(config.target);
  const expectations = outputs === null ? null : (findLayer(layer)?.expects(outputs, config) ?? null);
  const { shared, monitoring } = config.accounts;
  return { resources, facts: { now, accounts: [config.account.id, shared, monitoring], tags: config.tags, expectations } };
}

const ALARMS = ['aws:cloudwatch/metricAlarm:MetricAlarm', 'aws:cloudwatch/compositeAlarm:CompositeAlarm'];

function judgeDrift({ drift, compared }: ObservedTarget): readonly Judged[] {
  const gone = drift.filter(({ op }) => op === 'delete');
  const changed = drift.filter(({ op }) => op !== 'delete');
  const isAlarm = ({ type }: { readonly type: string }) => ALARMS.includes(type);
  const told = (keys: readonly string[]) => `changed past the fleet: ${keys.length === 0 ? 'it was replaced' : keys.join(', ')}`;
  const alarms = changed.filter(isAlarm).map((step) => ({ resource: step, found: told(step.keys) }));
  const others = changed.filter((step) => !isAlarm(step)).map((step) => ({ resource: step, found: told(step.keys) }));
  return [
    {
      rule: fleetRules['resource-gone'],
      looked: compared,
      violations: gone.map((step) => ({ resource: step, found: 'was deployed, and is not there any more' })),
    },
    { rule: fleetRules['alarm-changed'], looked: alarms.length, violations: alarms },
    { rule: fleetRules.drift, looked: compared, violations: others },
  ];
}

function judgeRecord({ record: { dirty, traffic, good, current } }: ObservedTarget): Judged {
  const found = [
    ...(dirty ? ['its last deployment did not succeed: what stands is not what is recorded'] : []),
    ...(traffic === 'shifting' ? ['a version on trial takes a share of its orders'] : []),
    ...(!dirty && current !== null && good?.fingerprint !== current.fingerprint ? ['what stands was never promoted by a gate'] : []),
  ];
  return { rule: fleetRules['target-settled'], looked: 1, violations: found.map((one) => ({ resource: null, found: one })) };
}

function judgeVersions({ unusedVersions }: ObservedTarget): readonly Judged[] {
  if (unusedVersions === null) return [];
  const found = `${unusedVersions.length} published versions that nothing needs: ${listed(unusedVersions)}`;
  const violations = unusedVersions.length === 0 ? [] : [{ resource: null, found }];
  return [{ rule: fleetRules['versions-unused'], looked: 1, violations }];
}

function judgeLogGroups({ logGroups, resources }: ObservedTarget, fleetLogGroups: ReadonlySet<string>): readonly Judged[] {
  if (logGroups === null) return [];
  const own = new Set(resources.filter(({ type }) => type === 'aws:cloudwatch/logGroup:LogGroup').map(physicalName));
  const unused = logGroups.filter((name) => !own.has(name) && !fleetLogGroups.has(name));
  return [
    {
      rule: fleetRules['log-group-unused'],
      looked: logGroups.length,
      violations: unused.map((name) => ({ resource: null, found: `log group ${name} belongs to no deployed function` })),
    },
  ];
}

function listed(all: readonly string[]): string {
  const [first] = all;
  return all.length > 5 ? `${String(first)} to ${String(all.at(-1))}` : all.join(', ');
}

import type { RuleText } from '../../contracts/audit/audit-rule';

/** Rules about what the fleet alone knows: its records, what stands beside its stacks, and what others changed. */
export const fleetRules = {
  'resource-gone': {
    id: 'resource-gone',
    severity: 'critical',
    demands: 'what was deployed is there',
    advice: '`fleet repair` makes it anew, but for what held data: docs/recovery.md, then `fleet repair --recreate URN`',
  },
  'alarm-changed': {
    id: 'alarm-changed',
    severity: 'high',
    demands: 'alarms are as they were deployed: one with another threshold is silent when it matters',
    advice: '`fleet repair`, or change the alarm in fleet.yaml',
  },
  drift: {
    id: 'drift',
    severity: 'medium',
    demands: 'nothing was changed past the fleet; high where it stands for longer than --drift-days',
    advice: 'see `fleet drift`; `fleet repair` puts it back, or put the change into fleet.yaml',
  },
  'target-settled': {
    id: 'target-settled',
    severity: 'medium',
    demands: 'the last deployment of a target succeeded and was promoted',
    advice: 'see `fleet status`; `fleet resume` where a rollout waits, else `fleet rollout`',
  },
  'versions-unused': {
    id: 'versions-unused',
    severity: 'low',
    demands: 'no function keeps published versions that nothing needs',
    advice: '`fleet prune` removes them: all versions of a region share 75 GB',
  },
  'log-group-unused': {
    id: 'log-group-unused',
    severity: 'low',
    demands: 'no log group is left of functions that are gone, or was made by Lambda itself',
    advice: 'delete it once nobody needs what is in it: `aws logs delete-log-group`',
  },
} as const satisfies Readonly<Record<string, RuleText>>;

/** Name of such a rule. */
export type FleetRuleId = keyof typeof fleetRules;

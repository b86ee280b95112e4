import { existsSync, writeFileSync } from 'node:fs';

import { stringify } from 'yaml';

import { physicalName } from '../../contracts/audit/resource-values';
import { targetSchema } from '../../contracts/target';
import type { NotAudited, RawFinding } from '../audit/audit-finding';
import { allRules, auditReport, isClean, ruleIds, type AuditReport } from '../audit/audit-report';
import { auditTarget } from '../audit/audit-target';
import { acceptFindings, extendBaseline, readBaseline, type Baseline } from '../audit/baseline';
import { nextFirstSeen, withAges } from '../audit/finding-ages';
import { lookAtTarget, type AuditSources, type Looked } from '../audit/look-at-target';
import type { ObservedTarget } from '../audit/observed-target';
import { mapBounded } from '../discovery/bounded';
import type { TargetRecord } from '../plan/target-record';
import { openRelease } from '../release/release-folder';
import { auditText, rulesText } from '../report/audit-text';
import { safeText } from '../report/terminal-text';
import { changeFirstSeen, loadFirstSeen } from '../state/first-seen';
import { KEPT_VERSIONS } from '../versions/versions-to-remove';

import { parseDriftDays, parseWriting, takeBaseline, type AuditFlags, type BaselineWriting } from './audit-flags';
import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { deployedQuery, deployedTargets, inLayerOrder } from './deployed-targets';
import { EXIT_FAILED } from './exit-codes';
import { lastRollouts } from './last-rollouts';
import { openAudit } from './open-audit';
import { whereAllowed } from './where-allowed';

const AT_ONCE = 8;

/**
 * What of the deployed fleet is not as it should be: tags, encryption, retention, runtimes, policies, alarms, leftovers, changes past the
 * fleet. Changes nothing but the memory of when a finding was first seen. Exit 1 where something is open, or could not be looked at.
 */
export async function audit(flags: AuditFlags, context: CommandContext): Promise<CommandOutcome> {
  const driftDays = parseDriftDays(flags.driftDays);
  const at = context.clock.now().toISOString();
  const writing = parseWriting(flags, { cwd: context.cwd, today: at.slice(0, 10) });
  const fleet = await openFleet(flags.config);
  const { file, baseline } = takeBaseline(flags, context.cwd);
  const records = await fleet.store.loadRecords();
  const chosen = [...deployedTargets(records, await deployedQuery(flags, fleet))].sort((left, right) =>
    inLayerOrder(left.target, right.target),
  );
  const deployed = [...records.values()].filter(({ current }) => current !== null).length;
  const { findings, looked, notAudited, audited } = await auditAll(chosen, { fleet, context, at });
  const aged = withAges(findings, { seen: await loadFirstSeen(fleet.store.objects), now: at, driftDays });
  await whereAllowed(
    'when these findings were first seen is not kept',
    context,
  )(() => changeFirstSeen(fleet.store.objects, (seen) => nextFirstSeen(seen, { findings: aged, audited })));
  const accepted = acceptFindings(aged, { baseline, now: at, audited, complete: audited.size === deployed });
  const report = auditReport({
    ...{ at, targets: chosen.length, looked, notAudited, findings: accepted.findings },
    baseline: { file, unused: accepted.unused },
  });
  const written = writing === null ? [] : [writeBaseline(report, { writing, baseline: baselineToExtend(writing, { file, baseline }) })];
  return { exitCode: isClean(report, flags.failOn) ? 0 : EXIT_FAILED, text: [auditText(report), ...written].join('\n\n'), data: report };
}

/** The rules themselves. */
export function auditRuleList(): CommandOutcome {
  return { exitCode: 0, text: rulesText(allRules), data: { version: 1, rules: allRules } };
}

interface FleetAudit {
  readonly findings: readonly RawFinding[];
  readonly looked: Readonly<Record<string, number>>;
  readonly notAudited: readonly NotAudited[];
  /** Targets that were looked at in full: of the others nobody knows whether a finding is mended. */
  readonly audited: ReadonlySet<string>;
}

async function auditAll(
  chosen: readonly TargetRecord[],
  { fleet, context, at }: { readonly fleet: OpenFleet; readonly context: CommandContext; readonly at: string },
): Promise<FleetAudit> {
  await fleet.store.fetchReleases(chosen.flatMap(({ current }) => current?.release ?? []));
  const ports = await openAudit(fleet, context);
  let all: readonly Looked[];
  try {
    const sources: AuditSources = {
      ...ports,
      versions: { ...ports, keep: KEPT_VERSIONS, last: await lastRollouts(fleet, chosen) },
      releaseOf: (digest) => openRelease(fleet.store.releases, digest),
    };
    all = await mapBounded(chosen, AT_ONCE, (record) => lookAtTarget(record, sources, context.interrupt));
  } finally {
    await ports.close();
  }
  const observed = all.flatMap((one) => one.observed ?? []);
  const groups = logGroupsByPlace(observed);
  const audits = observed.map((one) => auditTarget(one, { now: at, fleetLogGroups: groups.get(placeOf(one)) ?? new Set() }));
  const looked: Record<string, number> = {};
  for (const audit of audits) for (const [rule, count] of Object.entries(audit.looked)) looked[rule] = (looked[rule] ?? 0) + count;
  const notAudited = all.flatMap((one) => one.notAudited);
  const partly = new Set<string>(notAudited.map(({ target }) => target));
  const audited = new Set(observed.map(({ record }) => record.target as string).filter((target) => !partly.has(target)));
  return { findings: audits.flatMap(({ findings }) => findings), looked, notAudited, audited };
}

/** Log groups of all observed stacks: layers of one account and region must not call each other's unused. */
function logGroupsByPlace(observed: readonly ObservedTarget[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const one of observed) {
    const own = groups.get(placeOf(one)) ?? new Set();
    for (const resource of one.resources) if (resource.type === 'aws:cloudwatch/logGroup:LogGroup') own.add(physicalName(resource));
    groups.set(placeOf(one), own);
  }
  return groups;
}

function placeOf({ config }: ObservedTarget): string {
  const { account, region } = targetSchema.parse(config.target);
  return `${account} ${region}`;
}

/** What stands in the file already stays in it. */
function baselineToExtend({ path }: BaselineWriting, taken: { readonly file: string | null; readonly baseline: Baseline }): Baseline {
  if (taken.file === path || !existsSync(path)) return taken.baseline;
  return readBaseline(path, { rules: ruleIds });
}

function writeBaseline(
  { findings }: AuditReport,
  { writing: { path, acceptance }, baseline }: { readonly writing: BaselineWriting; readonly baseline: Baseline },
): string {
  const extended = extendBaseline(baseline, findings, acceptance);
  const added = extended.accepted.length - baseline.accepted.length;
  writeFileSync(path, `# Findings of \`fleet audit\` that somebody accepts for a time.\n${stringify(extended)}`);
  const more = `${added} more ${added === 1 ? 'entry' : 'entries'}`;
  return safeText(`wrote ${path}: ${more}, accepted by ${acceptance.owner} to ${acceptance.expires}; the next audit goes by it`);
}

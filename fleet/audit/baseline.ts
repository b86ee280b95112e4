import picomatch from 'picomatch';
import * as z from 'zod';

import { parseYaml, readYamlFile } from '../config/yaml-file';

import type { Acceptance, AuditFinding } from './audit-finding';
import type { AgedFinding } from './finding-ages';

const words = (what: string) =>
  z
    .string({ error: `${what} must be text` })
    .trim()
    .min(1, { error: `${what} must not be empty` })
    .max(500, { error: `${what} must be at most 500 characters` });

const entrySchema = z.strictObject({
  rule: words('rule'),
  /** Segments of a target's id; `*` is one, `**` any number of them. */
  target: words('target').default('**'),
  /** Name of the resource in its program; `*` in it stands for anything. Left out: any resource, and the target as a whole. */
  resource: words('resource').optional(),
  owner: words('owner'),
  /** The last day on which it holds, UTC. */
  expires: z.iso.date({ error: (issue) => `expires ${JSON.stringify(issue.input)} is not a day such as 2027-01-31` }),
  reason: words('reason'),
});

const baselineSchema = z.strictObject({
  version: z.literal(1, { error: 'version must be 1' }),
  accepted: z.array(entrySchema).default([]),
});

/** One finding, or kind of findings, that somebody accepts for a time. */
export type BaselineEntry = z.infer<typeof entrySchema>;

/** A baseline file's content. */
export type Baseline = z.infer<typeof baselineSchema>;

/** Nothing is accepted. */
export const emptyBaseline: Baseline = { version: 1, accepted: [] };

/** What is read beside the file: rule names must be known, or an entry would accept nothing for ever. */
interface BaselineOptions {
  readonly rules: readonly string[];
}

/** Reads a baseline file. Throws one `user/audit-baseline` error with every problem, each with its position. */
export function readBaseline(path: string, options: BaselineOptions): Baseline {
  return readYamlFile(path, fileOptions(options)).data;
}

/** The pure part of {@link readBaseline}. */
export function parseBaseline(text: string, options: BaselineOptions & { readonly file: string }): Baseline {
  return parseYaml(text, { ...fileOptions(options), file: options.file }).data;
}

function fileOptions({ rules }: BaselineOptions) {
  const check = (data: unknown) => {
    const accepted = (data as { readonly accepted?: unknown } | null)?.accepted;
    if (!Array.isArray(accepted)) return [];
    return accepted.flatMap((entry: unknown, index) => {
      const rule = (entry as { readonly rule?: unknown } | null)?.rule;
      if (typeof rule !== 'string' || rules.includes(rule)) return [];
      return [{ path: ['accepted', index, 'rule'], message: `${rule} is no rule of the audit; \`fleet audit --rules\` lists them` }];
    });
  };
  return { schema: baselineSchema, what: 'audit-baseline', check };
}

/** Findings with who accepts them, and the entries that accept nothing any more. */
export interface Accepted {
  readonly findings: readonly AuditFinding[];
  /** Entries that fit no finding where somebody looked: what they accepted is mended, or gone. */
  readonly unused: readonly BaselineEntry[];
}

/** What findings are held against. */
export interface AcceptOptions {
  readonly baseline: Baseline;
  /** ISO 8601. */
  readonly now: string;
  /** Targets that were looked at in full. */
  readonly audited: ReadonlySet<string>;
  /** They are all that is deployed: an entry for any other target accepts nothing any more. */
  readonly complete: boolean;
}

/** Holds findings against a baseline. An entry holds to the end of its last day (UTC); of several the one that holds longest counts. */
export function acceptFindings(findings: readonly AgedFinding[], { baseline, now, audited, complete }: AcceptOptions): Accepted {
  const today = now.slice(0, 10);
  const entries = [...baseline.accepted]
    .sort((left, right) => (left.expires < right.expires ? 1 : left.expires > right.expires ? -1 : 0))
    .map((entry) => ({ entry, fits: matcherOf(entry) }));
  const used = new Set<BaselineEntry>();
  const judged = findings.map((finding): AuditFinding => {
    const fitting = entries.filter(({ fits }) => fits(finding));
    fitting.forEach(({ entry }) => used.add(entry));
    const [longest] = fitting;
    const acceptance = longest === undefined ? null : acceptanceOf(longest.entry);
    const holds = acceptance !== null && acceptance.expires >= today;
    return { ...finding, accepted: holds ? acceptance : null, lapsed: holds ? null : acceptance };
  });
  const isAudited = ({ target }: BaselineEntry) => {
    const fits = targetMatcher(target);
    return [...audited].some((one) => fits(one));
  };
  const unused = baseline.accepted.filter((entry) => !used.has(entry) && (complete || isAudited(entry)));
  return { findings: judged, unused };
}

function acceptanceOf({ owner, expires, reason }: BaselineEntry): Acceptance {
  return { owner, expires, reason };
}

function matcherOf({ rule, target, resource }: BaselineEntry): (finding: AgedFinding) => boolean {
  const fitsTarget = targetMatcher(target);
  const fitsResource = resource === undefined ? () => true : picomatch(resource, { nonegate: true, noextglob: true });
  return (finding) =>
    finding.rule === rule &&
    fitsTarget(finding.target) &&
    (resource === undefined || (finding.resource !== null && fitsResource(finding.resource.name)));
}

function targetMatcher(pattern: string): (target: string) => boolean {
  const match = picomatch(pattern, { nonegate: true, noextglob: true });
  return (target) => match(target);
}

/** A baseline that accepts these findings too, one entry a rule, target and resource, sorted; entries that stand already stay. */
export function extendBaseline(baseline: Baseline, findings: readonly AuditFinding[], acceptance: Acceptance): Baseline {
  const keyOf = ({ rule, target, resource }: Pick<BaselineEntry, 'rule' | 'target' | 'resource'>) => `${rule} ${target} ${resource ?? ''}`;
  const added = new Map<string, BaselineEntry>();
  for (const { rule, target, resource, accepted } of findings) {
    if (accepted !== null) continue;
    const entry: BaselineEntry = { rule, target, ...(resource && { resource: resource.name }), ...acceptance };
    added.set(keyOf(entry), entry);
  }
  const kept = baseline.accepted.filter((entry) => !added.has(keyOf(entry)));
  const sorted = [...added.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, entry]) => entry);
  return { version: 1, accepted: [...kept, ...sorted] };
}

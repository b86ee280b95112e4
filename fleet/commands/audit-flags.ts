import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import * as z from 'zod';

import type { AuditSeverity } from '../../contracts/audit/audit-rule';
import type { Acceptance } from '../audit/audit-finding';
import { ruleIds } from '../audit/audit-report';
import { emptyBaseline, readBaseline, type Baseline } from '../audit/baseline';
import { DRIFT_DAYS } from '../audit/finding-ages';
import { userError } from '../errors';

import { parseOutFile } from './cost-flags';
import type { FilterFlags } from './filters';

/** Flags of `audit`. */
export interface AuditFlags extends FilterFlags {
  readonly config: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly reason?: string;
  /** Severity from which on it fails. */
  readonly failOn: AuditSeverity;
  readonly driftDays?: string;
}

/** Taken beside fleet.yaml where no other is named. */
export const BASELINE_FILE = 'audit-baseline.yaml';

/** Days for which a change past the fleet may stand. */
export function parseDriftDays(text: string | undefined): number {
  if (text === undefined) return DRIFT_DAYS;
  if (!/^\d{1,4}$/.test(text)) throw userError('invalid-flag', `--drift-days ${text} is not a whole number up to 9999`);
  return Number(text);
}

/** The baseline that is named, else the one beside fleet.yaml, else none. A named one must exist. */
export function takeBaseline(
  flags: Pick<AuditFlags, 'baseline' | 'config'>,
  cwd: string,
): { readonly file: string | null; readonly baseline: Baseline } {
  if (flags.baseline !== undefined) {
    const file = resolve(cwd, flags.baseline);
    return { file, baseline: readBaseline(file, { rules: ruleIds }) };
  }
  const beside = join(dirname(resolve(cwd, flags.config)), BASELINE_FILE);
  return existsSync(beside)
    ? { file: beside, baseline: readBaseline(beside, { rules: ruleIds }) }
    : { file: null, baseline: emptyBaseline };
}

/** Where a baseline is to be written, and who accepts what is in it; null: nothing is to be written. */
export interface BaselineWriting {
  readonly path: string;
  readonly acceptance: Acceptance;
}

/** An acceptance without an owner, an end and a reason would be none. */
export function parseWriting(flags: AuditFlags, { cwd, today }: { readonly cwd: string; readonly today: string }): BaselineWriting | null {
  const { writeBaseline, owner, expires, reason } = flags;
  if (writeBaseline === undefined) {
    const [stray] = Object.entries({ owner, expires, reason }).flatMap(([flag, value]) => (value === undefined ? [] : [flag]));
    if (stray !== undefined) throw userError('invalid-flag', `--${stray} says something of --write-baseline only: name its file`);
    return null;
  }
  const missing = Object.entries({ owner, expires, reason }).flatMap(([flag, value]) =>
    value === undefined || value.trim() === '' ? [`--${flag}`] : [],
  );
  if (owner === undefined || expires === undefined || reason === undefined || missing.length > 0)
    throw userError('invalid-flag', `--write-baseline needs ${missing.join(', ')}: what nobody answers for is not accepted`);
  if (!z.iso.date().safeParse(expires).success) throw userError('invalid-flag', `--expires ${expires} is not a day such as 2027-01-31`);
  if (expires < today) throw userError('invalid-flag', `--expires ${expires} is over: it is ${today} (UTC)`);
  return {
    path: parseOutFile('--write-baseline', writeBaseline, cwd),
    acceptance: { owner: owner.trim(), expires, reason: reason.trim() },
  };
}

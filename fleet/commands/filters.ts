import type { Command } from 'commander';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { layers } from '../../contracts/layers';
import { targetSchema, type Target } from '../../contracts/target';
import { didYouMean } from '../config/known-keys';
import { userError } from '../errors';
import type { TargetFilter } from '../plan/target-filter';

/** Filter flags as typed. */
export interface FilterFlags {
  readonly layer?: readonly string[];
  readonly account?: readonly string[];
  readonly unit?: readonly string[];
  readonly region?: readonly string[];
  readonly tag?: readonly string[];
  readonly only?: string;
}

/** For a flag that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Adds the filter flags that every verb over targets takes; each may be given several times. */
export function withFilters(command: Command): Command {
  return command
    .option('--layer <name>', 'only targets of this layer', collect)
    .option('--account <id>', 'only targets in this account', collect)
    .option('--unit <glob>', 'only targets in accounts of these units, as Workloads/**', collect)
    .option('--region <region>', 'only targets in this region', collect)
    .option('--tag <key=value>', 'only targets with this tag', collect)
    .option('--only <which>', 'only targets that "failed" last time, or that "changed"');
}

/** Flags to a filter. Throws a user error that names the flag and its wrong value. */
export function parseFilter(flags: FilterFlags, failed: ReadonlySet<string>): TargetFilter {
  const names = layers.map((layer) => layer.name);
  for (const name of flags.layer ?? []) {
    if (!names.includes(name))
      throw userError('unknown-layer', `--layer ${name} is no layer${didYouMean(name, names)}; layers are ${names.join(', ')}`);
  }
  if (flags.only !== undefined && flags.only !== 'failed' && flags.only !== 'changed')
    throw userError('invalid-flag', `--only ${flags.only} is not "failed" or "changed"`);
  return {
    layers: flags.layer ?? [],
    accounts: (flags.account ?? []).map((value) => parsed(accountIdSchema.safeParse(value), '--account')),
    units: flags.unit ?? [],
    regions: (flags.region ?? []).map((value) => parsed(regionSchema.safeParse(value), '--region')),
    tags: (flags.tag ?? []).map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw userError('invalid-flag', `--tag ${text} is not <key>=<value>`);
      return { key: text.slice(0, at), value: text.slice(at + 1) };
    }),
    only: flags.only ?? null,
    failed,
  };
}

/** A target named on the command line. `known` are those that it may have been meant to be. */
export function parseTarget(text: string, known: readonly string[] = []): Target {
  const read = targetSchema.safeParse(text);
  if (!read.success) throw userError('invalid-flag', `${read.error.issues[0]?.message ?? text}${didYouMean(text, known)}`);
  const target = read.data;
  const names = layers.map((layer) => layer.name);
  if (!names.includes(target.layer))
    throw userError(
      'unknown-layer',
      `target ${text}: ${target.layer} is no layer${didYouMean(target.layer, names)}; layers are ${names.join(', ')}`,
    );
  return target;
}

interface Parsed<Value> {
  readonly success: boolean;
  readonly data?: Value;
  readonly error?: { readonly issues: readonly { readonly message: string }[] };
}

function parsed<Value>(result: Parsed<Value>, what: string): Value {
  if (result.success && result.data !== undefined) return result.data;
  throw userError('invalid-flag', `${what}: ${result.error?.issues[0]?.message ?? 'is invalid'}`);
}

import type * as z from 'zod';

import { didYouMean, knownKeys } from './known-keys';

/** One thing that a schema refuses in a file's data. */
export interface SchemaProblem {
  readonly message: string;
  readonly path: readonly PropertyKey[];
  /** True where the key is wrong rather than its value. */
  readonly key: boolean;
}

/** What the problems are told about. */
export interface SchemaProblemsOptions {
  readonly schema: z.core.$ZodType;
  readonly data: unknown;
  /** A plain scalar as written in the file: YAML turns `012345678901` into a number that has lost its zero. */
  readonly sourceOf: (path: readonly PropertyKey[]) => string | undefined;
}

/**
 * Pass it to `safeParse`: a message that a schema gives itself is kept, one that zod would make up is left empty and worded by
 * {@link schemaProblems}.
 */
export const ownMessagesOnly = { error: () => '' } as const;

/** The issues of a refused parse in the fleet's words. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], options: SchemaProblemsOptions): readonly SchemaProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, options));
}

function problemsOf(issue: z.core.$ZodIssue, options: SchemaProblemsOptions): readonly SchemaProblem[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, { path, options }));
    case 'invalid_key':
      return [{ message: keyMessage(issue, String(path.at(-1))), path, key: true }];
    case 'invalid_union':
      return unionProblems(issue, options);
    default:
      return [{ message: messageOf(issue, options), path, key: false }];
  }
}

function unknownKey(
  key: string,
  { path, options }: { readonly path: readonly PropertyKey[]; readonly options: SchemaProblemsOptions },
): SchemaProblem {
  const known = knownKeys(options.schema, path);
  const hint = didYouMean(key, known);
  const list = known.length === 0 ? '' : `; known keys are ${known.join(', ')}`;
  return { message: `unknown key ${key}${hint === '' ? list : hint}`, path: [...path, key], key: true };
}

/** A key that no branch knows is the clearest thing to say; next the union's own words; else those of the branch that comes nearest. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, options: SchemaProblemsOptions): readonly SchemaProblem[] {
  const branches = issue.errors;
  const unknown = unknownInAll(branches);
  if (unknown.length > 0) return unknown.map((key) => unknownKey(key, { path: issue.path, options }));
  const meant = meantBranch(branches);
  if (meant !== undefined) return meant.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, options));
  const nearest = [...branches].sort((left, right) => left.length - right.length)[0];
  if (issue.message !== '' || nearest === undefined) return [{ message: messageOf(issue, options), path: issue.path, key: false }];
  return nearest.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, options));
}

/** Of mappings told apart by their keys, the one whose keys these are. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const fitting = branches.filter((issues) => issues.every((issue) => issue.path.length > 0));
  return fitting.length === 1 && branches.some((issues) => issues.some(({ code }) => code === 'unrecognized_keys'))
    ? fitting[0]
    : undefined;
}

function unknownInAll(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly string[] {
  const keys = branches.map((issues) =>
    issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [])),
  );
  return (keys[0] ?? []).filter((key) => keys.every((others) => others.includes(key)));
}

function messageOf(issue: z.core.$ZodIssue, options: SchemaProblemsOptions): string {
  const value = valueAt(options.data, issue.path);
  const name = pathText(issue.path);
  if (value === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_union' || issue.code === 'invalid_value')) {
    return `${name} is missing`;
  }
  if (value === null) return `${name} is empty: give it a value or remove it`;
  const source = typeof value === 'string' ? undefined : options.sourceOf(issue.path);
  if (source !== undefined && issue.code === 'invalid_type') {
    if (issue.expected === 'string' && /^\d{12}$/.test(source)) {
      return `account id ${source} must be quoted: YAML reads it as a number; write "${source}"`;
    }
    if (issue.message !== '') return naming(issue.message, source);
    if (issue.expected === 'string') return `${name} must be text, not the ${typeof value} ${source}: quote it as "${source}"`;
  }
  if (issue.message === '') return ownWords(issue, { name, value });
  return typeof value === 'object' && issue.code !== 'invalid_type' ? issue.message : naming(issue.message, show(value));
}

/** A schema's demand with the wrong value behind it, before its advice. Some schemas put it in themselves. */
function naming(message: string, shown: string): string {
  const text = shown.replace(/^"(.*)"$/, '$1');
  const [about = '', ...demand] = message.split(' must ');
  if (demand.length === 0 || shown === '""' || message.includes(`not ${shown}`) || about.includes(shown) || about.split(' ').includes(text))
    return message;
  const [says = '', ...advice] = message.split(': ');
  return [`${says}, not ${shown}`, ...advice].join(': ');
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function ownWords(issue: z.core.$ZodIssue, { name, value }: { readonly name: string; readonly value: unknown }): string {
  const shown = show(value);
  switch (issue.code) {
    case 'invalid_type':
      return `${name} must be ${KINDS[issue.expected] ?? issue.expected}, not ${shown}`;
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      return `${name} ${shown} is not ${allowed.length === 1 ? '' : 'one of '}${allowed.join(', ')}${typeof value === 'string' ? didYouMean(value, allowed) : ''}`;
    }
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `${name} ${shown} is not one of ${issue.options.join(', ')}`
        : `${name} ${shown} fits nothing that is allowed here`;
    case 'too_small':
      return `${name} must ${measure(issue.origin)} at least ${String(issue.minimum)}, not ${size(value)}`;
    case 'too_big':
      return `${name} must ${measure(issue.origin)} at most ${String(issue.maximum)}, not ${size(value)}`;
    case 'invalid_format':
      return `${name} ${shown} is not a valid ${issue.format}`;
    default:
      return `${name} ${shown} is not allowed here`;
  }
}

/** `accounts[3].tags.Team`, or `the file` for the root. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return text === '' ? 'the file' : text.replace(/^\./, '');
}

function keyMessage({ issues }: z.core.$ZodIssueInvalidKey, key: string): string {
  const said = issues.find((issue) => issue.message !== '')?.message;
  return said === undefined ? `key ${show(key)} is not allowed here` : naming(said, show(key));
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return value;
}

/** Longer text is cut: its beginning tells which it is. */
const LONGEST = 80;

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string' && value.length > LONGEST)
    return `${JSON.stringify(value.slice(0, LONGEST))}... of ${value.length} characters`;
  return typeof value === 'object' ? 'a mapping' : (JSON.stringify(value) ?? 'nothing');
}

function measure(origin: string): string {
  return origin === 'string' || origin === 'array' || origin === 'map' || origin === 'set' ? 'have a length of' : 'be';
}

function size(value: unknown): string {
  return typeof value === 'string' || Array.isArray(value) ? String(value.length) : show(value);
}

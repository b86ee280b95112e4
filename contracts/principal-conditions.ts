/** Conditions of one statement on the ARN of who asks. All of them hold at once. */
export interface PrincipalCondition {
  readonly ArnEquals: Readonly<Record<'aws:PrincipalArn', readonly string[]>>;
  readonly ArnLike?: Readonly<Record<'aws:PrincipalArn', readonly string[]>>;
  readonly StringLike?: Readonly<Record<'aws:PrincipalArn', readonly string[]>>;
}

/** Conditions that let in the roles of these ARNs, in one statement. */
export function listedPrincipals(arns: readonly string[]): readonly PrincipalCondition[] {
  return [{ ArnEquals: { 'aws:PrincipalArn': [...new Set(arns)] } }];
}

/**
 * The same as {@link listedPrincipals} in fewer characters, each for a statement of its own: exactly those roles are let in, and no other.
 *
 * Roles whose ARNs have one length are told by a frame, what all of them have at the same places with a `?` for every other character, and by
 * what stands at those places up to an end. A text that fits both is one of the ARNs, since no character of it is left open.
 */
export function sharedPrincipals(arns: readonly string[]): readonly PrincipalCondition[] {
  const [byPath, byDigits] = [ofOnePath, ofOneNumbering].map((alike) => sharedAs(arns, alike));
  return sizeOf(byPath) < sizeOf(byDigits) ? (byPath ?? []) : (byDigits ?? []);
}

const sizeOf = (conditions: unknown) => JSON.stringify(conditions).length;

/** What ARNs of one length have the same of, to be told together. */
const ofOnePath = (arn: string) => arn.slice(0, arn.lastIndexOf('/'));
const ofOneNumbering = (arn: string) => arn.replace(/\d/g, '?');

function sharedAs(arns: readonly string[], alike: (arn: string) => string): readonly PrincipalCondition[] {
  const distinct = [...new Set(arns)];
  // Of what ends in a wildcard no length is known.
  const open = distinct.filter((arn) => arn.includes('*'));
  const known = new Set(distinct.filter((arn) => !arn.includes('*')));
  const statements: Shared[] = [];
  for (const part of groups([...known], alike).map(sharedBy)) {
    const index = statements.findIndex((one) => isLeft(one.ends) === isLeft(part.ends) && isExactly(merged(one, part), known));
    const beside = statements[index];
    if (beside === undefined) statements.push(part);
    else statements[index] = merged(beside, part);
  }
  return [...(open.length > 0 ? listedPrincipals(open) : []), ...statements.map(conditionOf)];
}

/** The frame has the account already: what stands at the beginning need not name it again. */
function conditionOf({ frames, ends }: Shared): PrincipalCondition {
  const frame = { ArnEquals: { 'aws:PrincipalArn': frames } };
  if (!isLeft(ends)) return { ...frame, StringLike: { 'aws:PrincipalArn': ends } };
  return { ...frame, ArnLike: { 'aws:PrincipalArn': ends.map((end) => end.replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:/, 'arn:*:*:*:*:')) } };
}

const isLeft = (ends: readonly string[]) => ends.every((end) => end.endsWith('*'));

interface Shared {
  readonly frames: readonly string[];
  /** With one `*`, at the side that is left open. */
  readonly ends: readonly string[];
}

function merged(one: Shared, other: Shared): Shared {
  return { frames: [...new Set([...one.frames, ...other.frames])], ends: [...new Set([...one.ends, ...other.ends])] };
}

/** ARNs of one length that are alike: others have less in common. */
function groups(arns: readonly string[], alike: (arn: string) => string): readonly (readonly string[])[] {
  const found = new Map<string, string[]>();
  for (const arn of arns) {
    const key = `${arn.length} ${alike(arn)}`;
    found.set(key, [...(found.get(key) ?? []), arn]);
  }
  return [...found.values()];
}

function sharedBy(arns: readonly string[]): Shared {
  const [first = ''] = arns;
  const alike = (from: number, to: number) => arns.every((arn) => arn.slice(from, to) === first.slice(from, to));
  // One alone is told by its name, which says what no frame of others can be filled with.
  if (arns.length === 1) return { frames: [first], ends: [`*${first.slice(first.lastIndexOf('/'))}`] };
  let start = 0;
  while (start < first.length - 1 && alike(0, start + 1)) start += 1;
  let end = first.length;
  while (end > start + 1 && alike(end - 1, first.length)) end -= 1;
  const left = end < first.length - start;
  const frame = `${first.slice(0, start)}${'?'.repeat(end - start)}${first.slice(end)}`;
  return { frames: [frame], ends: arns.map((arn) => (left ? `${arn.slice(0, end)}*` : `*${arn.slice(start)}`)) };
}

/** Whether every text that fits a frame and an end is one of these. */
function isExactly({ frames, ends }: Shared, arns: ReadonlySet<string>): boolean {
  return frames.every((frame) =>
    ends.every((end) => {
      const text = fitting(frame, end);
      return text === null || arns.has(text);
    }),
  );
}

/** What fits both, with a `?` for every character that is open; null where nothing does. */
function fitting(frame: string, end: string): string | null {
  const text = end.replace('*', '');
  if (text.length > frame.length) return null;
  const padded = end.endsWith('*') ? text.padEnd(frame.length, '?') : text.padStart(frame.length, '?');
  const characters = [...frame].map((character, index) => {
    const other = padded.charAt(index);
    if (character === '?') return other;
    return other === '?' || other === character ? character : null;
  });
  return characters.includes(null) ? null : characters.join('');
}

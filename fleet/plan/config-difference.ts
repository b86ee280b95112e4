/** Where two plain values differ, as `settings.memoryMb 1024 -> 512`; at most `limit` lines, then how many more. */
export function configDifference(before: unknown, after: unknown, limit = 8): readonly string[] {
  const lines: string[] = [];
  compare({ before, after, path: '' }, lines);
  return lines.length <= limit ? lines : [...lines.slice(0, limit), `and ${lines.length - limit} more`];
}

function compare(pair: { readonly before: unknown; readonly after: unknown; readonly path: string }, lines: string[]): void {
  const { before, after, path } = pair;
  if (isRecord(before) && isRecord(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      compare({ before: before[key], after: after[key], path: path === '' ? key : `${path}.${key}` }, lines);
    }
    return;
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const [olds, news] = [before, after].map((list) => new Set(list.map((item) => JSON.stringify(item))));
    const added = [...(news ?? [])].filter((item) => !olds?.has(item));
    const removed = [...(olds ?? [])].filter((item) => !news?.has(item));
    lines.push(...added.map((item) => `${path} + ${item}`), ...removed.map((item) => `${path} - ${item}`));
    if (added.length === 0 && removed.length === 0) lines.push(`${path} in another order`);
    return;
  }
  lines.push(`${path} ${text(before)} -> ${text(after)}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}

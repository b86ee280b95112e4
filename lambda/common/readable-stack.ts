import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';

/** Turns the frames of a stack into ones that name sources. */
export type ReadableStack = (stack: string) => string;

const FRAME = /^( {4}at (?:.+ \()?)(.+):(\d+):(\d+)(\)?)$/;

/**
 * Names frames in `bundle` (a path) by their sources, from the map beside it. The map is read at the first stack: Node's own way
 * (`--enable-source-maps`) costs every cold start (docs/decisions.md). Never throws: what the map does not know stays as it is.
 */
export function readableStack(bundle: string): ReadableStack {
  let map: SourceMap | undefined | 'not read' = 'not read';
  return (stack) => {
    if (map === 'not read') map = readMap(`${bundle}.map`);
    const known = map;
    return known === undefined
      ? stack
      : stack
          .split('\n')
          .map((line) => readableFrame(line, { bundle, map: known }))
          .join('\n');
  };
}

function readableFrame(line: string, { bundle, map }: { readonly bundle: string; readonly map: SourceMap }): string {
  const [, before, file, row, column, end] = FRAME.exec(line) ?? [];
  if (file !== bundle) return line;
  // Zero-based, where frames count from one.
  const entry = map.findEntry(Number(row) - 1, Number(column) - 1);
  return 'originalSource' in entry ? `${before}${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}${end}` : line;
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}

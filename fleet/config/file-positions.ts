import type { FilePosition } from '../errors';

import { pathText } from './schema-problems';

/** Where the parts of a file stand, by path such as `waves[1].bake`. Plain data. */
export type FilePositions = Readonly<Record<string, FilePosition>>;

/** The position of everything in a file's data but of the whole. */
export function filePositions(data: unknown, at: (path: readonly PropertyKey[]) => FilePosition): FilePositions {
  const positions: Record<string, FilePosition> = {};
  const visit = (value: unknown, path: readonly PropertyKey[]) => {
    if (path.length > 0) positions[pathText(path)] = at(path);
    if (typeof value !== 'object' || value === null) return;
    const members: readonly (readonly [PropertyKey, unknown])[] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    for (const [key, member] of members) visit(member, [...path, key]);
  };
  visit(data, []);
  return positions;
}

/** Where a path stands, or the nearest part of the file that leads to it; undefined where the file says nothing of it. */
export function positionOf(positions: FilePositions, path: readonly PropertyKey[]): FilePosition | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const text = pathText(path.slice(0, length));
    if (Object.hasOwn(positions, text)) return positions[text];
  }
  return undefined;
}

/** The positions without those of some top-level keys and of all that is in them. */
export function withoutPositions(positions: FilePositions, keys: readonly string[]): FilePositions {
  return Object.fromEntries(Object.entries(positions).filter(([path]) => !keys.includes(/^[^.[]*/.exec(path)?.[0] ?? '')));
}

import type { FilePosition } from '../errors';

import { positionOf, type FilePositions } from './file-positions';
import type { PlaceSettings } from './place-settings';
import { pathText } from './schema-problems';

/** Where a place's settings come from. */
export type SettingOrigin = Pick<PlaceSettings, 'overrides' | 'accountTags'>;

/** What is looked for. */
export interface SettingQuery {
  /** Keys that together make something so, as paths such as `order.timeout`. */
  readonly keys: readonly (readonly string[])[];
  readonly origin: SettingOrigin;
}

/**
 * Where fleet.yaml says what holds at a place: of some keys the one that was set last, since without it all was well; of two in one
 * block, the first that is asked for. Undefined where the file sets none of them, or an account's own tag stands over it.
 */
export function settingPosition(positions: FilePositions, { keys, origin }: SettingQuery): FilePosition | undefined {
  for (const index of [...origin.overrides].reverse()) {
    for (const key of keys) {
      const path = pathText(['overrides', index, ...key]);
      if (Object.hasOwn(positions, path)) return positions[path];
    }
  }
  for (const key of ofFile({ keys, origin })) {
    const path = pathText(key);
    if (Object.hasOwn(positions, path)) return positions[path];
  }
  return undefined;
}

/** As {@link settingPosition}; where the file sets none of the keys, the nearest part of it where the first of them would stand. */
export function nearestPosition(positions: FilePositions, query: SettingQuery): FilePosition | undefined {
  const [first] = ofFile(query);
  return settingPosition(positions, query) ?? (first && positionOf(positions, first));
}

function ofFile({ keys, origin }: SettingQuery): SettingQuery['keys'] {
  return keys.filter(([block, key = '']) => block !== 'tags' || !origin.accountTags.includes(key));
}

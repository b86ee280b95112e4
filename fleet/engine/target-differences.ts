import type { EngineStep } from '../ports';

/** One way in which a deployed target differs from what was deployed. Null: it has no value there. Secrets are masked. */
export interface TargetDifference {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly kind: 'changed' | 'gone';
  /** Of the property, as deep as the difference; null where the whole resource is gone, or what changed is not told. */
  readonly path: string | null;
  readonly deployed: unknown;
  readonly found: unknown;
}

/** What a refresh found different, resource by resource. */
export function targetDifferences(steps: readonly EngineStep[]): readonly TargetDifference[] {
  return steps.flatMap(({ op, urn, type, name, keys, differences = [] }): readonly TargetDifference[] => {
    const untold = { urn, type, name, path: null, deployed: null, found: null } as const;
    if (op === 'same') return [];
    if (op === 'delete') return [{ ...untold, kind: 'gone' }];
    if (differences.length > 0) return differences.map((one) => ({ urn, type, name, kind: 'changed', ...one }));
    return keys.length > 0 ? keys.map((path) => ({ ...untold, kind: 'changed', path })) : [{ ...untold, kind: 'changed' }];
  });
}

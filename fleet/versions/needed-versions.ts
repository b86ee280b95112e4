import type { Deployment, TargetRecord } from '../plan/target-record';
import type { StandingVersions } from '../ports';

import type { NeededVersion } from './versions-to-remove';

/** What speaks for versions beside the aliases. */
export interface VersionClaims {
  readonly record: TargetRecord;
  /** The last rollout that was to change the target, and what was good when it began: it can be taken back. Null: none is known. */
  readonly last: { readonly rollout: string; readonly good: Deployment | null } | null;
}

/** Versions that serve, or may have to at any time: by aliases, by the target's record, and by the last rollout, which can be taken back. Pure. */
export function neededVersions({ aliases }: StandingVersions, { record, last }: VersionClaims): readonly NeededVersion[] {
  return [
    ...aliases.flatMap(({ name, versions }) => versions.map((version) => ({ version, by: `alias ${name}` }))),
    ...named(record.good, 'last good'),
    // Where the last deployment was promoted, both are one.
    ...(record.current?.fingerprint === record.good?.fingerprint ? [] : named(record.current, 'deployed last')),
    ...(last === null ? [] : named(last.good, `taking rollout ${last.rollout} back`)),
  ];
}

function named(deployment: Deployment | null, by: string): readonly NeededVersion[] {
  return [deployment?.live, deployment?.previous].flatMap((version) => (typeof version === 'string' ? [{ version, by }] : []));
}

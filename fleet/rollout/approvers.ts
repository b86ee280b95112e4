import type { Approvers } from '../plan/rollout-plan';

/** Who asks, of what. */
export interface ApprovingPerson {
  /** As {@link roleOfPerson} reads it. */
  readonly by: string;
  /** Who began the rollout; null: nobody knows. */
  readonly requester: string | null;
}

/** The role that a person acts in, of `role/name`; null: the operating system's name of somebody, which proves no role. */
export function roleOfPerson(by: string): string | null {
  const at = by.lastIndexOf('/');
  return at < 1 ? null : by.slice(0, at);
}

/** Why a person's word does not count where a wave says whose does, in one line; null: it counts. Pure. */
export function refusedPerson(approvers: Approvers | undefined, { by, requester }: ApprovingPerson): string | null {
  if (approvers === undefined) return null;
  const role = roleOfPerson(by);
  const roles = approvers.by.join(', ');
  if (role === null) return `${by} is nobody whose role is known, and the wave asks for ${approversText(approvers)}`;
  if (approvers.by.length > 0 && !approvers.by.some((one) => roleName(one) === roleName(role)))
    return `${by} has role ${role}, and only ${roles} may approve this wave`;
  if (by === requester) return `${by} began this rollout: somebody else must approve it`;
  return null;
}

/** `2 different persons of role fleet/approvers, not the one who began it`. */
export function approversText({ required, by }: Approvers): string {
  const persons = required === 1 ? 'one person' : `${required} different persons`;
  return `${persons}${by.length === 0 ? '' : ` of role ${by.join(' or ')}`}, not the one who began it`;
}

/** Of an account's roles no two have one name, whatever their paths; and what AWS says of a caller has no path. */
function roleName(role: string): string {
  return role.slice(role.lastIndexOf('/') + 1);
}

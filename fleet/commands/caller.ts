import { userError } from '../errors';

import type { CommandContext, OpenFleet } from './context';

/** Who runs this, as far as that can be proved. */
export interface Person {
  /** `role/name`; the operating system's `name@host` where there is no role. */
  readonly by: string;
  /** Where this person's messages are, below an inbox: of AWS's callers what IAM lets nobody else write to. */
  readonly from: string;
}

/** AWS's caller as policies see it, of `aws:userid`: a role's unique id, and the session's name, which proves nothing. */
const ROLE_SESSION = /^(AROA[A-Z0-9]+):[\w+=,.@-]+$/;
const SOURCE_IDENTITY = /^[\w+=,.@-]{2,64}$/;
const PERSON = /^[\w+=,.@-]+(\/[\w+=,.@-]+)+$/;
/** In place of a source identity, where a session has none: two characters are the fewest that one has. */
const NONE = '0';

/**
 * Who runs this: on AWS the caller's role with its source identity, by STS; on a sandbox the operating system's user, or what `FLEET_AS` says.
 * Throws where `FLEET_AS` is set elsewhere, or is none.
 */
export async function whoRuns({ config }: Pick<OpenFleet, 'config'>, context: CommandContext): Promise<Person> {
  const { FLEET_AS: as, FLEET_SOURCE_IDENTITY: source } = context.env;
  if (config.organization.source !== 'aws') {
    if (as === undefined || as === '') return { by: context.person, from: fromOf(context.person) };
    if (!PERSON.test(as)) throw userError('invalid-person', `FLEET_AS ${JSON.stringify(as)} is no role and name such as approvers/alice`);
    return { by: as, from: fromOf(as) };
  }
  if (as !== undefined)
    throw userError('invalid-person', `FLEET_AS ${JSON.stringify(as)} stands in for a caller on a sandbox alone: unset it`);
  if (source !== undefined && !SOURCE_IDENTITY.test(source))
    throw userError('invalid-person', `FLEET_SOURCE_IDENTITY ${JSON.stringify(source)} is no source identity of a session`);
  // Loaded here: the AWS SDK takes longer to load than a sandbox verb takes to run.
  const [{ callerIdentity }, { STSClient }] = await Promise.all([import('../aws/caller-identity'), import('@aws-sdk/client-sts')]);
  const { arn, userId } = await callerIdentity(new STSClient({ region: config.homeRegion, maxAttempts: 2 }));
  return personOfCaller({ arn, userId, source });
}

/** A caller of AWS as a person. What is no role's session has no role. Pure. */
export function personOfCaller({
  arn,
  userId,
  source,
}: {
  readonly arn: string;
  readonly userId: string;
  readonly source?: string | undefined;
}): Person {
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role === undefined) return { by: userId, from: `${userId}/${NONE}` };
  return { by: `${role}/${source ?? NONE}`, from: `${userId}/${source ?? NONE}` };
}

/** Where the messages of somebody are whom no cloud names. Pure. */
export function fromOf(by: string): string {
  const safe = by.replaceAll('/', ':').replace(/[^\w.@:=,+-]/g, '_');
  return /^[A-Za-z0-9]/.test(safe) ? safe : `0${safe}`;
}

/** What is asked about a message that claims to be somebody's. */
export interface ClaimedPerson extends Person {
  /** A role's unique id by its name; null: nobody can tell. Absent: no cloud names the callers. */
  readonly roleId?: ((name: string) => Promise<string | null>) | undefined;
}

/** Why a message is not by whom it says, in one line; null: it is. */
export async function unproven({ by, from, roleId }: ClaimedPerson): Promise<string | null> {
  const forged = `it says that it is by ${by}, and it is among the messages of ${from}`;
  if (roleId === undefined) return fromOf(by) === from ? null : forged;
  const [userId = '', source, ...below] = from.split('/');
  const id = ROLE_SESSION.exec(userId)?.[1];
  // What stands further below may be somebody else's: IAM's wildcards go across slashes.
  if (below.length > 0) return forged;
  if (id === undefined) return by === userId && source === NONE ? null : forged;
  const [role = '', name, ...more] = by.split('/');
  if (more.length > 0 || name !== source) return forged;
  const known = await roleId(role);
  if (known === null) return `${forged}: whether ${role} is the role ${id} cannot be asked (iam:GetRole)`;
  return known === id ? null : forged;
}

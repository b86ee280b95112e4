import { statSync } from 'node:fs';
import { join } from 'node:path';

import type { AccountId } from '../../contracts/ids';
import type { OpenLog } from '../../sandbox/append-log';
import { ConditionsLog } from '../../sandbox/metrics/conditions-log';
import type { Organization } from '../../sandbox/organization';
import { simulatedClock, type SimulatedClock } from '../../sandbox/simulated-clock';
import { resourceTypes } from '../../sandbox/types';
import { World } from '../../sandbox/world';
import { readOrganizationFile } from '../discovery/organization-file';
import { FleetError } from '../errors';
import type { Clock } from '../ports';

/** A simulated organisation as who does not deploy sees it. */
export interface SandboxView {
  /** The organisation as it stands now; the same object as long as it has not changed. */
  readonly organization: () => Organization;
  /** When that was written, in real milliseconds: what it plants anew has stood since then. @default when it is read */
  readonly writtenAt?: () => number;
  readonly world: World;
  readonly log: ConditionsLog;
  readonly clock: SimulatedClock;
}

/** What the sandbox is looked at with. */
export interface SandboxViewOptions {
  /** Path of organization.yaml, read again when it has changed; or what gives the organisation as it stands, the same object while it is the same. */
  readonly organization: string | (() => Organization);
  /** Folder of the sandbox: the one that its engine has. */
  readonly directory: string;
  readonly clock: Clock;
  /** Fingerprints promoted so far, asked for when a fault with `release: new` is first read. */
  readonly promoted: () => readonly string[];
  /** The engine's, where one runs in this process. @default its own, which goes along with what others write */
  readonly world?: World;
  /** @default files */
  readonly openLog?: OpenLog;
}

/** Opens the sight of a simulated organisation. Throws `user/organization-file` where that file cannot be read. */
export function openSandboxView(options: SandboxViewOptions): SandboxView {
  const { directory, clock, promoted } = options;
  const organization = typeof options.organization === 'string' ? reread(options.organization) : options.organization;
  const { accounts, clock: speed, foreign } = organization();
  const time = simulatedClock(clock, speed.secondsPerSecond);
  const openLog = options.openLog === undefined ? {} : { openLog: options.openLog };
  const world =
    options.world ??
    new World({
      directory: join(directory, 'world'),
      types: new Map(resourceTypes.map((type) => [type.type, type])),
      now: () => time.realNow(),
      secondsBetween: (from, to) => time.secondsBetween(from, to),
      members: new Map(accounts.map((account) => [account.id, account])),
      foreign,
      ...openLog,
    });
  const log = new ConditionsLog({ path: join(directory, 'conditions.ndjson'), promoted, ...openLog });
  const { organization: path } = options;
  const written = typeof path === 'string' ? { writtenAt: () => statSync(path).mtimeMs } : {};
  return { organization, ...written, world, log, clock: time };
}

/** Notes what the organisation plants now, and gives it. */
export function noteConditions({ organization, log, clock, writtenAt }: SandboxView): Organization {
  const now = organization();
  log.note(now, clock.realNow(), { writtenAt: writtenAt?.() });
  return now;
}

/** Throws `aws/AccessDenied` where an account's role cannot be assumed. */
export function refuseInactive(account: AccountId, { accounts }: Organization): void {
  if (accounts.find(({ id }) => id === account)?.state !== 'ACTIVE')
    throw awsRefusal('AccessDenied', `sts:AssumeRole in account ${account} failed: it is not ACTIVE`);
}

/** What AWS would say, by its own error's name. */
export function awsRefusal(name: string, message: string): FleetError {
  return new FleetError(`aws/${name}`, message);
}

/** Reads a file again where its time or size differs: it is asked on every question. */
function reread(path: string): () => Organization {
  let known: { readonly stamp: string; readonly organization: Organization } | undefined;
  return () => {
    const stats = statSync(path, { throwIfNoEntry: false });
    const stamp = stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : '';
    if (known?.stamp !== stamp) known = { stamp, organization: readOrganizationFile(path) };
    return known.organization;
  };
}

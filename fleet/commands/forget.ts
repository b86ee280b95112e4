import { userError } from '../errors';
import { forgottenRecord, type TargetRecord, type Tombstone } from '../plan/target-record';
import { safeText } from '../report/terminal-text';

import { whoRuns } from './caller';
import { refuseOtherName } from './confirm-name';
import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { refuseUnfinished, underLease } from './control';
import { notDeployed } from './deployed-targets';
import { parseTarget } from './filters';
import { refuseHeld } from './live-lease';
import { whyNotReached } from './still-reached';

/** Flags of `forget`. */
export interface ForgetFlags {
  readonly config: string;
  readonly target: string;
  /** For the record: it is shown to whoever asks what became of the target. */
  readonly reason?: string;
  /** The fleet's name, typed. */
  readonly confirm?: string;
}

/**
 * Lets go of a target that cannot be reached any more: its account is closed or gone, its region disabled, its role cannot be had. Nothing is
 * deleted; a tombstone says who did it and why, and once the account is back its targets are new. Asks for the fleet's name first.
 */
export async function forget(flags: ForgetFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const records = await fleet.store.loadRecords();
  const standing = [...records.values()].filter(isKnown).map(({ target }) => target);
  const target = parseTarget(flags.target, standing);
  const reason = reasonOf(flags);
  const record = records.get(target.id);
  if (record?.forgotten) return forgotten(record, record.forgotten, 'already');
  if (record === undefined || !isKnown(record)) throw notDeployed(target.id, standing);
  await refuseHeld(fleet, context);
  await refuseUnfinished(fleet);
  const lost = await whyNotReached(target, fleet, context);
  await confirm({ flags, fleet, record, lost }, context);
  return underLease({ fleet, verb: 'forget', wait: false }, context, async (lease) => {
    await refuseUnfinished(fleet);
    const { store } = fleet;
    const now = new Map(await store.loadRecords());
    const last = now.get(target.id);
    if (last === undefined || !isKnown(last)) throw notDeployed(target.id, standing);
    const tombstone: Tombstone = { at: context.clock.now().toISOString(), by: (await whoRuns(fleet, context)).by, reason };
    now.set(target.id, forgottenRecord(last, tombstone));
    await lease.confirm();
    await store.saveRecords(now, (await store.rolloutIds()).at(-1) ?? null);
    return forgotten(last, tombstone, 'now');
  });
}

/** Whether anything of a target is, or may be, deployed. */
function isKnown({ good, current, dirty }: TargetRecord): boolean {
  return good !== null || current !== null || dirty;
}

function reasonOf({ reason = '' }: ForgetFlags): string {
  if (reason.trim() === '') throw userError('invalid-flag', '--reason is missing or empty: say why nothing can reach the target any more');
  return reason.trim();
}

interface Confirming {
  readonly flags: ForgetFlags;
  readonly fleet: OpenFleet;
  readonly record: TargetRecord;
  readonly lost: string;
}

async function confirm({ flags, fleet, record, lost }: Confirming, context: CommandContext): Promise<void> {
  const { name } = fleet.config;
  const deployed = record.current ?? record.good;
  const stands = deployed === null ? 'what stands there is not known' : `release ${deployed.release.slice(0, 12)} was deployed there`;
  context.reporter.report({
    level: 'info',
    code: 'forget-plan',
    message: `${record.target} cannot be reached: ${lost}. ${stands}; nothing of it is deleted, and nobody looks there any more`,
    target: record.target,
    data: { reason: lost, release: deployed?.release ?? null },
  });
  const typed = flags.confirm ?? (await context.ask(`forget ${record.target}? Type the fleet's name (${name}): `));
  refuseOtherName(typed, { name, nothing: 'nothing was forgotten' });
}

function forgotten({ target }: TargetRecord, { at, by, reason }: Tombstone, when: 'now' | 'already'): CommandOutcome {
  const text =
    when === 'already'
      ? `${target} was forgotten already, at ${at} by ${safeText(by)}: ${safeText(reason)}`
      : `${target} is forgotten: ${safeText(reason)}\nnothing of it was deleted, and what stands there is looked at by nobody; should its account come back, fleet plan shows it as new, and fleet rollout takes over what stands`;
  return { exitCode: 0, text, data: { version: 1, target, forgotten: { at, by, reason } } };
}

import type { TargetRecords } from '../plan/target-record';
import { carryRequest } from '../rollout/carry-request';
import { commit } from '../rollout/commit';
import type { DriverPorts, RolloutRequest } from '../rollout/driver-ports';
import { replayRollout } from '../rollout/replay-rollout';
import type { KeptRollout } from '../state/fleet-store';
import { idOf, readInbox } from '../state/inbox';
import type { JournalEntry } from '../state/journal-entry';

import { unproven, type ClaimedPerson } from './caller';
import type { CommandContext, OpenFleet } from './context';
import { parseRequest } from './parse-request';
import { startOf } from './start-of';

/**
 * Reads the rollout's inbox; a message that cannot be read, or is not by whom it says, is told once and passed over: who may write messages may
 * write them for himself alone.
 */
export function requestsOf({ store, config }: OpenFleet, id: string, context: CommandContext): DriverPorts['requests'] {
  const unreadable = new Set<string>();
  const roleId = config.organization.source === 'aws' ? roleIds(config.homeRegion) : undefined;
  return async (known) => {
    const items = await readInbox(store.objects, store.rolloutPrefix(id), {
      known: new Set([...known, ...unreadable]),
      parse: parseRequest,
    });
    const requests: RolloutRequest[] = [];
    for (const item of items) {
      const reason = item.kind === 'unreadable' ? item.reason : await unprovenRequest(item.message, roleId);
      if (item.kind === 'message' && reason === null) requests.push(item.message);
      if (reason === null) continue;
      unreadable.add(idOf(item.key));
      context.reporter.report({
        level: 'warning',
        code: 'request-unreadable',
        message: `request ${item.key} is passed over: ${reason}`,
      });
    }
    return requests;
  };
}

function unprovenRequest({ by, from }: RolloutRequest, roleId: ClaimedPerson['roleId']): Promise<string | null> {
  return from === undefined
    ? Promise.resolve(`it says that it is by ${by}, and is among nobody's messages`)
    : unproven({ by, from, roleId });
}

/** Asked once for each role. */
function roleIds(region: string): (name: string) => Promise<string | null> {
  const asked = new Map<string, Promise<string | null>>();
  const ask = async (name: string) => {
    const [{ roleId }, { IAMClient }] = await Promise.all([import('../aws/role-id'), import('@aws-sdk/client-iam')]);
    return roleId(new IAMClient({ region, maxAttempts: 2 }), name);
  };
  return (name) => {
    const answer = asked.get(name) ?? ask(name);
    asked.set(name, answer);
    return answer;
  };
}

/**
 * What to write down of the requests that came while nobody drove the rollout, before somebody does: one that waits for a person would be
 * left again before its driver looks.
 */
export async function pendingRequests(
  kept: Pick<KeptRollout, 'id' | 'plan' | 'entries'>,
  { fleet, records }: { readonly fleet: OpenFleet; readonly records: TargetRecords },
  context: CommandContext,
): Promise<readonly JournalEntry[]> {
  const start = startOf(kept.entries);
  const known = new Set(start.events.flatMap((event) => ('message' in event && event.message !== null ? [event.message] : [])));
  let state = replayRollout({ plan: kept.plan, ...start });
  const current = new Map(records);
  const written: JournalEntry[] = [];
  for (const request of await requestsOf(fleet, kept.id, context)(known)) {
    const at = context.clock.now().toISOString();
    const event = carryRequest(request, { state, at, reporter: context.reporter, planDigest: kept.plan.digest });
    const committed = commit([{ event }], { state, records: current });
    written.push(...committed.written);
    state = committed.state;
    for (const [target, record] of committed.records) current.set(target, record);
  }
  return written;
}

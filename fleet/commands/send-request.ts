import { FleetError, userError } from '../errors';
import { reportText } from '../report/report-text';
import { reportOf, type RolloutReport } from '../report/rollout-report';
import { approvalFor } from '../rollout/approve';
import { carryRequest } from '../rollout/carry-request';
import { commit } from '../rollout/commit';
import type { RolloutRequest } from '../rollout/driver-ports';
import type { RolloutEvent } from '../rollout/state';
import type { KeptRollout } from '../state/fleet-store';
import { messageId, postMessage } from '../state/inbox';
import { mayNotWrite } from '../state/may-not-write';

import { whoRuns } from './caller';
import type { CommandContext, CommandOutcome, OpenFleet } from './context';
import { continueRollout, controllerOf, replay, underLease } from './control';
import { keptRollout } from './kept-rollout';
import { controllerOfRollout } from './live-lease';
import { startOf } from './start-of';

/** A request without what is the same for all. */
export type RequestContent = RolloutRequest extends infer One
  ? One extends RolloutRequest
    ? Omit<One, 'id' | 'by' | 'from'>
    : never
  : never;

interface Sending {
  readonly fleet: OpenFleet;
  readonly kept: KeptRollout;
  readonly request: RequestContent;
}

interface Written {
  readonly fleet: OpenFleet;
  readonly kept: KeptRollout;
  readonly request: RolloutRequest;
}

/** A running controller looks several times a second. */
const ANSWER_SECONDS = 15;
const LOOK_MS = 100;

/**
 * Brings a person's request to a rollout: to the controller that runs it, or where none does into its journal. Throws a user error where it
 * would do nothing, and `fleet/no-answer` where the controller does not take it.
 */
export async function sendRequest({ fleet, kept, request }: Sending, context: CommandContext): Promise<CommandOutcome> {
  const full = { ...request, id: messageId(context.clock.now()), ...(await whoRuns(fleet, context)) } as RolloutRequest;
  refusePointless(full, kept, context);
  const written = { fleet, kept, request: full };
  // A verb that holds the fleet for something else reads no inbox: it is waited for, or refused by its name, as any other holder is.
  if ((await controllerOfRollout(kept.id, fleet, context)) === null)
    return orLeft(written, context, () => (request.type === 'abort' ? abortDead(written, context) : writeItself(written, context)));
  await postMessage(fleet.store.objects, fleet.store.rolloutPrefix(kept.id), full);
  const event = await answerTo(full, { fleet, kept }, context);
  if (event === null)
    return orLeft({ ...written, isPosted: true }, context, () =>
      request.type === 'abort' ? abortDead({ fleet, kept }, context) : writeItself(written, context),
    );
  if (event.type === 'request-refused') throw userError('request-refused', event.reason);
  return told(full, { kept: await keptRollout(fleet, kept.id), driven: true }, context);
}

const POINTLESS: Readonly<Record<RolloutRequest['type'], string>> = {
  approve: 'there is nothing to approve',
  pause: 'there is nothing to pause',
  resume: 'there is nothing to go on with',
  abort: 'there is nothing to abort',
  limits: 'there are no limits to lower',
};

function refusePointless(request: RolloutRequest, kept: KeptRollout, context: CommandContext): void {
  const state = replay(kept);
  if (state.outcome !== null)
    throw userError('rollout-ended', `rollout ${kept.id} has ended (${state.outcome}): ${POINTLESS[request.type]}`);
  switch (request.type) {
    case 'approve': {
      if (request.planDigest !== kept.plan.digest)
        throw userError(
          'plan-changed',
          `rollout ${kept.id} runs plan ${kept.plan.digest.slice(0, 12)}, not ${request.planDigest.slice(0, 12)}: read that plan and approve it`,
        );
      const approval = approvalFor(state, { ...request, at: context.clock.now().toISOString() });
      if ('refused' in approval) throw userError('not-approvable', `rollout ${kept.id}: ${approval.refused}`);
      break;
    }
    case 'pause':
      if (state.paused !== null)
        throw userError('paused-already', `rollout ${kept.id} was paused already, by ${state.paused.by} at ${state.paused.at}`);
      break;
    case 'abort':
      if (state.halted?.kind === 'aborted') throw userError('aborted-already', `rollout ${kept.id} was ${state.halted.reason} already`);
      break;
    case 'limits': {
      const planned = kept.plan.limits;
      for (const [key, value] of Object.entries(request.limits)) {
        const most =
          key === 'perAccount' || key === 'perRegion'
            ? Math.max(...kept.plan.waves.map((wave) => wave.limits[key]), 1)
            : planned[key as 'maxConcurrent' | 'failureTolerance'];
        if (value > most)
          throw userError(
            'limit-too-high',
            `${key} ${value} is more than the ${most} of the plan: limits can only be lowered while a rollout runs`,
          );
      }
      break;
    }
    case 'resume':
      break;
    default:
      throw new Error(`unknown request ${String(request satisfies never)}`);
  }
}

/** Waits until the controller has written the request down; null where it has left meanwhile without a look at it. */
async function answerTo(
  request: RolloutRequest,
  { fleet, kept }: { readonly fleet: OpenFleet; readonly kept: KeptRollout },
  context: CommandContext,
): Promise<RolloutEvent | null> {
  for (let waited = 0; waited < ANSWER_SECONDS * 1000; waited += LOOK_MS) {
    const isDriven = (await controllerOfRollout(kept.id, fleet, context)) !== null;
    const now = await keptRollout(fleet, kept.id);
    const answer = startOf(now.entries).events.find((event) => 'message' in event && event.message === request.id);
    if (answer) return answer;
    if (!isDriven) {
      refusePointless(request, now, context);
      return null;
    }
    await context.clock.sleep(LOOK_MS, context.interrupt);
  }
  throw new FleetError(
    'fleet/no-answer',
    `the controller of rollout ${kept.id} did not take the request within ${ANSWER_SECONDS} s: it is kept, and taken by fleet resume ${kept.id}`,
  );
}

/**
 * Nobody drives the rollout, and who asks may not either, as whoever only operates: the request is left in its inbox for whoever goes on with it.
 * The lease is the first thing that is written, so that nothing has happened where that is denied.
 */
async function orLeft(
  { fleet, kept, request, isPosted = false }: Written & { readonly isPosted?: boolean },
  context: CommandContext,
  itself: () => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  try {
    return await itself();
  } catch (error) {
    if (!mayNotWrite(error)) throw error;
    if (!isPosted) await postMessage(fleet.store.objects, fleet.store.rolloutPrefix(kept.id), request);
    const report = reportOf(kept.id, kept.plan, { state: replay(kept), at: context.clock.now().toISOString(), driven: false });
    const text = `rollout ${kept.id}: ${request.type} by ${request.by} is left in its inbox, and taken by the next resume: fleet resume ${kept.id}, by somebody who may deploy`;
    return { exitCode: 0, text: `${text}\n\n${reportText(report)}`, data: report };
  }
}

/** Nobody drives the rollout: the verb takes the lease and writes the request down itself. */
async function writeItself({ fleet, kept, request }: Written, context: CommandContext): Promise<CommandOutcome> {
  return underLease({ fleet, verb: request.type, wait: true }, context, async (lease) => {
    const { writer, entries } = await fleet.store.openRollout(kept.id, lease.epoch);
    const state = replay({ ...kept, entries });
    const at = context.clock.now().toISOString();
    const event = carryRequest(request, { state, at, reporter: context.reporter, planDigest: kept.plan.digest });
    if (event.type === 'request-refused') throw userError('request-refused', event.reason);
    // What is to be run is run by whoever drives on; what was promoted by it is so from now on.
    const { written } = commit([{ event }], { state, records: await fleet.store.loadRecords() });
    await writer.append([controllerOf(lease, { verb: request.type, at }), ...written]);
    return told(request, { kept: await keptRollout(fleet, kept.id), driven: false }, context);
  });
}

/**
 * What was under way when its controller died must be settled before a rollout can end: it is driven to its end. Without a request: it is in
 * the inbox already.
 */
async function abortDead(
  { fleet, kept, request }: { readonly fleet: OpenFleet; readonly kept: KeptRollout; readonly request?: RolloutRequest },
  context: CommandContext,
): Promise<CommandOutcome> {
  const outcome = await continueRollout(
    { fleet, kept, to: 'only settle', options: { verb: 'abort', waitSeconds: null, ...(request && { request }) } },
    context,
  );
  // It was to end this way; what cannot be brought back is a failure all the same.
  return (outcome.data as RolloutReport).outcome === 'aborted' ? { ...outcome, exitCode: 0 } : outcome;
}

function told(
  request: RolloutRequest,
  { kept, driven }: { readonly kept: KeptRollout; readonly driven: boolean },
  context: CommandContext,
): CommandOutcome {
  const report = reportOf(kept.id, kept.plan, { state: replay(kept), at: context.clock.now().toISOString(), driven });
  const said = {
    approve: `approved; without a controller fleet resume ${kept.id} goes on`,
    pause: `paused; fleet resume ${kept.id} goes on`,
    resume: 'resumed',
    abort: 'aborted: what runs is let finish',
    limits: 'limits set',
  };
  return { exitCode: 0, text: `rollout ${kept.id} ${said[request.type]}\n\n${reportText(report)}`, data: report };
}

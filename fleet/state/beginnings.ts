import { FleetError, isFleetError } from '../errors';
import type { RolloutPlan } from '../plan/rollout-plan';
import { otherwiseText } from '../plan/told-config';
import type { ObjectStore } from '../ports';

import { fenced } from './fenced';
import { beginningBody, beginningDigest, beginningFrom, planFrom, type Beginning, type EarlierRollout } from './kept-plan';
import { journalDamaged, segmentKey, type JournalEnd } from './journal';
import { stateDamaged } from './state-damaged';

/** Apart from the journals: the ids are listed without walking those. */
const FOLDER = 'begun';
const JOURNALS = 'rollouts';
/** Sorts behind every character of a key. */
const LAST = '~';

/** The beginnings of all rollouts, each with its plan and a link to the one before. */
export class Beginnings {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /**
   * Ids of all rollouts, oldest first: they sort by time. Those after `after` only, where given. Throws `user/state-damaged` where a later
   * rollout has a journal and no beginning: whatever it did would pass for never done.
   */
  async ids(after?: string): Promise<readonly string[]> {
    const keys = await this.#objects.list(`${FOLDER}/`, after === undefined ? undefined : beginningKey(after));
    // What stands further below was put there by whoever may write to some other place, and is no beginning.
    const ids = keys.map((key) => key.slice(FOLDER.length + 1, -'.json'.length)).filter((id) => !id.includes('/'));
    await this.#refuseHeadless(ids.at(-1) ?? after);
    return ids;
  }

  /** Whether a rollout has begun. */
  async has(id: string): Promise<boolean> {
    return (await this.#objects.list(beginningKey(id))).length > 0;
  }

  /**
   * A rollout's beginning; undefined where there is none. Throws `user/state-damaged` where it is not as it was written, or a target is
   * configured otherwise than the plan's digest stands for, with the target and its setting.
   */
  async read(id: string): Promise<(Beginning & Pick<EarlierRollout, 'digest'>) | undefined> {
    const key = beginningKey(id);
    const found = await this.#objects.read(key);
    if (!found) return undefined;
    const beginning = beginningFrom(found.body, key);
    if (otherwiseText(beginning.plan) !== null)
      throw stateDamaged(key, otherwiseText(beginning.plan, await this.#keptPlan(beginning.plan.digest)) ?? '');
    return { ...beginning, digest: beginningDigest(found.body, key) };
  }

  /**
   * Throws where the rollout that one followed is gone or not as it was then, and where it says that it followed none though others were there:
   * only before rollouts were linked was none of them. `earlier`: what is known already; without it, the beginning alone is looked at.
   */
  async checkEarlier(
    { id, prev }: LinkedRollout,
    { ids, earlier }: { readonly ids: readonly string[]; readonly earlier?: ReadonlyMap<string, FollowedRollout> | undefined },
  ): Promise<void> {
    const before = ids[ids.indexOf(id) - 1];
    if (prev === null && before !== undefined)
      throw stateDamaged(beginningKey(id), `it says that it is the first rollout, and ${before} was before it`);
    if (prev === undefined && before !== undefined && (await this.read(before))?.prev !== undefined)
      throw stateDamaged(beginningKey(id), `it is linked to no rollout before it, and ${before} is`);
    if (!prev) return;
    if (!ids.includes(prev.id)) throw beginningGone(prev.id, `rollout ${id} followed it`);
    const known = earlier?.get(prev.id);
    if (known) checkFollowed({ id, prev }, known);
    else checkBeginning({ id, prev }, await this.digest(prev.id));
  }

  /** The rollout after one knows how that began and where its journal ended. What is wrong with itself is told where it is read. */
  async checkLater({ id, ids }: { readonly id: string; readonly ids: readonly string[] }, found: FollowedRollout): Promise<void> {
    const next = ids[ids.indexOf(id) + 1];
    if (next === undefined) return;
    const begun = await this.read(next).catch((error: unknown) => {
      if (isFleetError(error) && error.code === 'user/state-damaged') return undefined;
      throw error;
    });
    if (begun?.prev?.id === id) checkFollowed({ id: next, prev: begun.prev }, found);
  }

  /** The same plan, as it was kept before it began; undefined where it is not kept, or not whole either. */
  async #keptPlan(digest: string): Promise<RolloutPlan | undefined> {
    const key = planKey(digest);
    try {
      const found = await this.#objects.read(key);
      return found && planFrom(found.body, { key, digest });
    } catch {
      return undefined;
    }
  }

  /**
   * Keeps a rollout's beginning. Its id must sort behind all others, else what it deploys would be taken for older than it is:
   * `fleet/clock-behind`. Throws `fleet/fenced` where it has begun already. Gives its digest, which its journal follows.
   */
  async create(id: string, plan: RolloutPlan, endOf: (earlier: string) => Promise<JournalEnd | null>): Promise<string> {
    const last = (await this.ids()).at(-1);
    if (last !== undefined && id <= last)
      throw new FleetError('fleet/clock-behind', `rollout ${id} would come before ${last}, which began earlier: set this machine's clock`);
    const before = last === undefined ? null : { id: last, digest: await this.digest(last), journal: await endOf(last) };
    const key = beginningKey(id);
    const body = beginningBody(key, { plan, prev: before });
    if (!(await this.#objects.create(key, body))) throw fenced(`rollout ${id} has begun already`);
    return beginningDigest(body, key);
  }

  /** The digest of a beginning that is kept: what its journal and the next rollout follow. Errors as {@link read}'s. */
  async digest(id: string): Promise<string> {
    const key = beginningKey(id);
    return beginningDigest((await this.#objects.read(key))?.body ?? '', key);
  }

  /** Looks behind the last beginning alone: before it, the chain tells. */
  async #refuseHeadless(last: string | undefined): Promise<void> {
    const later = await this.#objects.list(`${JOURNALS}/`, last === undefined ? undefined : `${journalPrefix(last)}/${LAST}`);
    const id = later.find((key) => key.includes('/journal/'))?.split('/')[1];
    // It may have begun since its ids were listed.
    if (id === undefined || (await this.has(id))) return;
    throw beginningGone(id, `its journal ${journalPrefix(id)} is there`);
  }
}

/** Where a plan is kept, by its digest. */
export function planKey(digest: string): string {
  return `plans/${digest}.json`;
}

/** Where a rollout's journal and inbox are. */
export function journalPrefix(id: string): string {
  return `${JOURNALS}/${id}`;
}

/** A rollout is known to have begun, and nothing says how: `how` it is known. */
export function beginningGone(id: string, how: string): FleetError {
  return stateDamaged(beginningKey(id), {
    is: `gone: ${how}, so rollout ${id} has begun; restore it, or where nobody has it any more see docs/recovery.md ("A part of the state is gone or damaged")`,
  });
}

/** A rollout, and which one it says that it followed. */
export interface LinkedRollout extends Pick<Beginning, 'prev'> {
  readonly id: string;
}

interface Followed {
  readonly id: string;
  readonly prev: EarlierRollout;
}

/** What is known of a rollout that another one followed. */
export interface FollowedRollout {
  readonly digest: string;
  readonly end: JournalEnd | null;
}

/** Throws `user/state-damaged` where the beginning that a rollout followed is not the one that was there then. */
function checkBeginning({ id, prev }: Followed, digest: string): void {
  if (digest !== prev.digest) throw stateDamaged(beginningKey(prev.id), `it is not as it was when rollout ${id} began`);
}

/**
 * Throws where what a rollout followed is not as it was then: `user/state-damaged` for its beginning, `user/journal-damaged` for a journal
 * whose end is missing or another.
 */
function checkFollowed({ id, prev }: Followed, found: FollowedRollout): void {
  checkBeginning({ id, prev }, found.digest);
  const { journal } = prev;
  if (!journal || found.end?.checksum === journal.checksum) return;
  const last = found.end?.seq ?? 0;
  throw journalDamaged(
    segmentKey(journalPrefix(prev.id), last < journal.seq ? last + 1 : journal.seq),
    last < journal.seq
      ? `it is missing: the journal ended with segment ${journal.seq} when rollout ${id} began, and ends with ${last} now`
      : `it is not the end that the journal had when rollout ${id} began`,
  );
}

/** Where a rollout's beginning is kept. */
export function beginningKey(id: string): string {
  return `${FOLDER}/${id}.json`;
}

import { FleetError } from '../errors';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { ObjectStore } from '../ports';

import { fenced } from './fenced';
import { beginningBody, beginningDigest, beginningFrom, type Beginning, type EarlierRollout } from './kept-plan';
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
    const ids = keys.map((key) => key.slice(FOLDER.length + 1, -'.json'.length));
    await this.#refuseHeadless(ids.at(-1) ?? after);
    return ids;
  }

  /** Whether a rollout has begun. */
  async has(id: string): Promise<boolean> {
    return (await this.#objects.list(beginningKey(id))).length > 0;
  }

  /** A rollout's beginning; undefined where there is none. Throws `user/state-damaged` where it is not as it was written. */
  async read(id: string): Promise<(Beginning & Pick<EarlierRollout, 'digest'>) | undefined> {
    const key = beginningKey(id);
    const found = await this.#objects.read(key);
    return found && { ...beginningFrom(found.body, key), digest: beginningDigest(found.body, key) };
  }

  /**
   * Keeps a rollout's beginning. Its id must sort behind all others, else what it deploys would be taken for older than it is:
   * `fleet/clock-behind`. Throws `fleet/fenced` where it has begun already.
   */
  async create(id: string, plan: RolloutPlan): Promise<void> {
    const last = (await this.ids()).at(-1);
    if (last !== undefined && id <= last)
      throw new FleetError('fleet/clock-behind', `rollout ${id} would come before ${last}, which began earlier: set this machine's clock`);
    const before = last === undefined ? null : await this.#linkTo(last);
    if (!(await this.#objects.create(beginningKey(id), beginningBody(beginningKey(id), { plan, prev: before }))))
      throw fenced(`rollout ${id} has begun already`);
  }

  async #linkTo(id: string): Promise<EarlierRollout> {
    const key = beginningKey(id);
    return { id, digest: beginningDigest((await this.#objects.read(key))?.body ?? '', key) };
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

/** Throws `user/state-damaged` where a beginning links to one that is not there, or is not the one that was there then. */
export function checkLink(
  { id, prev }: Pick<Beginning, 'prev'> & { readonly id: string },
  known: { readonly has: (id: string) => boolean; readonly digestOf?: (id: string) => string | undefined },
): void {
  if (!prev) return;
  if (!known.has(prev.id)) throw beginningGone(prev.id, `rollout ${id} followed it`);
  const digest = known.digestOf?.(prev.id);
  if (digest !== undefined && digest !== prev.digest)
    throw stateDamaged(beginningKey(prev.id), `it is not as it was when rollout ${id} began`);
}

function beginningKey(id: string): string {
  return `${FOLDER}/${id}.json`;
}

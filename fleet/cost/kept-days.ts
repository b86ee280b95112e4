import * as z from 'zod';

import { digestOf } from '../digest';
import type { ObjectStore } from '../ports';
import { checkedKind, openObject, sealObject } from '../state/sealed';

import { oneCurrency } from './ask-costs';
import { filterOf, groupsOf } from './cost-cut';
import type { CostDay, CostDays, CostQuery } from './cost-source';
import { daysOf, type Day, type Period } from './days';
import { exactText, parseMoney } from './money';

interface KeptMonth {
  readonly currency: string | null;
  /** Account, value and exact amount of each item, by day. */
  readonly days: Readonly<Record<Day, readonly (readonly [string, string, string])[]>>;
}

const item = z.tuple([z.string(), z.string(), z.string()]);
const monthKind = checkedKind<KeptMonth>('costs', z.object({ currency: z.string().nullable(), days: z.record(z.string(), z.array(item)) }));

/** Closed days of a cut in the fleet's state, one object a month. What they hold never changes, so that whoever writes last loses nothing. */
export class KeptDays {
  readonly #objects: ObjectStore;
  readonly #prefix: string;

  /** `payer` is the account whose bill it is. */
  constructor(objects: ObjectStore, { cut, slice, payer }: Pick<CostQuery, 'cut' | 'slice'> & { readonly payer: string }) {
    this.#objects = objects;
    this.#prefix = `costs/${digestOf({ payer, groups: groupsOf(cut), filter: filterOf(cut, slice) ?? null }).slice(0, 32)}`;
  }

  /** The days of a period that are kept. */
  async read(period: Period): Promise<CostDays> {
    const wanted = new Set(daysOf(period));
    const days: CostDay[] = [];
    let currency: string | null = null;
    for (const month of monthsOf(period)) {
      const kept = (await this.#month(month)).content;
      currency = oneCurrency(currency, kept.currency);
      for (const [day, items] of Object.entries(kept.days)) {
        if (!wanted.has(day)) continue;
        days.push({
          day,
          estimated: false,
          items: items.map(([account, value, amount]) => ({ account, value, amount: parseMoney(amount) })),
        });
      }
    }
    return { days: days.sort((left, right) => (left.day < right.day ? -1 : 1)), currency };
  }

  /** Keeps days, in place of what is kept of them. */
  async keep({ days, currency }: CostDays): Promise<void> {
    const byMonth = new Map<string, CostDay[]>();
    for (const day of days) byMonth.set(day.day.slice(0, 7), [...(byMonth.get(day.day.slice(0, 7)) ?? []), day]);
    for (const [month, of] of byMonth) {
      const added = Object.fromEntries(
        of.map(({ day, items }) => [day, items.map(({ account, value, amount }) => [account, value, exactText(amount)] as const)]),
      );
      const key = this.#key(month);
      for (;;) {
        const { content, version } = await this.#month(month);
        const next: KeptMonth = { currency: oneCurrency(content.currency, currency), days: { ...content.days, ...added } };
        if ((await this.#objects.replace(key, sealObject(monthKind, { key, content: next }), version)) !== undefined) break;
      }
    }
  }

  async #month(month: string): Promise<{ readonly content: KeptMonth; readonly version: string | null }> {
    const key = this.#key(month);
    const found = await this.#objects.read(key);
    if (!found) return { content: { currency: null, days: {} }, version: null };
    return { content: openObject(monthKind, { key, body: found.body }), version: found.version };
  }

  #key(month: string): string {
    return `${this.#prefix}/${month}.json`;
  }
}

function monthsOf(period: Period): readonly string[] {
  return [...new Set(daysOf(period).map((day) => day.slice(0, 7)))];
}

/** One page of a listing; AWS may send an empty one that still has a `next`. */
export interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly next: string | undefined;
}

/** Every item of a listing: only a page without `next` is the last. Throws where AWS hands out a token it has just been given, which would never end. */
export async function allPages<Item>(read: (token: string | undefined) => Promise<Page<Item>>): Promise<readonly Item[]> {
  const items: Item[] = [];
  let token: string | undefined;
  do {
    const page: Page<Item> = await read(token);
    items.push(...(page.items ?? []));
    if (page.next !== undefined && page.next === token) throw new Error('AWS answered with the page token it was asked with');
    token = page.next === '' ? undefined : page.next;
  } while (token !== undefined);
  return items;
}

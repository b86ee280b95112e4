import type { Properties } from '../../../sandbox/resource-type';

/** Tags by key. */
export type TagMap = Record<string, string>;

export function tagsOf(properties: Properties): TagMap {
  return { ...(properties.tags as TagMap | undefined) };
}

export function tagList(tags: TagMap): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export function tagMap(list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined): TagMap {
  return Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Takes off and puts on what differs between what stands and what is wanted; nothing where nothing does. */
export async function retag(
  standing: { readonly inputs: Properties; readonly outputs: Properties },
  api: { readonly remove: (keys: string[]) => Promise<unknown>; readonly set: (tags: TagMap) => Promise<unknown> },
): Promise<void> {
  const [before, after] = [tagsOf(standing.outputs), tagsOf(standing.inputs)];
  const gone = Object.keys(before).filter((key) => !(key in after));
  const changed = Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
  if (gone.length > 0) await api.remove(gone);
  if (Object.keys(changed).length > 0) await api.set(changed);
}

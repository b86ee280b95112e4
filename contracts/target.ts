import * as z from 'zod';

import { accountIdSchema, regionSchema, type AccountId, type Region } from './ids';

/** The name of a layer, a row of the table in layers.ts. */
export type LayerName = string;

/** `<layer>/<account>/<region>`, with `/<part>` from the second part on. */
export type TargetId = string & z.core.$brand<'TargetId'>;

/** One stack: layer x account x region. `part` is 1 except where a layer shards one region over several stacks. */
export interface Target {
  readonly id: TargetId;
  readonly layer: LayerName;
  readonly account: AccountId;
  readonly region: Region;
  readonly part: number;
}

/** What makes a target, before it has an id. */
export interface TargetPlace {
  readonly layer: LayerName;
  readonly account: AccountId;
  readonly region: Region;
  readonly part?: number;
}

const targetIdPattern = /^([a-z][a-z0-9-]*)\/([^/]+)\/([^/]+)(?:\/([1-9]\d{0,3}))?$/;

/** Makes the target that stands at a place. */
export function targetAt(place: TargetPlace): Target {
  const part = place.part ?? 1;
  const id = `${place.layer}/${place.account}/${place.region}${part === 1 ? '' : `/${part}`}` as TargetId;
  return { id, layer: place.layer, account: place.account, region: place.region, part };
}

/** Text to {@link Target}; the issue names the text and the expected form. */
export const targetSchema = z.string().transform((text, context): Target => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const match = targetIdPattern.exec(text);
  if (!match) return refuse(`target ${JSON.stringify(text)} is not <layer>/<account>/<region>`);
  const [, layer, accountText, regionText, partText] = match;
  const account = accountIdSchema.safeParse(accountText);
  if (!account.success) return refuse(`target ${JSON.stringify(text)}: ${account.error.issues[0]?.message ?? ''}`);
  const region = regionSchema.safeParse(regionText);
  if (!region.success) return refuse(`target ${JSON.stringify(text)}: ${region.error.issues[0]?.message ?? ''}`);
  return targetAt({ layer: layer ?? '', account: account.data, region: region.data, ...(partText ? { part: Number(partText) } : {}) });
});

/** A target's id, checked and branded. */
export const targetIdSchema = targetSchema.transform((target) => target.id);

/** The Pulumi stack of a target, in the project named like its layer. */
export function stackName(target: Target): string {
  return `${target.account}.${target.region}${target.part === 1 ? '' : `.${target.part}`}`;
}

/** How another stack refers to a target's stack. `organization` is the literal word that Pulumi's own backends use. */
export function stackReferenceName(target: Target): string {
  return `organization/${target.layer}/${stackName(target)}`;
}

/** Stable order for anything listed: layer as given, then region, account, part. */
export function compareTargetIds(left: TargetId, right: TargetId): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

import { createHash } from 'node:crypto';

import * as z from 'zod';

import type { Properties } from '../../resource-type';

/** One published version of a function, as it was when it was published. */
export interface PublishedVersion {
  readonly version: string;
  readonly codeSha256: string;
  readonly description: string;
  readonly role: string;
  readonly deadLetterTarget: string | null;
  /** Hash over code and configuration: AWS publishes nothing where they equal the last version's. */
  readonly digest: string;
}

/**
 * Output under which a function keeps its published versions. AWS keeps them on its side and the provider never deletes one; the sandbox has
 * no other place for them, and aliases must be able to look them up.
 */
export const VERSIONS_OUTPUT = '__versions';

/** The unpublished state of a function. */
export const LATEST = '$LATEST';

const ledgerSchema = z.array(
  z.object({
    version: z.string(),
    codeSha256: z.string(),
    description: z.string(),
    role: z.string(),
    deadLetterTarget: z.string().nullable(),
    digest: z.string(),
  }),
);

/** Versions of a function so far, oldest first; empty where none was published. */
export function publishedVersions(outputs: Properties | undefined): readonly PublishedVersion[] {
  const ledger = ledgerSchema.safeParse(outputs?.[VERSIONS_OUTPUT]);
  return ledger.success ? ledger.data : [];
}

/** What a version freezes. `configuration` is everything that UpdateFunctionConfiguration takes: no tags, no reserved concurrency. */
export interface FunctionState {
  readonly codeSha256: string;
  readonly description: string;
  readonly role: string;
  readonly deadLetterTarget: string | null;
  readonly configuration: Properties;
}

/** Whether and why the provider calls PublishVersion. */
export interface PublishDecision {
  readonly publish: boolean;
  /** `publish` as it was before; undefined on create. */
  readonly published: boolean | undefined;
  readonly changed: boolean;
  /** The last number that a function of this name had which is deleted: Lambda uses none twice. */
  readonly used: number;
}

/**
 * The ledger after a create or update, as the provider's update ends: it publishes where `publish` is set and code, configuration or
 * `publish` itself changed, and AWS then makes a version only if it would differ from the last one.
 */
export function nextVersions(
  ledger: readonly PublishedVersion[],
  state: FunctionState,
  decision: PublishDecision,
): readonly PublishedVersion[] {
  if (!decision.publish || (!decision.changed && decision.published === true)) return ledger;
  const digest = digestOf(state);
  const last = ledger.at(-1);
  if (last?.digest === digest) return ledger;
  const version = String((last === undefined ? decision.used : Number(last.version)) + 1);
  const { codeSha256, description, role, deadLetterTarget } = state;
  return [...ledger, { version, codeSha256, description, role, deadLetterTarget, digest }];
}

function digestOf(state: FunctionState): string {
  return createHash('sha256')
    .update(canonical({ code: state.codeSha256, configuration: state.configuration }))
    .digest('hex');
}

/** JSON with sorted keys: the order in which a program names its properties must not look like a change. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
}

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { linesOf, namesIn } from './read-fleet';

/** How many resources of a stack stand. */
export interface StackSize {
  readonly now: number;
  /** Of these, those that a destroy takes: neither protected nor what something protected stands on. */
  readonly unprotected: number;
}

interface StackResource {
  readonly urn: string;
  readonly protect?: boolean;
  readonly parent?: string | null;
  /** As an urn, or as Pulumi's checkpoints have it, with its id behind. */
  readonly provider?: string | null;
  readonly dependencies?: readonly string[];
}

interface StackLine {
  readonly done?: StackResource;
  readonly gone?: StackResource;
}

/** By target, as the engine itself keeps them, the simulated one or the real CLI; a stack of which nothing is left may be none. */
export function stackSizes({ sandbox, pulumi }: { readonly sandbox: string; readonly pulumi: string }): ReadonlyMap<string, StackSize> {
  return new Map([
    ...sizesIn(join(sandbox, 'stacks'), '.ndjson', standingOf),
    ...sizesIn(join(pulumi, '.pulumi/stacks'), '.json', checkpointOf),
  ]);
}

function sizesIn(
  folder: string,
  ending: string,
  read: (path: string) => readonly StackResource[],
): readonly (readonly [string, StackSize])[] {
  return (existsSync(folder) ? readdirSync(folder) : []).flatMap((layer) =>
    namesIn(join(folder, layer), ending).map((file) => {
      const target = `${layer}/${file.slice(0, -ending.length).replace('.', '/')}`;
      return [target, sizeOf(read(join(folder, layer, file)))] as const;
    }),
  );
}

function standingOf(path: string): readonly StackResource[] {
  const standing = new Map<string, StackResource>();
  for (const { done, gone } of linesOf(path) as readonly StackLine[]) {
    if (done) standing.set(done.urn, done);
    if (gone) standing.delete(gone.urn);
  }
  return [...standing.values()];
}

function checkpointOf(path: string): readonly StackResource[] {
  const { checkpoint } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly checkpoint: { readonly latest?: { readonly resources?: readonly StackResource[] } };
  };
  return checkpoint.latest?.resources ?? [];
}

function sizeOf(resources: readonly StackResource[]): StackSize {
  const standing = new Map(resources.map((one) => [one.urn, one]));
  const kept = new Set<string>();
  const keep = (urn: string | null): void => {
    const resource = urn === null ? undefined : (standing.get(urn) ?? standing.get(urn.replace(/::[^:]*$/, '')));
    if (!resource || kept.has(resource.urn)) return;
    kept.add(resource.urn);
    [resource.parent ?? null, resource.provider ?? null, ...(resource.dependencies ?? [])].forEach(keep);
  };
  for (const { urn, protect } of standing.values()) if (protect === true) keep(urn);
  return { now: standing.size, unprotected: [...standing.keys()].filter((urn) => !kept.has(urn)).length };
}

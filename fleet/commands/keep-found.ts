import { isDeepStrictEqual } from 'node:util';

import { layers } from '../../contracts/layers';
import { runInputsSchema } from '../../contracts/target-config';
import { targetSchema } from '../../contracts/target';
import type { TargetDifference } from '../engine/target-differences';
import type { TargetRecord } from '../plan/target-record';
import type { Engine, ReleaseHandle } from '../ports';

/** A setting of fleet.yaml, as one writes it there: `order.memoryMb: 512`. */
type Setting = string;

/** A setting that might make a found value so, and what the program would be told. */
interface Candidate {
  readonly setting: Setting;
  readonly settings: unknown;
}

/** What a setting is looked for with. */
export interface KeepSources {
  readonly engine: Pick<Engine, 'run'>;
  readonly releaseOf: (digest: string) => ReleaseHandle;
  readonly signal: AbortSignal;
}

/** Each costs a preview: seconds on the real engine. */
const MOST_TRIES_EACH = 3;
const MOST_TRIES = 12;

/** Finds settings that make found values so. Targets that differ in the same way are asked about once. */
export class KeepFinder {
  readonly #sources: KeepSources;
  readonly #known = new Map<string, Promise<Setting | null>>();
  #left = MOST_TRIES;

  constructor(sources: KeepSources) {
    this.#sources = sources;
  }

  /** The setting that leaves nothing to bring back at this place, as a preview shows; null: none is known. Never rejects. */
  find(record: TargetRecord, difference: TargetDifference): Promise<Setting | null> {
    const { type, name, path, deployed, found } = difference;
    const { layer } = targetSchema.parse(record.target);
    const key = JSON.stringify([layer, type, name, path, deployed, found]);
    const known = this.#known.get(key) ?? this.#tryAll(record, difference).catch(() => null);
    this.#known.set(key, known);
    return known;
  }

  async #tryAll(record: TargetRecord, difference: TargetDifference): Promise<Setting | null> {
    for (const candidate of candidatesFor(record, difference).slice(0, MOST_TRIES_EACH)) {
      if (this.#left === 0) return null;
      this.#left -= 1;
      if (await this.#leavesNothing(record, { difference, candidate })) return candidate.setting;
    }
    return null;
  }

  async #leavesNothing(
    { target: id, current, createdAt }: TargetRecord,
    { difference: { urn, path }, candidate }: { readonly difference: TargetDifference; readonly candidate: Candidate },
  ): Promise<boolean> {
    if (current === null || path === null) return false;
    const { engine, releaseOf, signal } = this.#sources;
    const servedBefore = [current.live, current.previous].filter((version) => typeof version === 'string');
    const job = {
      id: `keep/${id}`,
      target: targetSchema.parse(id),
      release: releaseOf(current.release),
      config: { ...current.config, settings: candidate.settings },
      run: runInputsSchema.parse({ createdAt, servedBefore }),
      fingerprint: current.fingerprint,
      purpose: 'forward',
      refresh: true,
    } as const;
    const result = await engine.run('preview', job, { signal, onEvent: () => undefined });
    const step = result.steps.find((one) => one.urn === urn);
    return result.status === 'succeeded' && (step === undefined || step.op === 'same' || !step.keys.includes(topOf(path)));
  }
}

/** Settings of a target that hold what was deployed and may hold what is found, by what fleet.yaml takes. Pure. */
export function candidatesFor({ target, current }: TargetRecord, { kind, deployed, found }: TargetDifference): readonly Candidate[] {
  const layer = layers.find(({ name }) => name === targetSchema.parse(target).layer);
  const settings = current?.config.settings;
  if (!layer || kind === 'gone' || !isScalar(deployed) || typeof found !== typeof deployed) return [];
  return leavesOf(settings).flatMap(({ path, value }) => {
    if (!isDeepStrictEqual(value, deployed)) return [];
    const written = Object.entries(layer.blocks).flatMap(([block, schema]) =>
      spellingsOf(path, found)
        .filter((spelling) => schema.safeParse(nested(spelling.path, spelling.value)).success)
        .map((spelling) => `${[block, ...spelling.path].join('.')}: ${JSON.stringify(spelling.value).replace(/^"(\w+)"$/, '$1')}`),
    );
    return written.slice(0, 1).map((setting) => ({ setting, settings: withValue(settings, { path, value: found }) }));
  });
}

/** A setting as the program is told it, and a time as fleet.yaml writes it. */
function spellingsOf(path: readonly string[], value: unknown): readonly { readonly path: readonly string[]; readonly value: unknown }[] {
  const last = path.at(-1) ?? '';
  const asTime = { path: [...path.slice(0, -1), last.replace(/Seconds$/, '')], value: `${String(value)}s` };
  return [{ path, value }, ...(last.endsWith('Seconds') ? [asTime] : [])];
}

function leavesOf(value: unknown, path: readonly string[] = []): readonly { readonly path: readonly string[]; readonly value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  if (Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

function nested([key = '', ...rest]: readonly string[], value: unknown): unknown {
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

function withValue(
  settings: unknown,
  { path: [key = '', ...rest], value }: { readonly path: readonly string[]; readonly value: unknown },
): unknown {
  const before = settings as Readonly<Record<string, unknown>>;
  return { ...before, [key]: rest.length === 0 ? value : withValue(before[key], { path: rest, value }) };
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}

function topOf(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

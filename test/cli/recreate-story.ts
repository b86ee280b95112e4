import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ProductCopy } from '../helpers/product-copy';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, rollOut } from './sandbox-fleet';
import { versionsThere } from './version-story';

/** The account of the story's only regional target. */
const ACCOUNT = '200000000001';

/** Types whose resources a destroy keeps. */
const DATA = ['aws:dynamodb/table:Table', 'aws:s3/bucket:Bucket', 'aws:cloudwatch/logGroup:LogGroup'];

interface Standing {
  readonly type: string;
  readonly key: string;
  readonly madeAt: number;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** All that stands in the account, as AWS has it. */
export function standingIn(fleet: FleetRunner): readonly Standing[] {
  const there = new Map<string, Standing>();
  // Buckets have names that are unique in the world, and stand in a file of their own.
  const files = fleet.files().filter((path) => [ACCOUNT, 'world'].some((name) => path.endsWith(`sandbox/world/${name}.ndjson`)));
  for (const line of files.flatMap((file) => readFileSync(join(fleet.directory, file), 'utf8').trim().split('\n'))) {
    const { put, removed } = JSON.parse(line) as {
      readonly put?: Standing & { readonly account: string };
      readonly removed?: { readonly slot: string };
    };
    if (put?.account === ACCOUNT) there.set(`${put.type}|${put.key}`, put);
    const [type = '', , ...key] = removed?.slot.split('|') ?? [];
    if (removed) there.delete(`${type}|${key.join('|')}`);
  }
  return [...there.values()];
}

const names = (all: readonly Standing[]) => all.map(({ type, key }) => `${type} ${key}`).sort();
const madeOf = (all: readonly Standing[]) =>
  Object.fromEntries(all.filter(({ type }) => DATA.includes(type)).map(({ type, key, madeAt }) => [`${type} ${key}`, madeAt]));
const created = (all: readonly Standing[]) => {
  const tags = all.find(({ key }) => key === 'orders-order')?.inputs.tags as Readonly<Record<string, string>> | undefined;
  return tags?.CreatedAt;
};

/** Destroys a target of which two releases were deployed and makes it again, first with its data kept and then with all of it gone. */
export async function destroyAndMakeAgain(fleet: FleetRunner) {
  changeMemory(fleet, 512);
  await rolledOut(fleet);
  const before = standingIn(fleet);
  const destroy = async (...flags: readonly string[]) => {
    const { exitCode, err } = await fleet.run('destroy', '--layer', 'regional', '--confirm', 'orders', ...flags);
    if (exitCode !== 0) throw new Error(err.join('\n'));
    return standingIn(fleet);
  };
  const kept = await destroy();
  const again = await rolledOut(fleet);
  const after = standingIn(fleet);
  const { live, environment, previous, published } = versionsThere(fleet);
  const unchanged = await rolledOut(fleet);
  const drift = await fleet.run('drift', '--json');
  const gone = await destroy('--delete-data');
  await rolledOut(fleet);
  const anew = standingIn(fleet);
  return {
    /** What a destroy leaves is what holds data, as it was made first. */
    kept: madeOf(kept),
    data: madeOf(before),
    others: names(kept).filter((name) => /Queue|Function|Alias|Role|Alarm/.test(name)),
    /** Made again under the same names, beside the data, with the first creation in its tags; then nothing changes any more. */
    counts: again.counts,
    names: { before: names(before), after: names(after), anew: names(anew) },
    afterwards: madeOf(after),
    createdAt: { before: created(before), after: created(after) },
    /** Lambda uses no number twice: the versions before were 1 and 2. */
    versions: { published, live, environment, previous },
    unchanged: unchanged.counts,
    drift: (drift.result as { readonly counts: unknown }).counts,
    left: names(gone),
    madeAnew: Object.entries(madeOf(anew)).every(([name, madeAt]) => madeAt > (madeOf(before)[name] ?? Infinity)),
  };
}

/** Holds what {@link destroyAndMakeAgain} saw against what any engine is to do. */
export function expectMadeAgain(seen: Awaited<ReturnType<typeof destroyAndMakeAgain>>): void {
  expect(Object.keys(seen.data)).toHaveLength(4);
  expect([seen.kept, seen.afterwards]).toEqual([seen.data, seen.data]);
  expect(seen.others).toEqual([]);
  expect(seen.counts).toMatchObject({ total: 3, succeeded: 2, unchanged: 1 });
  expect(seen.names.after).toEqual(seen.names.before);
  expect(seen.names.anew).toEqual(seen.names.before);
  expect(seen.createdAt.after).toBe(seen.createdAt.before);
  expect(seen.versions).toEqual({ published: '3', live: '3', environment: '3', previous: '3' });
  expect(seen.unchanged).toMatchObject({ total: 3, unchanged: 3 });
  expect(seen.drift).toEqual({ total: 3, clean: 3, drifted: 0, notChecked: 0 });
  expect([seen.left, seen.madeAnew]).toEqual([[], true]);
}

/** What any engine is to make of a release that would replace the table. */
export const replaceRefused = {
  irreversible: expect.arrayContaining(['replace aws:dynamodb/table:Table']) as string[],
  exitCode: 1,
  outcome: 'failed',
  error: 'pulumi/protected',
  changed: false,
};

async function rolledOut(fleet: FleetRunner) {
  const { exitCode, report, err } = await rollOut(fleet);
  if (exitCode !== 0) throw new Error(`${err.join('\n')} ${JSON.stringify(report.targets)}`);
  return report;
}

/** Changes of the program that would replace the orders table: the edit, and its two sides. */
export const replacements = [
  ['another key', "'orderId'", "'id'"],
  ['another name', 'name: args.tableName', 'name: `${args.tableName}-2`'],
] as const;

/** Rolls a release out that would replace the table. */
export async function tryToReplaceTheTable(fleet: FleetRunner, product: ProductCopy, edit: { readonly from: string; readonly to: string }) {
  const file = 'regional/orders-table.ts';
  product.editAll(file, edit.from, edit.to);
  const { result } = await fleet.run('build', '--source', product.directory, '--json');
  product.editAll(file, edit.to, edit.from);
  const { digest } = result as { readonly digest: string };
  const before = standingIn(fleet);
  const planned = await fleet.run('plan', '--preview', '--release', digest, '--json');
  const { irreversible } = planned.result as { readonly irreversible: readonly { readonly op: string; readonly type: string }[] };
  const { exitCode, report } = await rollOut(fleet, '--release', digest);
  const regional = report.targets.find(({ layer }) => layer === 'regional');
  return {
    irreversible: irreversible.map(({ op, type }) => `${op} ${type}`),
    exitCode,
    outcome: regional?.outcome,
    error: regional?.error?.code,
    changed: JSON.stringify(standingIn(fleet)) !== JSON.stringify(before),
  };
}

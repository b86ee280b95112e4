import type { TargetId } from '../../contracts/target';
import { mapBounded } from '../discovery/bounded';
import { readStack } from '../engine/read-stack';
import { messageOf } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { EngineStep } from '../ports';
import { openRelease } from '../release/release-folder';
import { textTable } from '../report/terminal-text';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { deployedQuery, deployedTargets, inLayerOrder } from './deployed-targets';
import { EXIT_HAS_CHANGES } from './exit-codes';
import type { FilterFlags } from './filters';
import { openEngine } from './open-ports';

/** Flags of `drift`. */
export interface DriftFlags extends FilterFlags {
  readonly config: string;
  readonly detailedExitcode?: boolean;
}

/** What was found of one target. What could not be looked at is never clean. */
export type TargetDrift =
  | {
      readonly id: TargetId;
      readonly state: 'clean' | 'drifted';
      readonly resources: readonly Pick<EngineStep, 'op' | 'type' | 'urn' | 'keys'>[];
    }
  | { readonly id: TargetId; readonly state: 'not checked'; readonly reason: string };

const AT_ONCE = 8;

/** What differs between what was deployed and what is there, without deploying. Exit 1 where a target could not be checked. */
export async function drift(flags: DriftFlags, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const chosen = deployedTargets(await fleet.store.loadRecords(), await deployedQuery(flags, fleet));
  return outcome(await findDrift(chosen, { fleet, context }), flags);
}

/** Holds deployed targets against what AWS has now, upstream layers first; changes nothing. What cannot be looked at is told, never thrown. */
export async function findDrift(
  chosen: readonly TargetRecord[],
  { fleet, context }: { readonly fleet: OpenFleet; readonly context: CommandContext },
): Promise<readonly TargetDrift[]> {
  await fleet.store.fetchReleases(chosen.flatMap(({ current }) => current?.release ?? []));
  const ports = await openEngine(fleet, context);
  try {
    const found = await mapBounded(chosen, AT_ONCE, (record) => look(record, { fleet, ports, context }));
    return [...found].sort((left, right) => inLayerOrder(left.id, right.id));
  } finally {
    await ports.close();
  }
}

async function look(
  record: TargetRecord,
  {
    fleet,
    ports,
    context,
  }: { readonly fleet: OpenFleet; readonly ports: Awaited<ReturnType<typeof openEngine>>; readonly context: CommandContext },
): Promise<TargetDrift> {
  const { target: id, current } = record;
  if (!current) return { id, state: 'not checked', reason: 'it is not deployed' };
  try {
    const releaseOf = (digest: string) => openRelease(fleet.store.releases, digest);
    const { steps } = await readStack(record, { engine: ports.engine, releaseOf, verb: 'drift' }, context.interrupt);
    const resources = steps.filter((step) => step.op !== 'same').map(({ op, type, urn, keys }) => ({ op, type, urn, keys }));
    return { id, state: resources.length > 0 ? 'drifted' : 'clean', resources };
  } catch (error) {
    return { id, state: 'not checked', reason: messageOf(error) };
  }
}

function outcome(found: readonly TargetDrift[], flags: DriftFlags): CommandOutcome {
  const count = (state: TargetDrift['state']) => found.filter((one) => one.state === state).length;
  const counts = { total: found.length, clean: count('clean'), drifted: count('drifted'), notChecked: count('not checked') };
  const rows = found.flatMap((one): (readonly string[])[] => {
    if (one.state === 'not checked') return [[one.id, 'NOT CHECKED', '', one.reason]];
    return one.resources.map((resource) => [
      one.id,
      resource.op === 'delete' ? 'gone' : 'changed',
      resource.urn.split('::').slice(-2).join(' '),
      resource.keys.join(', '),
    ]);
  });
  const text = [
    `${counts.clean} of ${counts.total} targets are as they were deployed, ${counts.drifted} drifted, ${counts.notChecked} not checked`,
    ...(rows.length > 0 ? [textTable(['TARGET', 'STATE', 'RESOURCE', 'WHAT'], rows)] : []),
  ].join('\n\n');
  const exitCode = counts.notChecked > 0 ? 1 : flags.detailedExitcode === true && counts.drifted > 0 ? EXIT_HAS_CHANGES : 0;
  return { exitCode, text, data: { counts, targets: found } };
}

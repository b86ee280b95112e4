import type { TargetId } from '../../contracts/target';
import { mapBounded } from '../discovery/bounded';
import { readStack } from '../engine/read-stack';
import { messageOf } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { EngineStep } from '../ports';
import { openRelease } from '../release/release-folder';
import { textTable } from '../report/terminal-text';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { deployedTargets, inLayerOrder, parseDeployedFilter } from './deployed-targets';
import { EXIT_HAS_CHANGES } from './exit-codes';
import type { FilterFlags } from './filters';
import { openEngine } from './open-ports';

/** Flags of `drift`. */
export interface DriftFlags extends FilterFlags {
  readonly config: string;
  readonly detailedExitcode?: boolean;
}

/** What was found of one target. What could not be looked at is never clean. */
type TargetDrift =
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
  const filter = parseDeployedFilter(flags);
  const chosen = deployedTargets(await fleet.store.loadRecords(), { filter });
  await fleet.store.fetchReleases(chosen.flatMap(({ current }) => current?.release ?? []));
  const ports = await openEngine(fleet, context);
  const found: TargetDrift[] = [];
  try {
    await mapBounded(chosen, AT_ONCE, async (record) => void found.push(await look(record, { fleet, ports, context })));
  } finally {
    await ports.close();
  }
  found.sort((left, right) => inLayerOrder(left.id, right.id));
  return outcome(found, flags);
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
    ...(counts.drifted > 0 ? ['next: fleet repair puts back what differs, through waves and gates'] : []),
  ].join('\n\n');
  const exitCode = counts.notChecked > 0 ? 1 : flags.detailedExitcode === true && counts.drifted > 0 ? EXIT_HAS_CHANGES : 0;
  return { exitCode, text, data: { counts, targets: found } };
}

import { findLayer } from '../../contracts/layers';
import { targetSchema, type Target, type TargetId } from '../../contracts/target';
import type { LetterSource } from '../dead-letters/dead-letters';
import type { TargetTrouble } from '../dead-letters/letter-report';
import { FleetError, toldError, userError } from '../errors';
import type { Engine } from '../ports';

import type { OpenFleet } from './context';
import { deployedQuery, deployedTargets, inLayerOrder } from './deployed-targets';
import { parseTarget, type FilterFlags } from './filters';

/** Deployed targets of layers that have dead letters and match the flags, in layer and id order. Throws a user error where none does. */
export async function targetsWithLetters(flags: FilterFlags, fleet: OpenFleet): Promise<readonly Target[]> {
  const chosen = deployedTargets(await fleet.store.loadRecords(), {
    ...(await deployedQuery(flags, fleet)),
    takes: hasDeadLetters,
    called: 'target with dead letters',
  });
  return chosen.map(({ target }) => targetSchema.parse(target)).sort((left, right) => inLayerOrder(left.id, right.id));
}

/** A target named on the command line that is deployed and has dead letters. */
export async function targetWithLetters(text: string, { store }: OpenFleet): Promise<Target> {
  const target = parseTarget(text);
  if (!hasDeadLetters(target)) throw userError('invalid-flag', `target ${target.id}: layer ${target.layer} has no dead letters`);
  if (((await store.loadRecords()).get(target.id)?.current ?? null) === null)
    throw userError('not-deployed', `${target.id} is not deployed; \`fleet dlq\` lists the targets that have dead letters`);
  return target;
}

/** Where a target's dead letters are, from its stack's outputs. Rejects where these do not tell. */
export async function letterSource(target: Target, engine: Engine): Promise<LetterSource> {
  const { outputs } = await engine.inspect(target);
  const place = findLayer(target.layer)?.deadLetters?.(outputs) ?? null;
  if (place === null)
    throw new FleetError(
      'fleet/outputs-unknown',
      `the outputs of ${target.id} do not tell where its dead letters are: fleet rollout --redeploy makes them anew`,
    );
  return { target, place };
}

/** Does something at a target; what is thrown becomes its trouble, unless the verb was interrupted. */
export async function atTarget<Value>(
  id: TargetId,
  { interrupt, work }: { readonly interrupt: AbortSignal; readonly work: () => Promise<Value> },
): Promise<{ readonly id: TargetId; readonly value: Value } | { readonly id: TargetId; readonly trouble: TargetTrouble }> {
  interrupt.throwIfAborted();
  try {
    return { id, value: await work() };
  } catch (error) {
    interrupt.throwIfAborted();
    return { id, trouble: toldError(error) };
  }
}

function hasDeadLetters({ layer }: Target): boolean {
  return (findLayer(layer)?.deadLetters ?? null) !== null;
}

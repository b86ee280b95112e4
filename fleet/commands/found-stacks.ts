import { mapBounded } from '../discovery/bounded';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../plan/target-record';
import type { Engine } from '../ports';
import { foundRecord } from '../rollout/found-record';

import type { CommandContext } from './context';

/** Stacks looked at together: a new fleet of a thousand targets has none, and each look is a few reads of the backend. */
const AT_ONCE = 20;

/**
 * Records of planned targets that have none though their stack stands: what the fleet knew was lost, or let go of, the engine's own state was not. Without
 * them such a target would pass for new: its first creation would be now, and nothing would be previewed before it is changed. Rejects where
 * a stack cannot be looked at: then nobody knows.
 */
export async function foundStacks(
  { targets }: Pick<RolloutPlan, 'targets'>,
  { engine, records, at }: { readonly engine: Pick<Engine, 'inspect'>; readonly records: TargetRecords; readonly at: string },
): Promise<readonly TargetRecord[]> {
  const isUnknown = (record: TargetRecord | undefined) => record === undefined || record.forgotten !== undefined;
  const unknown = targets.filter(({ target, wave }) => wave !== null && isUnknown(records.get(target.id)));
  const found = await mapBounded(unknown, AT_ONCE, async ({ target }) => {
    const record = foundRecord(target, { inspection: await engine.inspect(target), at });
    return record && { ...record, createdAt: records.get(target.id)?.createdAt ?? record.createdAt };
  });
  return found.filter((record) => record !== null);
}

/** Tells of stacks that stand though nothing is recorded of them: a person is to know that state was lost. */
export function tellFound(found: readonly TargetRecord[], { reporter }: Pick<CommandContext, 'reporter'>): void {
  const [first] = found;
  if (first === undefined) return;
  const others = found.length > 1 ? ` and ${found.length - 1} more stand` : ' stands';
  reporter.report({
    level: 'warning',
    code: 'stacks-found',
    message: `${first.target}${others}, and nothing is recorded of ${found.length > 1 ? 'them' : 'it'}: taken over, with the first creation that the tags tell`,
    data: found.map(({ target, createdAt }) => ({ target, createdAt })),
  });
}

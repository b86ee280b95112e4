import type { TargetId } from '../../contracts/target';
import { userError } from '../errors';
import type { PlannedTarget } from '../plan/rollout-plan';
import { fingerprintOf, upstreamDigests, type TargetRecords } from '../plan/target-record';
import type { ReleaseHandle } from '../ports';
import { safeText, textTable } from '../report/terminal-text';
import { foundRecord } from '../rollout/found-record';
import { servedBefore } from '../rollout/target-job';

import { type CommandContext, type CommandOutcome } from './context';
import { parseTarget } from './filters';
import { refuseLackingSecrets } from './known-secrets';
import { openEngine } from './open-ports';
import { makePlan, withKeptPlan, type MadePlan, type PlanFlags } from './plan';

/** The engine's own difference of one target; nothing is changed. Exit 1 where the program or AWS refuses it. */
export async function preview(flags: PlanFlags & { readonly target: string }, context: CommandContext): Promise<CommandOutcome> {
  const target = parseTarget(flags.target);
  const made = await makePlan({ config: flags.config, ...(flags.release === undefined ? {} : { release: flags.release }) }, context);
  const planned = made.plan.targets.find((one) => one.target.id === target.id);
  if (!planned)
    throw userError('unknown-target', `${target.id} is no target of this fleet; \`fleet plan --json\` lists them and what is excluded`);
  if (planned.blocked !== undefined) throw userError('invalid-target', `${target.id} is blocked: ${planned.blocked}`);
  refuseLackingSecrets([planned], made.secrets.known);
  const records = await made.store.loadRecords();
  const upstream = upstreamDigests(planned.config, records);
  const missing = planned.config.upstream.map((up) => up.target).filter((id) => upstream[id] === null);
  const unmet = planned.dependencies.find((dependency) => dependency.kind === 'hard' && missing.includes(dependency.target));
  if (unmet) throw userError('upstream-not-deployed', `${target.id} reads ${unmet.target}, which is not deployed yet: roll that out first`);
  return withKeptPlan(made, { context, work: (release) => previewOf(planned, { made, release, records, missing, upstream }, context) });
}

interface Previewing {
  readonly made: MadePlan;
  readonly release: ReleaseHandle;
  readonly records: TargetRecords;
  readonly missing: readonly TargetId[];
  readonly upstream: ReturnType<typeof upstreamDigests>;
}

async function previewOf(
  planned: PlannedTarget,
  { made, release, records, missing, upstream }: Previewing,
  context: CommandContext,
): Promise<CommandOutcome> {
  const { target } = planned;
  const { engine, close } = await openEngine(made, context);
  try {
    const at = context.clock.now().toISOString();
    const record = records.get(target.id) ?? foundRecord(target, { inspection: await engine.inspect(target), at });
    const result = await engine.run(
      'preview',
      {
        id: `preview/${target.id}`,
        target,
        release,
        config: planned.config,
        run: {
          createdAt: record?.createdAt ?? at,
          phase: 'full',
          publish: true,
          attempt: 1,
          missing,
          unprotect: 'nothing',
          servedBefore: servedBefore(planned, record),
        },
        fingerprint: fingerprintOf(planned.desired, upstream),
        purpose: 'forward',
      },
      { signal: context.interrupt, onEvent: () => undefined },
    );
    const steps = result.steps.filter((step) => step.op !== 'same');
    const { create, update, replace, delete: deleted, same } = result.changes;
    const summary = `${target.id}: ${create} to create, ${update} to update, ${replace} to replace, ${deleted} to delete, ${same} the same`;
    const table = textTable(
      ['', 'TYPE', 'NAME', 'CHANGED'],
      steps.map((step) => [step.op, step.type, step.name, step.keys.join(', ')]),
    );
    const error = result.status === 'failed' ? result.error : null;
    const text = [
      error ? safeText(`${target.id} cannot be deployed: ${error.message}${error.resource ? ` (${error.resource})` : ''}`) : summary,
      ...(steps.length > 0 ? [table] : []),
    ].join('\n\n');
    return { exitCode: error ? 1 : 0, text, data: { target: target.id, changes: result.changes, steps, error } };
  } finally {
    await close();
  }
}

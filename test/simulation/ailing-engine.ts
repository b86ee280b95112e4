import type { TargetId } from '../../contracts/target';
import { openSandbox } from '../../fleet/engine/sandbox/open-sandbox-engine';
import { noChanges, type Engine, type EngineResult } from '../../fleet/ports';

import { wasGivenUp } from './given-up';
import { organizationOf } from './fleet-model';
import { graphRenderer } from './graph-engine';
import { troublesOf } from './health-script';
import { layerGraph } from './layer-graph';
import type { Outside } from './outside';
import { plantedFaults } from './planted-faults';
import { TROUBLES_END, type Mishap, type Trouble } from './scenario';
import type { SimulatedProcess } from './simulated-process';

/** More engine runs than this by one controller, and it turns round and round. */
const MOST_RUNS = 1500;

/** How a stack is told that cannot be looked at. */
export const UNREADABLE = 'the stack cannot be read';

/** The engine as a process opens it, with all that ails it at the time: planted faults, a broken process, a locked or unreadable stack. */
export function ailingEngine(
  outside: Outside,
  process: SimulatedProcess,
  { mishap, promoted }: { readonly mishap: Mishap | undefined; readonly promoted: readonly string[] },
): Engine {
  const { figures, faults } = outside.step ?? { figures: undefined, faults: [] };
  if (!figures) throw new Error('no rollout has begun');
  const planted = plantedFaults(faults, { seconds: () => outside.sinceBegan(), onStrike: (kind) => outside.coverage.hit(`fault ${kind}`) });
  const { engine } = openSandbox({
    ...{ clock: process.clock, directory: '/simulated', promoted, openLog: outside.disk.openLog(() => process.alive) },
    organization: organizationOf(figures.accounts, planted.faults),
    render: (provider) => graphRenderer(provider, layerGraph),
  });
  planted.arm();
  let runs = 0;
  let operations = mishap?.kind === 'killed-in-engine' ? mishap.nth : 0;
  const ails = (kind: Trouble['kind'], target: TargetId) =>
    troublesOf(target, outside.script).some(
      (one) => one.kind === kind && one.from <= outside.sinceBegan() && outside.sinceBegan() < one.until,
    );
  return {
    name: 'sandbox',
    run: (action, job, options) =>
      process.through(async (): Promise<EngineResult> => {
        outside.note(`engine: ${action} ${job.id}`);
        runs += 1;
        if (action === 'up') outside.looks.run(process.identity.pid, job.target.id);
        if (runs > MOST_RUNS) {
          outside.no('liveness', `pid ${process.identity.pid} runs ${job.id} and the like over and over`);
          process.killHere();
        }
        if (ails('engine-throws', job.target.id)) {
          outside.coverage.hit('seen engine throws');
          throw new Error('the engine broke');
        }
        if (ails('engine-locked', job.target.id) && action === 'up') {
          outside.coverage.hit('seen engine locked');
          return {
            status: 'failed',
            changes: noChanges,
            steps: [],
            error: { code: 'pulumi/locked', message: 'the stack is locked', resource: null },
          };
        }
        const run = [job.id.split('/')[0], job.target.id, job.fingerprint, job.run.phase, job.purpose].join(' ');
        const again = action === 'up' && outside.succeeded.has(run);
        const result = await engine.run(action, job, {
          ...options,
          onEvent: (event) => {
            if (action === 'up' && job.purpose === 'forward' && event.kind === 'resource-started') outside.operated.add(job.target.id);
            operations -= 1;
            if (operations === 0 && mishap && outside.sinceBegan() <= TROUBLES_END) {
              outside.strike(mishap);
              process.killHere();
            }
            options.onEvent(event);
          },
        });
        if (again) {
          // A controller that slept between its lease and its engine begins what another has done: the engine must see it.
          if (result.status === 'failed' && result.error.code === 'fleet/fenced') outside.coverage.hit('seen engine overtaken');
          else outside.no('S5', `${job.id} is run though that has succeeded already`);
        }
        if (action === 'up' && result.status === 'succeeded') {
          // What ended while its controller slept may have been given up by another one before: that one cannot know.
          if (process.identity.pid < outside.pids && (await wasGivenUp(outside, job)))
            outside.coverage.hit('seen success of a lost attempt');
          else outside.succeeded.add(run);
        }
        return result;
      }),
    inspect: (target) =>
      process.through(async () => {
        if (ails('inspect-fails', target.id)) {
          outside.coverage.hit('seen inspect fails');
          outside.looks.note(process.identity.pid, target.id, false);
          throw new Error(UNREADABLE);
        }
        outside.looks.note(process.identity.pid, target.id, true);
        return engine.inspect(target);
      }),
    close: () => engine.close(),
  };
}

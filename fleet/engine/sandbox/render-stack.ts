import { RUN_INPUTS_KEY, TARGET_CONFIG_KEY } from '../../../contracts/target-config';
import { stackName } from '../../../contracts/target';
import type { SandboxProvider } from '../../../sandbox/provider';
import { renderProgram, type RecordedResource } from '../../../sandbox/recording-monitor';
import type { EngineJob, ReleaseHandle } from '../../ports';
import type { LayerProgram } from '../load-program';

import { assetHasher } from '../../../sandbox/asset-hash';
import type { StackResource } from './checkpoint';
import { StackPlanner, type PlannedStep } from './plan-stack';

type Outputs = Readonly<Record<string, unknown>>;

/** A stack to plan. */
export interface RenderRequest {
  readonly job: EngineJob;
  /** As deployed, by URN. */
  readonly prior: ReadonlyMap<string, StackResource>;
  /** Outputs of the stack that a reference names; undefined where it has none. */
  readonly stackOutputs: (this: void, reference: string) => Outputs | undefined;
}

/** What a stack is to become; secret outputs keep their signatures. */
export interface PlannedStack {
  readonly steps: readonly PlannedStep[];
  readonly outputs: Outputs;
}

/** Plans one stack: nothing is carried out. Rejects with what the program or the provider refuses. */
export type RenderStack = (request: RenderRequest) => Promise<PlannedStack>;

/** Where programs and their answers come from. */
export interface ProgramRendererOptions {
  readonly provider: SandboxProvider;
  /** Finds a layer's program in a release. */
  readonly loadProgram: (release: ReleaseHandle, layer: string) => LayerProgram;
}

/** Plans stacks by running a release's programs in this process. One at a time, since the SDK's run is process-wide. */
export function programRenderer({ provider, loadProgram }: ProgramRendererOptions): RenderStack {
  const programs = new Map<string, LayerProgram>();
  const hashAssets = assetHasher();
  let last: Promise<unknown> = Promise.resolve();
  const programOf = ({ release, target }: EngineJob): LayerProgram => {
    const key = `${release.digest}/${target.layer}`;
    const program = programs.get(key) ?? loadProgram(release, target.layer);
    programs.set(key, program);
    return program;
  };
  return ({ job, prior, stackOutputs }) => {
    const result = last.then(async () => {
      const planner = new StackPlanner({ target: job.target.id, provider, prior, hashAssets, stackOutputs });
      const { resources, outputs } = await renderProgram(programOf(job), {
        project: job.target.layer,
        stack: stackName(job.target),
        config: { [TARGET_CONFIG_KEY]: JSON.stringify(job.config), [RUN_INPUTS_KEY]: JSON.stringify(job.run) },
        answers: planner,
      });
      return { steps: [...componentSteps(resources, prior), ...planner.steps], outputs };
    });
    last = result.catch(() => undefined);
    return result;
  };
}

/** Components and the stack itself have no provider: they are noted so that `show` has the whole tree. */
function componentSteps(recorded: readonly RecordedResource[], known: ReadonlyMap<string, StackResource>): PlannedStep[] {
  return recorded
    .filter((resource) => !resource.custom)
    .map(({ urn, type, name, parent, aliases }) => {
      const prior = [urn, ...aliases].map((one) => known.get(one)).find((resource) => resource !== undefined);
      const next: StackResource = {
        ...{ urn, type, name, custom: false, parent, provider: null, protect: false, retainOnDelete: false, dependencies: [] },
        ...{ origin: urn, generation: 0, id: '', key: '', place: null, inputs: {}, outputs: {}, secretOutputs: [] },
      };
      return { op: prior ? 'same' : 'create', urn, type, name, keys: [], prior, next, deleteFirst: false, call: undefined };
    });
}

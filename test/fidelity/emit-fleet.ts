import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

import { foundationSettingsSchema } from '../../contracts/foundation';
import { observabilitySettingsSchema } from '../../contracts/observability';
import { regionalSettingsSchema } from '../../contracts/regional';
import { runInputsSchema } from '../../contracts/target-config';
import { openSandboxEngine } from '../../fleet/engine/sandbox/open-sandbox-engine';
import { programRenderer, type PlannedStack } from '../../fleet/engine/sandbox/render-stack';
import type { LayerProgram } from '../../fleet/engine/load-program';
import type { PlannedTarget } from '../../fleet/plan/rollout-plan';
import { createFoundation } from '../../foundation/create-foundation';
import { readConfig } from '../../layer-kit/read-config';
import { createObservability } from '../../observability/create-observability';
import { createRegional } from '../../regional/create-regional';
import { FakeClock } from '../fleet/engine/sandbox/test-sandbox';
import { planOf, smallFleet } from '../fleet/plan/plan-fixture';

import type { EmittedResource, EmittedShape, EmittedTarget } from './findings';
import { environment, type AccountData, type FleetData, type FleetShape } from './fleet-shapes';

/** All that the real programs ask of AWS for one shape: planned from fleet.yaml, then deployed into a sandbox of its own, layer after layer. */
export async function emitFleet(shape: FleetShape): Promise<EmittedShape> {
  const { regions = ['eu-west-1', 'us-east-1'], accounts = 2 } = shape;
  const { config, inventory, organization } = smallFleet({
    accounts,
    regions,
    fleet: (text) => {
      const fleet = parse(text) as FleetData;
      shape.fleet?.(fleet);
      return stringify(fleet);
    },
    organization: ({ accounts: raw }) => raw.forEach((account) => shape.account?.(account as AccountData)),
  });
  const { targets, excluded } = planOf({ config, inventory, secrets: () => ({ digest: 'd' }) });
  const blocked = targets.filter(({ wave }) => wave === null);
  if (blocked.length > 0) throw new Error(`shape ${shape.name}: ${JSON.stringify({ blocked, excluded })}`);

  const place = new Place(organization);
  try {
    const emitted: EmittedTarget[] = [];
    for (const target of inOrder(targets).filter(({ target: { layer } }) => layer === (shape.layer ?? layer)))
      emitted.push(await place.up(target));
    if (shape.secondRun)
      for (const target of targets.filter(({ target: { layer } }) => layer === 'regional'))
        emitted.push(await place.up(target, { code: 'b', run: shape.secondRun }));
    return { name: shape.name, targets: emitted };
  } finally {
    place.close();
  }
}

/** Each after all that it reads. */
function inOrder(targets: readonly PlannedTarget[]): readonly PlannedTarget[] {
  const done: PlannedTarget[] = [];
  let left = targets;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ target }) => target.id));
    const ready = left.filter(({ dependencies }) => dependencies.every(({ target }) => !waiting.has(target)));
    if (ready.length === 0) throw new Error(`${[...waiting].join(', ')} wait for each other`);
    done.push(...ready);
    left = left.filter((one) => !ready.includes(one));
  }
  return done;
}

interface Attempt {
  /** Stands for the functions' code. */
  readonly code?: string;
  readonly run?: FleetShape['secondRun'];
}

class Place {
  readonly #root = mkdtempSync(join(tmpdir(), 'fidelity-'));
  readonly #engine: ReturnType<typeof openSandboxEngine>;
  #planned: PlannedStack['steps'] = [];
  #code = 'a';
  #attempts = 0;

  constructor(organization: Parameters<typeof openSandboxEngine>[0]['organization']) {
    this.#engine = openSandboxEngine({
      organization,
      directory: join(this.#root, 'sandbox'),
      clock: new FakeClock(),
      promoted: [],
      render: (provider) => {
        const render = programRenderer({ provider, loadProgram: (_release, layer) => this.#program(layer) });
        return async (request) => {
          const planned = await render(request);
          this.#planned = planned.steps;
          return planned;
        };
      },
    });
  }

  async up({ target, config, desired }: PlannedTarget, { code = 'a', run = {} }: Attempt = {}): Promise<EmittedTarget> {
    this.#code = code;
    const result = await this.#engine.run(
      'up',
      {
        id: `fidelity/${target.id}#${(this.#attempts += 1)}`,
        target,
        release: { digest: code, directory: this.#root, manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7.48.0' } },
        config,
        run: runInputsSchema.parse({ createdAt: '2026-01-02T03:04:05.000Z', ...run }),
        fingerprint: desired,
        purpose: 'forward',
      },
      { signal: new AbortController().signal, onEvent: () => undefined },
    );
    if (result.status === 'failed') throw new Error(`${target.id}: ${result.error.code}: ${result.error.message}`);
    return { id: target.id, resources: this.#planned.flatMap(emittedOf) };
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #program(layer: string): LayerProgram {
    switch (layer) {
      case 'foundation':
        return async () => createFoundation({ ...readConfig('foundation', foundationSettingsSchema), environment });
      case 'regional':
        return async () =>
          createRegional({ ...readConfig('regional', regionalSettingsSchema), bundle: (name) => this.#bundle(name, this.#code) });
      case 'observability':
        return async () => createObservability(readConfig('observability', observabilitySettingsSchema));
      default:
        throw new Error(`layer ${layer} is emitted by nothing: give it a program here`);
    }
  }

  #bundle(name: string, code: string) {
    const directory = join(this.#root, code, name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'index.js'), `// ${code}`);
    return { directory, digest: code.repeat(64) };
  }
}

function emittedOf({ type, name, call }: PlannedStack['steps'][number]): readonly EmittedResource[] {
  return call && type.startsWith('aws:') ? [{ type, name, inputs: call.inputs }] : [];
}

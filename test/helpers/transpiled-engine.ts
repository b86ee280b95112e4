import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import type { PulumiEngine, PulumiEngineOptions } from '../../fleet/engine/pulumi/pulumi-engine';

/** The engine as transpiled: targets run in processes of their own, which load no TypeScript. */
export function transpiledEngine(options: PulumiEngineOptions): PulumiEngine {
  const file = resolve(__dirname, '../../dist/fleet/engine/pulumi/pulumi-engine.js');
  const { PulumiEngine: Engine } = createRequire(__filename)(file) as {
    readonly PulumiEngine: new (options: PulumiEngineOptions) => PulumiEngine;
  };
  return new Engine(options);
}

/** Body of a program that makes one resource. */
export const MAKE = `class Part extends pulumi.ComponentResource { constructor(name) { super('test:part:Part', name); } }\nnew Part('one');`;

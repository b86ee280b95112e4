import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

import type { EngineResult } from '../../fleet/ports';

/** What the engine did with one target. */
export type BroughtBack = EngineResult & { readonly target: string };

/** How a fleet is reached. */
export interface BringBackOptions {
  /** @default `up` */
  readonly action?: 'up' | 'preview';
  /** @default all that are deployed */
  readonly targets?: readonly string[];
  readonly attachProvider?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Runs a fleet's engine over what is deployed, reading first what AWS has. In a process of its own, which needs the transpiled fleet. */
export async function bringBack(file: string, options: BringBackOptions = {}): Promise<readonly BroughtBack[]> {
  const { action = 'up', targets = [], attachProvider = '', environment = process.env } = options;
  const script = resolve(__dirname, 'bring-back-main.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, file, action, attachProvider, ...targets], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_NO_WARNINGS: '1', ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as readonly BroughtBack[];
}

/** `update order-queue`, one for each step that changes something, sorted. */
export function changesOf(results: readonly BroughtBack[]): readonly string[] {
  return results.flatMap(({ steps }) => steps.filter(({ op }) => op !== 'same').map(({ op, name }) => `${op} ${name}`)).sort();
}

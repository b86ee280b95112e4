import { counted } from '../../contracts/counted';
import { safeText } from '../report/terminal-text';
import type { EngineResult, EngineStep } from '../ports';

import { bucketSettings } from './bucket-settings';
import {
  intentionOf,
  lookAtOrganization,
  succeeded,
  type LookPorts,
  type OrganizationLook,
  type PrepareInput,
} from './prepare-organization';

/** One call of AWS that would change something. */
export interface ForeseenCall {
  /** As IAM names the action. */
  readonly call: string;
  readonly on: string;
}

/** One resource that Pulumi would change. */
export type ForeseenResource = Pick<EngineStep, 'op' | 'type' | 'name' | 'keys'>;

/** What a run would do. */
export interface ForeseenBootstrap {
  readonly version: 1;
  readonly dryRun: true;
  /** In their order, before the program is run. */
  readonly calls: readonly ForeseenCall[];
  readonly resources: readonly ForeseenResource[];
}

/** Foresees the program; with no state where the bucket is not there yet. */
export type Preview = (look: OrganizationLook) => Promise<EngineResult>;

/** What `fleet bootstrap` would do now, and changes nothing: each call that it would make by itself, and each resource of the program. */
export async function foreseeOrganization(
  input: PrepareInput,
  { preview, ...ports }: LookPorts & { readonly preview: Preview },
): Promise<{ readonly foreseen: ForeseenBootstrap; readonly text: string }> {
  const look = await lookAtOrganization(input, ports);
  const { steps } = succeeded(await preview(look), `what organisation ${look.told.organization.id} would get is not known`);
  const resources = steps.filter(isChange).map(({ op, type, name, keys }) => ({ op, type, name, keys }));
  const foreseen: ForeseenBootstrap = { version: 1, dryRun: true, calls: foreseenCalls(look), resources };
  return { foreseen, text: textOf(look, foreseen) };
}

/** The calls that bootstrap makes itself, around the program. Pure. */
export function foreseenCalls({ told, found, off }: OrganizationLook): readonly ForeseenCall[] {
  const { bucket } = told.state;
  const set = bucketSettings.filter(({ name }) => found.missing.includes(name)).map(({ call }) => ({ call, on: bucket }));
  return [
    ...(found.exists ? [] : [{ call: 's3:CreateBucket', on: bucket }]),
    ...set,
    ...off.map(({ call }) => ({ call, on: `organisation ${told.organization.id}` })),
    // The lease, the owner's marks, and the program's own state.
    { call: 's3:PutObject', on: bucket },
    { call: 's3:DeleteObject', on: bucket },
  ];
}

function isChange({ op, type }: EngineStep): boolean {
  return op !== 'same' && type !== 'pulumi:pulumi:Stack';
}

function textOf(look: OrganizationLook, { calls, resources }: ForeseenBootstrap): string {
  return [
    intentionOf(look),
    'calls:',
    ...calls.map(({ call, on }) => `  ${call} ${on}`),
    resources.length === 0 ? 'no resource would change' : 'resources:',
    ...resources.map(({ op, type, name, keys }) => safeText(`  ${op} ${type} ${name}${op === 'update' ? ` (${keys.join(', ')})` : ''}`)),
    `nothing was changed: ${counted(calls.length, 'call')} and ${counted(resources.length, 'resource')} were foreseen`,
  ].join('\n');
}

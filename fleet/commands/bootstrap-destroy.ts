import type { OrganizationConfig } from '../../contracts/organization';
import { counted } from '../../contracts/counted';
import { FleetError, userError } from '../errors';
import type { TargetRecords } from '../plan/target-record';
import type { DeployedResource } from '../ports';

import type { BootstrapFlags, OpenBootstrap } from './bootstrap';
import { refuseOtherName } from './confirm-name';
import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { refuseUnfinished, underLease } from './control';
import { inspectOrganizationProgram, runOrganizationProgram } from './organization-program';

/**
 * Undoes what `fleet bootstrap` made for one fleet: roles, tag policy, budgets, monitors and topic; with `--delete-data` the state and its key as
 * well. What the organisation was given stays: trust and policy types are everybody's. Refused while targets stand. Asks for the fleet's name.
 */
export async function bootstrapDestroy(
  flags: BootstrapFlags,
  { config, file, place, ports }: OpenBootstrap,
  context: CommandContext,
): Promise<CommandOutcome> {
  const { lookAtOrganization, succeeded } = await import('../bootstrap/prepare-organization');
  const { told, found } = await lookAtOrganization({ config, file, bucket: place.bucket }, ports);
  if (!found.exists)
    throw userError('not-bootstrapped', `there is no bucket ${place.bucket} in account ${config.accounts.shared}: nothing was bootstrapped for fleet ${config.name}, or all of it is gone but, where a run was cut short, its key ${told.state.keyAlias}`); // prettier-ignore
  const fleet = await openFleet(flags.config);
  refuseStanding(await fleet.store.loadRecords());
  await refuseUnfinished(fleet);
  const withData = flags.deleteData === true;
  const { removalCalls, removeState } = await import('../bootstrap/state-removal');
  const intention = intentionOf(told, withData);
  const calls = withData ? removalCalls.map((call) => ({ call, on: call.startsWith('s3') ? place.bucket : told.state.keyAlias })) : [];
  if (flags.dryRun === true) {
    const foreseen = await standing({ told, fleet, place }, context);
    const lines = [
      ...foreseen.map(({ type, name, goes }) => `  ${goes ? 'delete' : 'keep'} ${type} ${name}`),
      ...calls.map(({ call, on }) => `  ${call} ${on}`),
    ];
    return {
      exitCode: 0,
      text: [intention, ...lines, 'nothing was changed'].join('\n'),
      data: { version: 1, dryRun: true, resources: foreseen, calls },
    };
  }
  context.reporter.report({ level: 'info', code: 'bootstrap-destroy', isText: true, message: intention, data: { config: told, calls } });
  const data = withData ? ' WITH ITS STATE' : '';
  const typed =
    flags.confirm ??
    (await context.ask(`destroy the preparation of fleet ${config.name}${data}? Type the fleet's name (${config.name}): `));
  refuseOtherName(typed, { name: config.name, nothing: 'nothing was destroyed' });
  const resources = await resourcesOf({ told, fleet, place }, context);
  const result = await underLease({ fleet, verb: 'bootstrap', wait: false }, context, async (lease) => {
    // Somebody may have deployed while this one asked.
    refuseStanding(await fleet.store.loadRecords());
    await refuseUnfinished(fleet);
    const signal = AbortSignal.any([context.interrupt, lease.lost]);
    const run = { ...fleet, choice: place.choice, signal };
    return runOrganizationProgram('destroy', { ...told, unprotect: 'identity' }, { run, context });
  });
  const { changes } = succeeded(result, `what was prepared for fleet ${config.name} is not all gone`);
  if (withData)
    await removeState(
      { ...(await ports.clients.sharedState()), bucket: place.bucket, keyAlias: told.state.keyAlias, keyArn: keyArnIn(resources) },
      context.interrupt,
    );
  const kept = withData ? [] : [`bucket ${place.bucket}`, `key ${told.state.keyAlias}`];
  const rest = withData ? `bucket ${place.bucket} is gone, and its key in 30 days` : `kept: ${kept.join(', ')}`;
  return {
    exitCode: 0,
    text: `the preparation of fleet ${config.name} is undone: ${counted(changes.delete, 'resource')} deleted; ${rest}. Trust in services and policy types stay as they are`,
    data: { version: 1, changes, kept },
  };
}

/** Throws where a target stands: without roles, nobody could ever reach it again. */
function refuseStanding(records: TargetRecords): void {
  const standing = [...records.values()].filter(({ current }) => current !== null);
  const [first] = standing;
  if (!first) return;
  throw new FleetError(
    'fleet/targets-stand',
    `${counted(standing.length, 'target')} of this fleet ${standing.length === 1 ? 'stands' : 'stand'} (${first.target}): destroy them with their data first (fleet destroy --delete-data), or let go of what cannot be reached (fleet forget)`,
  );
}

function intentionOf({ accounts, fleet, organization, state, ...config }: OrganizationConfig, withData: boolean): string {
  return [
    `organisation ${organization.id}: what was prepared for fleet ${fleet} goes:`,
    `  roles ${[config.previewRole, config.deployRole, config.operateRole].join(', ')}, their policies and the boundary, in every account of the StackSet`,
    `  tag policy; role ${config.costRole}, budgets, anomaly monitors and topic in account ${accounts.management}`,
    withData
      ? `  WITH ITS STATE: bucket ${state.bucket} with every version in it, and in 30 days key ${state.keyAlias} of account ${accounts.shared}`
      : `  kept: bucket ${state.bucket} and key ${state.keyAlias} of account ${accounts.shared}, closed as they are`,
    '  stays in any case: trust in services, policy types, StackSets in the organisation, activated cost tags',
  ].join('\n');
}

interface Standing {
  readonly told: OrganizationConfig;
  readonly fleet: OpenFleet;
  readonly place: OpenBootstrap['place'];
}

function resourcesOf({ told, fleet, place }: Standing, context: CommandContext): Promise<readonly DeployedResource[]> {
  return inspectOrganizationProgram(told, { run: { ...fleet, choice: place.choice, signal: context.interrupt }, context });
}

function keyArnIn(resources: readonly DeployedResource[]): string | null {
  const arn = resources.find(({ type }) => type === 'aws:kms/key:Key')?.outputs.arn;
  return typeof arn === 'string' ? arn : null;
}

/** What stands of the organisation's program, and whether it would go. */
async function standing(
  what: Standing,
  context: CommandContext,
): Promise<readonly { readonly type: string; readonly name: string; readonly goes: boolean }[]> {
  const resources = await resourcesOf(what, context);
  const given = new Set(['aws:cloudformation/stackSet:StackSet', 'aws:sns/topic:Topic']);
  return resources
    .filter(({ type }) => type.startsWith('aws:'))
    .map(({ type, name, protect }) => ({ type, name, goes: !protect || given.has(type) }));
}

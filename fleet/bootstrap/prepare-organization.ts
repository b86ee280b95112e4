import { organizationOutputsSchema, type OrganizationConfig, type OrganizationOutputs } from '../../contracts/organization';
import type { FleetConfig } from '../config/fleet-config';
import { FleetError } from '../errors';
import type { Changes, Clock, EngineResult, Reporter } from '../ports';

import type { BootstrapFile } from './bootstrap-file';
import type { AccessStep } from './organization-access';
import { organizationConfigOf, refuseOtherCaller } from './organization-config';
import type { OrganizationFacts } from './organization-facts';
import type { BucketFound } from './state-bucket';

/** What the preparation needs of the outside. */
export interface BootstrapPorts {
  readonly readFacts: () => Promise<OrganizationFacts>;
  readonly bucket: {
    look(): Promise<BucketFound>;
    complete(found: BucketFound, config: OrganizationConfig): Promise<void>;
  };
  /** What must be on in the organisation before its program is run. */
  readonly access: {
    look(): Promise<readonly AccessStep[]>;
    complete(missing: readonly AccessStep[], organization: { readonly rootId: string }): Promise<void>;
  };
  /** Runs the organisation's program, with its state in the bucket. */
  readonly deploy: (config: OrganizationConfig) => Promise<EngineResult>;
  /** Whether to go on. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly clock: Pick<Clock, 'now'>;
  readonly reporter: Reporter;
}

/** What is prepared, and for which fleet. */
export interface PrepareInput {
  readonly config: FleetConfig;
  readonly file: BootstrapFile;
  readonly bucket: string;
}

/** What came of it. */
export interface Prepared {
  readonly bucket: { readonly name: string; readonly made: boolean };
  readonly changes: Changes;
  readonly outputs: OrganizationOutputs;
}

/** What the organisation is, and what the preparation would tell its program. */
export interface OrganizationLook {
  readonly told: OrganizationConfig;
  readonly found: BucketFound;
  /** What is off and must be on. */
  readonly off: readonly AccessStep[];
}

/** What is asked before anything is made. */
export type LookPorts = Pick<BootstrapPorts, 'readFacts' | 'clock'> & {
  readonly bucket: Pick<BootstrapPorts['bucket'], 'look'>;
  readonly access: Pick<BootstrapPorts['access'], 'look'>;
};

/** Looks; changes nothing. Rejects where the credentials, the bucket or what the program would be told is refused. */
export async function lookAtOrganization({ config, file, bucket }: PrepareInput, ports: LookPorts): Promise<OrganizationLook> {
  const facts = await ports.readFacts();
  refuseOtherCaller(facts, file);
  const found = await ports.bucket.look();
  const off = await ports.access.look();
  const createdAt = found.createdAt ?? ports.clock.now().toISOString();
  return { told: organizationConfigOf({ config, file, facts, bucket, createdAt }), found, off };
}

/**
 * Prepares a real organisation: the state bucket, then the organisation's program. Nothing is written before the question is answered; null:
 * it was not confirmed. Rejects with the program's error where that fails: what was made stays, and the next run goes on from there.
 */
export async function prepareOrganization(input: PrepareInput, ports: BootstrapPorts): Promise<Prepared | null> {
  const { bucket } = input;
  const { told, found, off } = await lookAtOrganization(input, ports);
  ports.reporter.report({
    level: 'info',
    code: 'bootstrap',
    isText: true,
    message: intentionOf({ told, found, off }),
    data: { config: told, bucket: found, access: off },
  });
  if (!(await ports.confirm(`prepare organisation ${told.organization.id} for fleet ${told.fleet}? [y/N] `))) return null;

  if (!found.exists || found.missing.length > 0) {
    await ports.bucket.complete(found, told);
    const message = found.exists ? `bucket ${bucket} got what it lacked: ${found.missing.join(', ')}` : `bucket ${bucket} was made`;
    ports.reporter.report({ level: 'info', code: 'state-bucket', message, data: { bucket, missing: found.missing } });
  }
  if (off.length > 0) {
    await ports.access.complete(off, told.organization);
    const message = `turned on ${off.map(({ what }) => what).join(' and ')}`;
    ports.reporter.report({ level: 'info', code: 'organization-access', message, data: { access: off } });
  }
  const result = succeeded(await ports.deploy(told), `organisation ${told.organization.id} is not prepared`);
  return {
    bucket: { name: bucket, made: !found.exists },
    changes: result.changes,
    outputs: organizationOutputsSchema.parse(result.outputs),
  };
}

/** What a run of the program came to. Throws its error, with AWS's own code and the resource, where it failed. */
export function succeeded(result: EngineResult, otherwise: string): Extract<EngineResult, { readonly status: 'succeeded' }> {
  if (result.status === 'succeeded') return result;
  const { code, message, resource } = result.error;
  const where = resource === null ? '' : ` (${resource})`;
  throw new FleetError(code as `pulumi/${string}`, `${otherwise}: ${message}${where}`);
}

/** What would be made, for whom, for people. */
export function intentionOf({ told, found: { exists, missing }, off }: OrganizationLook): string {
  const { accounts, cost, homeRegion, organization, state, control, ...config } = told;
  const bucket = exists ? (missing.length > 0 ? `gets ${missing.join(', ')}` : 'is there') : `is made in ${homeRegion}`;
  const scope = organization.units.length > 0 ? `units ${organization.units.join(', ')}` : 'every member account';
  return [
    `organisation ${organization.id}, for fleet ${config.fleet}:`,
    `  state bucket ${state.bucket} in account ${accounts.shared} ${bucket}; key ${state.keyAlias}`,
    `  roles ${[config.previewRole, config.deployRole, config.operateRole].join(', ')} in ${scope}, by a service-managed StackSet`,
    `  who may assume them: ${control.roles.join(', ')}${control.operators.length > 0 ? `, and to look and operate ${control.operators.join(', ')}` : ''} of account ${control.account}`,
    ...off.map(({ what, call }) => `  turned on, for good: ${what} (${call})`),
    `  tag policy; role ${config.costRole}, anomaly alerts from ${cost.anomalies.thresholdUsd} $ and ${cost.budgets.accounts.length} budgets of ${cost.budgets.perAccountUsd} $ in account ${accounts.management}`,
  ].join('\n');
}

import { parse } from 'yaml';

import type { TargetId } from '../../../contracts/target';
import type { FleetConfig } from '../../../fleet/config/fleet-config';
import { initFiles } from '../../../fleet/config/init-files';
import { parseFleetConfig } from '../../../fleet/config/load-config';
import type { Inventory } from '../../../fleet/discovery/inventory';
import { recordedInventory } from '../../../fleet/discovery/recorded-source';
import { planRollout, type PlanInput } from '../../../fleet/plan/plan-rollout';
import type { RolloutPlan } from '../../../fleet/plan/rollout-plan';
import type { KnownSecrets } from '../../../fleet/plan/secret-digests';
import { fingerprintOf, upstreamDigests, type TargetRecord, type TargetRecords } from '../../../fleet/plan/target-record';
import { everything } from '../../../fleet/plan/target-filter';
import type { ReleaseManifest } from '../../../fleet/ports';
import { organizationSchema, type Organization } from '../../../sandbox/organization';

/** A small fleet as `fleet init` writes it, and what a test changes in it. */
export interface FleetOptions {
  readonly accounts?: number;
  readonly regions?: readonly string[];
  /** Changes fleet.yaml's text. */
  readonly fleet?: (text: string) => string;
  /** Changes the parsed organization.yaml before it is validated. */
  readonly organization?: (organization: RawOrganization) => void;
}

interface RawOrganization {
  accounts: (Record<string, unknown> & { id: string; tags: Record<string, string> })[];
}

/** The stages before planning, from text. */
export function smallFleet(options: FleetOptions = {}): {
  readonly config: FleetConfig;
  readonly inventory: Inventory;
  readonly organization: Organization;
} {
  const files = initFiles({
    name: 'orders',
    sandbox: true,
    accounts: options.accounts ?? 4,
    regions: options.regions ?? ['eu-west-1', 'us-east-1'],
  });
  const config = parseFleetConfig((options.fleet ?? ((text) => text))(files['fleet.yaml']), { path: '/somewhere/fleet.yaml' });
  const raw = parse(files['organization.yaml'] ?? '') as RawOrganization;
  options.organization?.(raw);
  const organization = organizationSchema.parse(raw);
  return {
    config,
    organization,
    inventory: recordedInventory(organization, { source: 'sandbox', regions: config.regions, takenAt: new Date(0) }),
  };
}

/** A release whose digests can be told apart by what a test changes. */
export function releaseOf(
  changes: { readonly program?: Readonly<Record<string, string>>; readonly lambda?: string; readonly provider?: string } = {},
): PlanInput['release'] {
  const layer = (name: string, lambdas: readonly string[]) => ({ digest: changes.program?.[name] ?? `${name}-1`, lambdas });
  const manifest: ReleaseManifest = {
    version: 1,
    layers: {
      foundation: layer('foundation', []),
      regional: layer('regional', ['order', 'dead-letter']),
      observability: layer('observability', []),
    },
    lambdas: { order: { digest: changes.lambda ?? 'order-1', bytes: 1 }, 'dead-letter': { digest: 'dead-letter-1', bytes: 1 } },
    providerVersion: changes.provider ?? '7.48.0',
  };
  return { digest: JSON.stringify(changes), manifest };
}

/** What is known of secrets where none is set. */
export const noSecrets: KnownSecrets = () => ({ unknown: 'is not set', advice: 'set it' });

/** Plans a fleet against records, with no filter unless given. */
export function planOf(input: Partial<PlanInput> & { readonly config: FleetConfig; readonly inventory: Inventory }): RolloutPlan {
  return planRollout({ release: releaseOf(), records: new Map(), filter: everything, secrets: noSecrets, ...input });
}

/** Records as they are after a plan was rolled out whole and every wave passed. Outputs are what `outputsOf` says: by default the same ones for ever. */
export function recordsAfter(
  plan: RolloutPlan,
  outputsOf: (target: TargetId) => string = (target) => `outputs of ${target}`,
): TargetRecords {
  const records = new Map<TargetId, TargetRecord>();
  for (const planned of plan.targets)
    records.set(planned.target.id, {
      target: planned.target.id,
      createdAt: '2026-01-01T00:00:00.000Z',
      good: null,
      current: null,
      dirty: false,
      traffic: 'settled',
      health: null,
      outputs: outputsOf(planned.target.id),
      seconds: 1,
    });
  for (const planned of plan.targets) {
    const upstream = upstreamDigests(planned.config, records);
    const deployment = {
      release: plan.release,
      desired: planned.desired,
      fingerprint: fingerprintOf(planned.desired, upstream),
      parts: planned.parts,
      upstream,
      config: planned.config,
      live: null,
      ...(planned.secrets && { secrets: planned.secrets }),
    };
    const record = records.get(planned.target.id);
    if (record) records.set(planned.target.id, { ...record, good: deployment, current: deployment });
  }
  return records;
}

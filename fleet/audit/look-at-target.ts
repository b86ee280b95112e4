import type { AuditedResource } from '../../contracts/audit/audited-stack';
import { logGroupPrefixes } from '../../contracts/names';
import { targetSchema } from '../../contracts/target';
import { readStack } from '../engine/read-stack';
import { messageOf } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { DeployedResource, Engine, ReleaseHandle } from '../ports';
import { findVersions, keepsVersions, type VersionSources } from '../versions/look-at-versions';

import type { NotAudited } from './audit-finding';
import type { LogGroups } from './log-groups';
import type { ObservedTarget } from './observed-target';

/** What targets are looked at with. */
export interface AuditSources {
  readonly engine: Engine;
  readonly versions: VersionSources;
  readonly logGroups: LogGroups;
  readonly releaseOf: (digest: string) => ReleaseHandle;
}

/** A target as far as it could be looked at. Null: not at all. */
export interface Looked {
  readonly observed: ObservedTarget | null;
  readonly notAudited: readonly NotAudited[];
}

/** Looks at one deployed target: its stack, what AWS has of it now, its versions, its log groups. Changes nothing. */
export async function lookAtTarget(record: TargetRecord, sources: AuditSources, signal: AbortSignal): Promise<Looked> {
  const { current } = record;
  const notAudited: NotAudited[] = [];
  const attempt = async <Value>(what: string, ask: () => Promise<Value>): Promise<Value | null> => {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      notAudited.push({ target: record.target, what, reason: messageOf(error) });
      return null;
    }
  };
  if (current === null) throw new Error(`${record.target} is not deployed`);
  const target = targetSchema.parse(record.target);
  const stack = await attempt('the stack', () => lookAtStack(record, sources, signal));
  if (stack === null) return { observed: null, notAudited };
  const versioned = keepsVersions(target);
  const found = versioned
    ? await attempt('its versions', () => findVersions({ record, resources: stack.inspected }, sources.versions))
    : null;
  const prefixes = logGroupPrefixes(current.config.fleet);
  const logGroups = versioned ? await attempt('its log groups', () => sources.logGroups.list(target, prefixes, signal)) : null;
  const observed = { record, config: current.config, ...stack.seen, unusedVersions: found?.decision.remove ?? null, logGroups };
  return { observed, notAudited };
}

async function lookAtStack(
  record: TargetRecord,
  { engine, releaseOf }: AuditSources,
  signal: AbortSignal,
): Promise<{
  readonly inspected: readonly DeployedResource[];
  readonly seen: Pick<ObservedTarget, 'resources' | 'drift' | 'compared' | 'outputs'>;
}> {
  const { inspection, steps } = await readStack(record, { engine, releaseOf, verb: 'audit' }, signal);
  const now = new Map(steps.map((step) => [step.urn, step]));
  const compared = inspection.resources.filter(({ type }) => type.startsWith('aws:'));
  const seen = {
    resources: compared.flatMap((resource): AuditedResource[] => {
      const { type, name, urn, protect, inputs, outputs } = resource;
      const step = now.get(urn);
      if (step?.op === 'delete') return [];
      return [{ type, name, urn, protect, properties: { ...outputs, ...inputs, ...step?.live } }];
    }),
    drift: steps.filter(({ op, type }) => op !== 'same' && type.startsWith('aws:')),
    compared: compared.length,
    outputs: inspection.outputs,
  };
  return { inspected: inspection.resources, seen };
}

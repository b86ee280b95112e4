import { deployRoleArn } from '../../contracts/names';
import { typesOfKind } from '../../contracts/footprint';
import type { Target } from '../../contracts/target';
import type { FaultBook } from '../../sandbox/fault-book';
import type { Organization } from '../../sandbox/organization';
import type { Place } from '../../sandbox/resource-type';
import { computeTokens } from '../../sandbox/types/common/compute-tokens';
import { monitoringTokens } from '../../sandbox/types/common/monitoring-tokens';
import type { World } from '../../sandbox/world';
import { refuseInactive } from '../gates/sandbox-view';

import type { PreflightSource, SharedPart } from './preflight-source';

/** What a simulated organisation is asked through. */
export interface SandboxPreflightParts {
  readonly world: World;
  readonly faults: FaultBook;
  readonly organization: Organization;
  /** Role that deploys, by path and name below `role/`. */
  readonly deployRole: string;
}

/** AWS's own numbers where no other ones were granted: alarms and tables of an account and region. */
const DEFAULT_QUOTAS = { alarms: 5000, tables: 2500 } as const;

const COUNTED = {
  alarms: [monitoringTokens.metricAlarm, monitoringTokens.compositeAlarm],
  tables: typesOfKind('table'),
} as const;

/**
 * What a simulated organisation has before a rollout. Its accounts have the boundary, which comes with the roles; how much code Lambda stores it
 * does not simulate.
 */
export function sandboxPreflight({ world, faults, organization, deployRole }: SandboxPreflightParts): PreflightSource {
  const enter = ({ account, region }: Target, signal: AbortSignal): Place => {
    signal.throwIfAborted();
    refuseInactive(account, organization);
    return { account, region, organizationId: organization.id };
  };
  return {
    deployRole: async (target, { signal }) => {
      signal.throwIfAborted();
      const arn = deployRoleArn(target.account, deployRole);
      const isActive = organization.accounts.find(({ id }) => id === target.account)?.state === 'ACTIVE';
      if (isActive && !faults.stands('role-missing', target.id)) return { kind: 'assumed', arn, account: target.account };
      return { kind: 'refused', arn, message: `AccessDenied: not authorized to perform: sts:AssumeRole on resource: ${arn}` };
    },
    boundary: async (target, { signal }) => {
      enter(target, signal);
      return true;
    },
    lambda: async (target, { signal }) => {
      const place = enter(target, signal);
      const limit = world.lambdaConcurrency(target.account);
      const reserved = world.list(computeTokens.function, place).map(({ outputs }) => outputs.reservedConcurrentExecutions);
      const taken = reserved.reduce<number>((sum, one) => sum + (typeof one === 'number' && one > 0 ? one : 0), 0);
      return { limit, unreserved: limit - taken, code: null };
    },
    quota: async (target, quota, { signal }) => {
      const place = enter(target, signal);
      const used = COUNTED[quota].reduce((sum, type) => sum + world.list(type, place).length, 0);
      return { limit: DEFAULT_QUOTAS[quota], used };
    },
    standing: async (target, names, { signal }) => {
      const place = enter(target, signal);
      return names.filter(({ kind, name }) => typesOfKind(kind).some((type) => world.find(type, name, place) !== undefined));
    },
    shared: async (target, { topics, keys }, { signal }) => {
      enter(target, signal);
      return sandboxShared(world, [...topics, ...keys]);
    },
    close: () => Promise.resolve(),
  };
}

/** Topics and keys of the simulated world, by ARN. */
export function sandboxShared(world: World, arns: readonly string[]): readonly SharedPart[] {
  return arns.map((arn) => {
    const there = world.byArn(arn);
    return { arn, state: there === undefined ? 'missing' : there.outputs.isEnabled === false ? 'disabled' : 'there' };
  });
}

import { fleetNameSchema, regionSchema, type Region } from '../../contracts/ids';
import { defaultDeployRole } from '../../contracts/names';
import { userProblems } from '../errors';

import { initOrganization, sandboxAccounts } from './init-organization';

/** What `fleet init` asks for. */
export interface InitOptions {
  /** Fleet and organisation of a trial without any AWS account. */
  readonly sandbox: boolean;
  /** Workload accounts of the sandbox, 1 to 5,000. */
  readonly accounts: number;
  readonly regions: readonly string[];
  readonly name: string;
}

/** File texts by name. */
export type InitFiles = Readonly<{ 'fleet.yaml': string; 'organization.yaml'?: string }>;

/** More accounts than any organisation has by default. */
const MAX_ACCOUNTS = 5000;

/** The files that `fleet init` writes: the same ones for the same options. Throws one `user/init` {@link FleetError} with every problem. */
export function initFiles(options: InitOptions): InitFiles {
  const regions = checked(options);
  if (!options.sandbox) return { 'fleet.yaml': awsFleet(options.name, regions) };
  return {
    'fleet.yaml': sandboxFleet(options.name, regions),
    'organization.yaml': initOrganization({ name: options.name, accounts: options.accounts, regions }),
  };
}

function checked(options: InitOptions): readonly Region[] {
  const problems: string[] = [];
  const collect = (issues: readonly { readonly message: string }[] = []) => problems.push(...issues.map((issue) => issue.message));
  collect(fleetNameSchema.safeParse(options.name).error?.issues);
  if (options.sandbox && !(Number.isInteger(options.accounts) && options.accounts >= 1 && options.accounts <= MAX_ACCOUNTS)) {
    problems.push(`accounts ${options.accounts} must be a whole number from 1 to ${MAX_ACCOUNTS}`);
  }
  if (options.regions.length === 0) problems.push('regions must name at least one region');
  const regions = options.regions.flatMap((text, index) => {
    const region = regionSchema.safeParse(text);
    collect(region.error?.issues);
    if (options.regions.indexOf(text) < index) problems.push(`region ${text} is there twice: remove one`);
    return region.success ? [region.data] : [];
  });
  if (problems.length > 0) {
    throw userProblems(
      'init',
      problems.map((message) => ({ message })),
    );
  }
  return regions;
}

/** A fleet may be called `true` or `null`, which YAML reads as something else unless quoted. */
const scalar = (text: string) => (['true', 'false', 'null'].includes(text) ? `"${text}"` : text);

const list = (regions: readonly Region[]) => regions.map((region) => `  - ${region}`).join('\n');

function sandboxFleet(name: string, regions: readonly Region[]): string {
  return `# A fleet to try out: organization.yaml is simulated, nothing here reaches AWS.
name: ${scalar(name)}
homeRegion: ${regions[0] ?? ''}
organization:
  source: sandbox
  path: organization.yaml
engine: sandbox
accounts:
  shared: "${sandboxAccounts.shared}"
  monitoring: "${sandboxAccounts.monitoring}"

# Also the order of a rollout.
regions:
${list(regions)}

# Every account under these units; its own CostCenter tag wins over the one below.
workloads:
  units:
    - Workloads/**
tags:
  Application: ${scalar(name)}
  Team: platform
  CostCenter: cc-100
  Environment: prod

# The order system. A change here is a change of every target.
order:
  memoryMb: 1024
  timeout: 30s

# One target first, then a tenth of them, then the rest. Bakes are seconds: the sandbox's time runs faster.
waves:
  - name: canary
    pick:
      count: 1
    bake: 2s
    failureTolerance: 0
  - name: early
    pick:
      percent: 10
    bake: 2s
  - name: rest
limits:
  maxConcurrent: 20
  perAccount: 2
  failureTolerance: "10%"
  mode: strict
rollback: wave
`;
}

function awsFleet(name: string, regions: readonly Region[]): string {
  return `# Edit what is in capitals or says 111111111111 and 222222222222, then run: fleet discover
name: ${scalar(name)}
homeRegion: ${regions[0] ?? ''}
organization:
  source: aws
engine: pulumi

# A folder beside this file works for one person; a bucket for a team.
# state: s3://YOUR-BUCKET/${name}
# backend: s3://YOUR-BUCKET/pulumi
# secretsProvider: awskms://alias/YOUR-KEY

# Quoted: YAML reads unquoted account ids as numbers.
accounts:
  shared: "111111111111"
  monitoring: "222222222222"
deployRole: ${defaultDeployRole(name)}

# Also the order of a rollout.
regions:
${list(regions)}
workloads:
  units:
    - Workloads/**
  exclude:
    accounts: []
    units: []

# Required of every resource; an account's own tags win over these.
tags:
  Application: ${scalar(name)}
  Team: YOUR-TEAM
  CostCenter: YOUR-COST-CENTRE
  Environment: prod
order:
  memoryMb: 1024
  timeout: 30s
alerts:
  sourceAccounts: organisation
  critical: []
  warning: []
waves:
  - name: canary
    pick:
      count: 1
    bake: 45m
    minOrders: 100
    failureTolerance: 0
  - name: early
    pick:
      percent: 10
    bake: 2h
  - name: rest
    approval: required
limits:
  maxConcurrent: 20
  perAccount: 2
  failureTolerance: "10%"
  mode: strict
  targetTimeout: 30m
rollback: wave

# When targets may start; a rollback never waits.
# windows:
#   timezone: Europe/Paris
#   allow:
#     - mon-thu 08:00-16:00
`;
}

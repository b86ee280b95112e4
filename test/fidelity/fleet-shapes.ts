import type * as z from 'zod';

import { MAX_TAGS, reservedTagKeys } from '../../contracts/tags';
import type { runInputsSchema } from '../../contracts/target-config';
import { knownRegions } from '../../contracts/regions';

/** fleet.yaml and organization.yaml as data, to be changed. */
export interface FleetData {
  name: string;
  regions: string[];
  tags: Record<string, string>;
  order: Record<string, unknown>;
  alerts?: Record<string, unknown>;
  monitoring?: Record<string, unknown>;
}

/** One account of organization.yaml as data. */
export type AccountData = Record<string, unknown> & { id: string; name: string; tags: Record<string, string> };

/** One way that a fleet can look. What is left out is as `fleet init` writes it. */
export interface FleetShape {
  readonly name: string;
  /** @default 2 */
  readonly accounts?: number;
  /** @default eu-west-1, us-east-1 */
  readonly regions?: readonly string[];
  readonly fleet?: (fleet: FleetData) => void;
  readonly account?: (account: AccountData) => void;
  /** Only this layer, where the sandbox lacks what the others would find on AWS. @default all */
  readonly layer?: string;
  /** Every regional target is then deployed a second time, with other code. */
  readonly secondRun?: z.input<typeof runInputsSchema>;
}

/** The environment of the programs: receivers whose address is a secret. */
export const receiverAddress = 'https://events.pagerduty.example.com/integration/0123456789abcdef0123456789abcdef/enqueue';
export const environment = { RECEIVER_URL: receiverAddress };

const order = (block: Record<string, unknown>) => (fleet: FleetData) => void (fleet.order = block);

/** As many as there may be beside those that the fleet sets itself, as long as keys and values may be. */
function longTags(): Record<string, string> {
  const value = 'ä/@=+-._: 9'.repeat(24).slice(0, 256);
  const required = ['Application', 'Team', 'CostCenter'];
  const free = Array.from({ length: MAX_TAGS - reservedTagKeys.length - required.length - 1 }, (_, index) =>
    `Tag ${index} ${'k'.repeat(128)}`.slice(0, 128),
  );
  return { Environment: 'prod', ...Object.fromEntries([...required, ...free].map((key) => [key, value])) };
}

const receivers = (topic: string) => [
  { https: { env: 'RECEIVER_URL' } },
  { https: `https://hooks.example.com/${topic}` },
  { lambda: 'arn:aws:lambda:eu-west-1:100000000002:function:page' },
  { email: `${topic}@example.com` },
];

/** The longest region names, and one of each part of the world. */
const manyRegions = [
  'eu-west-1',
  'us-east-1',
  'ap-southeast-2',
  'ap-northeast-3',
  'ca-central-1',
  'sa-east-1',
  'me-central-1',
  'il-central-1',
];
const [longestRegion = ''] = [...knownRegions.keys()].sort((one, other) => other.length - one.length);

/** What is held against AWS's models. Each stands for a kind of fleet. */
export const fleetShapes: readonly FleetShape[] = [
  { name: 'ordinary' },
  { name: 'customer keys', fleet: order({ encryption: 'customer' }) },
  { name: 'listed sources', accounts: 8, regions: ['eu-west-1'], fleet: (fleet) => (fleet.alerts = { sourceAccounts: 'listed' }) },
  { name: 'shared dashboard', fleet: order({ dashboard: 'shared' }) },
  { name: 'no dashboard, passive tracing', fleet: order({ dashboard: 'none', tracing: 'passThrough' }) },
  { name: 'small account', account: (account) => (account.lambdaConcurrency = 10) },
  { name: 'unreserved', fleet: order({ reservedConcurrencyPercent: 0 }) },
  {
    name: 'minima',
    fleet: (fleet) => {
      fleet.name = 'f';
      fleet.order = {
        ...{ memoryMb: 128, timeout: '1s', visibilityTimeout: '1s', logRetentionDays: 1, batchSize: 1, maxReceiveCount: 1 },
        ...{ alarms: { errorRatePercent: 0.1, slowOrderPercent: 0.1, oldestMessage: '60s', concurrencyPercent: 10 } },
      };
    },
  },
  {
    name: 'maxima: 20-character name, long tags',
    regions: ['eu-west-1', longestRegion],
    fleet: (fleet) => {
      fleet.name = 'twenty-letters-fleet';
      fleet.tags = longTags();
      fleet.order = {
        ...{ memoryMb: 10_240, timeout: '900s', visibilityTimeout: '12h', logRetentionDays: 3653, batchSize: 10, maxReceiveCount: 7 },
        ...{ encryption: 'customer', reservedConcurrencyPercent: 50 },
        ...{ alarms: { errorRatePercent: 5, slowOrderPercent: 50, oldestMessage: '1d', concurrencyPercent: 100 } },
      };
    },
    account: (account) => {
      account.tags = {};
      account.name = `${account.name} ${'ü & "friends" <x> '.repeat(3)}`.slice(0, 50).trim();
      account.lambdaConcurrency = 100_000;
    },
  },
  {
    name: 'a thousand receives',
    regions: ['eu-west-1'],
    fleet: order({ maxReceiveCount: 1000, timeout: '50s', visibilityTimeout: '300s' }),
  },
  { name: 'mid traffic shift', secondRun: { stableVersion: '1', canaryPercent: 10, servedBefore: ['1'] } },
  {
    name: 'receivers',
    fleet: (fleet) => (fleet.alerts = { critical: receivers('critical'), warning: receivers('warning').slice(1, 2) }),
  },
  { name: 'no heartbeat', regions: ['eu-west-1'], fleet: order({ heartbeat: false }) },
  { name: 'many regions', accounts: 1, regions: manyRegions },
  {
    name: 'a sink that exists',
    regions: ['eu-west-1'],
    layer: 'foundation',
    fleet: (fleet) =>
      (fleet.monitoring = { sinks: { 'eu-west-1': 'arn:aws:oam:eu-west-1:100000000003:sink/0a1b2c3d-0000-4000-8000-000000000000' } }),
  },
  { name: 'more members than one stack takes', accounts: 205, regions: ['eu-west-1'] },
];

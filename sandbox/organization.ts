import * as z from 'zod';

import { emailSchema } from '../contracts/email';
import { accountIdSchema, organizationIdSchema, regionSchema } from '../contracts/ids';
import { tagsSchema } from '../contracts/tags';

import { ledgerSchema } from './costs/ledger';

/** States of an account, as AWS Organizations names them. Only an ACTIVE one can be deployed to. */
export const accountStates = ['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED'] as const;

/** States of a region in an account, as AWS Account Management names them. */
export const regionStates = ['ENABLED', 'ENABLED_BY_DEFAULT', 'ENABLING', 'DISABLED', 'DISABLING'] as const;

/** What can be planted. The first seven strike resource operations; the others are states of a target while the fault stands. */
export const faultKinds = [
  'create-fails',
  'update-fails',
  'delete-fails',
  'throttle',
  'hang',
  'slow',
  'crash',
  'alarm',
  'gate-error',
  'no-traffic',
  'role-missing',
] as const;

/** Of these, the states: nothing counts or strikes, they are there while the fault is. */
export const lastingFaultKinds = [
  'alarm',
  'gate-error',
  'no-traffic',
  'role-missing',
] as const satisfies readonly (typeof faultKinds)[number][];

/** Simulated seconds per real second, unless `clock` says otherwise: a bake of one second covers whole alarm windows. */
const DEFAULT_SECONDS_PER_SECOND = 300;

/** Segments of a target's id, where `*` stands for one segment and `**` for any number. */
const targetPatternSchema = z
  .string({ error: 'target must be text such as regional/*/eu-west-1' })
  .regex(/^(\*{1,2}|[a-z0-9-]+)(\/(\*{1,2}|[a-z0-9-]+))*$/, {
    error: (issue) => `target ${JSON.stringify(issue.input)} is not a pattern of whole segments such as regional/*/eu-west-1 or **`,
  });

const accountSchema = z.strictObject({
  id: accountIdSchema,
  name: z.string().min(1).max(50),
  email: emailSchema.optional(),
  /** Path of organisational units below the root; empty: at the root itself. */
  unit: z
    .string()
    .regex(/^([^/]+(\/[^/]+)*)?$/, {
      error: (issue) => `unit ${JSON.stringify(issue.input)} must be names joined by single slashes, such as Workloads/Prod`,
    })
    .default('Workloads/Prod'),
  state: z.enum(accountStates).default('ACTIVE'),
  tags: tagsSchema.default({}),
  /** Only what differs from the default: opt-in regions are disabled, the others enabled. */
  regions: z.partialRecord(regionSchema, z.enum(regionStates)).default({}),
  /** Limit of concurrent Lambda executions, the same in every region. */
  lambdaConcurrency: z.number().int().min(0).max(1_000_000).default(1000),
});

const resourceTypeToken = z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+\/[A-Za-z0-9]+:[A-Za-z0-9]+$/, {
  error: (issue) => `on ${JSON.stringify(issue.input)} is not a resource type such as aws:sqs/queue:Queue`,
});

const faultSchema = z
  .strictObject({
    target: targetPatternSchema,
    kind: z.enum(faultKinds),
    /** Resource type it strikes; absent: any. */
    on: resourceTypeToken.optional(),
    /** Strikes per target; absent: always. */
    times: z.number().int().min(1).optional(),
    /** Matches that are let through first, per target. */
    after: z.number().int().min(0).default(0),
    /** Real seconds added to each matched operation. */
    seconds: z.number().min(0).max(86_400).optional(),
    phase: z.enum(['forward', 'rollback']).optional(),
    /** `new` spares the fingerprints promoted before the fault was first read. */
    release: z.literal('new').optional(),
  })
  .superRefine((fault, context) => {
    if (fault.kind === 'slow' && fault.seconds === undefined)
      context.addIssue({ code: 'custom', message: 'a slow fault needs seconds: how much longer each operation takes' });
  });

const percent = z.number().min(0).max(100);
const count = z.number().min(0).max(1_000_000);
const seconds = z.number().min(0).max(1_209_600);

/** What arrives at a target and what becomes of it. Of several rules that match, later ones win, key by key. */
const trafficSchema = z.strictObject({
  target: targetPatternSchema,
  ordersPerMinute: count.optional(),
  /** Share of the orders that fail, and that are slow. */
  failPercent: percent.optional(),
  slowPercent: percent.optional(),
  /** In place of `failPercent` for the version on trial while two versions share the orders. */
  versionOnTrialFailPercent: percent.optional(),
  /** Share of the invocations that crash or time out. */
  errorPercent: percent.optional(),
  /** Invocations that are throttled, in five minutes. */
  throttles: count.optional(),
  /** The most executions at once. */
  concurrency: count.optional(),
  /** The most executions at once of all other functions of the account that have no reservation. */
  unreservedConcurrency: count.optional(),
  /** The longest that an order waits. */
  oldestMessageSeconds: seconds.optional(),
  /** Orders that fail every attempt and are archived, in five minutes. */
  deadLetters: count.optional(),
  /** The longest that a dead letter waits to be archived. */
  deadLetterAgeSeconds: seconds.optional(),
  /** The synthetic orders that the deployed schedule sends are stored. */
  heartbeat: z.boolean().optional(),
});

const foreignSchema = z.strictObject({
  account: accountIdSchema,
  region: regionSchema,
  on: resourceTypeToken,
  /** Physical name. */
  name: z.string().min(1).max(512),
});

const driftSchema = z
  .strictObject({
    target: targetPatternSchema,
    on: resourceTypeToken,
    /** Name of the resource in its program; absent: any. */
    name: z.string().min(1).optional(),
    /** Inputs as somebody left them: `a.b` leads into nested values and JSON texts, null takes a value away. */
    set: z.record(z.string(), z.unknown()).optional(),
    /** Somebody deleted it. */
    gone: z.literal(true, { error: (issue) => `gone ${JSON.stringify(issue.input)} must be true, or be left out` }).optional(),
  })
  .superRefine(({ on, set, gone }, context) => {
    if ((set === undefined) === (gone === undefined))
      context.addIssue({
        code: 'custom',
        message: `drift of ${on} says either set: { input: value } or gone: true; this one says ${set === undefined ? 'neither' : 'both'}`,
      });
  });

/** organization.yaml: a recorded organisation, or one to simulate. */
export const organizationSchema = z
  .strictObject({
    id: organizationIdSchema,
    managementAccount: accountIdSchema,
    accounts: z.array(accountSchema).min(1),
    faults: z.array(faultSchema).default([]),
    /** What arrives on the order queues of matching targets. */
    traffic: z.array(trafficSchema).default([]),
    /** What somebody did behind the fleet's back, once to each resource that matches. */
    drift: z.array(driftSchema).default([]),
    /** What others made, which no stack of the fleet has. */
    foreign: z.array(foreignSchema).default([]),
    /** What the organisation is billed. */
    ledger: ledgerSchema.prefault({}),
    clock: z
      .strictObject({ secondsPerSecond: z.number().min(1).max(86_400).default(DEFAULT_SECONDS_PER_SECOND) })
      .default({ secondsPerSecond: DEFAULT_SECONDS_PER_SECOND }),
  })
  .superRefine((organization, context) => {
    const refuseTwins = (key: 'id' | 'email') => {
      const first = new Map<string, number>();
      organization.accounts.forEach((account, index) => {
        const value = account[key]?.toLowerCase();
        if (value === undefined) return;
        const twin = first.get(value);
        if (twin === undefined) first.set(value, index);
        else
          context.addIssue({
            code: 'custom',
            path: ['accounts', index, key],
            message: `${key} ${account[key] ?? ''} is already used by accounts[${twin}]`,
          });
      });
    };
    refuseTwins('id');
    refuseTwins('email');
    if (!organization.accounts.some((account) => account.id === organization.managementAccount)) {
      context.addIssue({
        code: 'custom',
        path: ['managementAccount'],
        message: `managementAccount ${organization.managementAccount} is not in accounts: list it there`,
      });
    }
  })
  .transform((organization) => ({
    ...organization,
    accounts: organization.accounts.map((account) => ({ ...account, email: account.email ?? `aws-${account.id}@example.com` })),
  }));

/** A recorded or simulated organisation, everything defaulted. */
export type Organization = z.output<typeof organizationSchema>;

/** One account of it. */
export type Account = Organization['accounts'][number];

/** One planted fault. */
export type Fault = Organization['faults'][number];

/** One rule of what arrives at targets. */
export type TrafficRule = Organization['traffic'][number];

/** One thing that somebody did behind the fleet's back. */
export type Drift = Organization['drift'][number];

/** One resource that others made. */
export type Foreign = Organization['foreign'][number];

/** Does a pattern (`*` one segment, `**` any number of them) fit a target's id. */
export function faultMatches(pattern: string, targetId: string): boolean {
  const segments = targetId.split('/');
  // `reached[n]`: the pattern read so far fits the first n segments. Linear in both, whatever the number of `**`.
  let reached = [true, ...segments.map(() => false)];
  for (const wanted of pattern.split('/')) {
    const next = segments.map((segment, index) => (reached[index] ?? false) && (wanted === '*' || wanted === segment));
    reached = wanted === '**' ? spread(reached) : [false, ...next];
  }
  return reached.at(-1) ?? false;
}

function spread(reached: readonly boolean[]): boolean[] {
  const first = reached.indexOf(true);
  return reached.map((_, index) => first !== -1 && index >= first);
}

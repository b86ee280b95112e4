import * as z from 'zod';

import { emailSchema } from './email';
import { controlProblems, controlRoleSchema, type ControlProblem } from './control-roles';
import { accountIdSchema, fleetNameSchema, organizationIdSchema, regionSchema, roleNameSchema, splitRoleName } from './ids';
import { defaultDeployRole, fleetRoles } from './names';
import { tagProblems, tagsSchema } from './tags';

/** The stack-config key of the organisation program. */
export const ORGANIZATION_CONFIG_KEY = 'fleet:organization';

/** Services that must be trusted by the organisation: StackSets bring the roles, tag policies report, Account Management tells which regions are on. */
export const trustedServices = [
  'member.org.stacksets.cloudformation.amazonaws.com',
  'tagpolicies.tag.amazonaws.com',
  'account.amazonaws.com',
] as const;

/** AWS's limits that the configuration meets. */
export const organizationLimits = { subscribers: 10, costCenters: 100 } as const;

const rootIdSchema = z
  .string()
  .regex(/^r-[0-9a-z]{4,32}$/, { error: (issue) => `root id ${JSON.stringify(issue.input)} does not match r-xxxx` });

const unitIdSchema = z.string().regex(/^ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/, {
  error: (issue) => `unit id ${JSON.stringify(issue.input)} does not match ou-xxxx-xxxxxxxx`,
});

/** S3's rules, less the dots: certificates do not cover them. */
export const stateBucketSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, {
    error: (issue) =>
      `state bucket ${JSON.stringify(issue.input)} must be 3 to 63 lower case letters, digits and hyphens, starting and ending with a letter or digit`,
  })
  .refine((name) => !/^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3)$/.test(name), {
    error: (issue) => `state bucket ${JSON.stringify(issue.input)} starts or ends with text that S3 keeps for itself`,
  });

const keyAliasSchema = z.string().regex(/^alias\/(?!aws\/)[\w/-]{1,250}$/, {
  error: (issue) => `key alias ${JSON.stringify(issue.input)} must be alias/ and a name that is not under aws/`,
});

const dollars = z.number().positive().max(1_000_000_000);

/** Whether a bucket's name is one of the name space that belongs to one account and region, which nobody else can take a name of. */
export function isAccountRegional(bucket: string): boolean {
  return /-\d{12}-[a-z]{2}(-[a-z]+)+-\d-an$/.test(bucket);
}

const configShape = z.strictObject({
  version: z.literal(1),
  fleet: fleetNameSchema,
  homeRegion: regionSchema,
  regions: z.array(regionSchema).min(1),
  organization: z.strictObject({
    id: organizationIdSchema,
    rootId: rootIdSchema,
    /** Units that get roles and tag policy, those of the shared and monitoring accounts among them; none: the whole organisation. */
    units: z.array(unitIdSchema).max(100).default([]),
  }),
  accounts: z.strictObject({
    management: accountIdSchema,
    shared: accountIdSchema,
    monitoring: accountIdSchema,
    /** ARNs of the sinks that the fleet links to and did not make (`monitoring.sinks` of fleet.yaml). */
    sinks: z.array(z.string().regex(/^arn:aws:oam:[a-z0-9-]+:\d{12}:sink\/[\w-]+$/)).default([]),
  }),
  /** Who runs the fleet. Roles by path and name in one account; never ARNs. */
  control: z.strictObject({
    account: accountIdSchema,
    /** May plan, deploy and operate. */
    roles: z.array(controlRoleSchema).min(1).max(20),
    /** May look and operate (on-call), not deploy. */
    operators: z.array(controlRoleSchema).max(20).default([]),
  }),
  /** Role in the shared-services account that makes the state store, before any role of the fleet is there. */
  bootstrapRole: roleNameSchema.default('OrganizationAccountAccessRole'),
  /** The fleet's roles by path and name. Left out, the deploying one has the fleet's name, and the others stand beside it. */
  deployRole: roleNameSchema.optional(),
  previewRole: roleNameSchema.optional(),
  operateRole: roleNameSchema.optional(),
  costRole: roleNameSchema.optional(),
  /** What loses its protection, as a first step of destroying it. State and key never do: they go last, and by no program. */
  unprotect: z.enum(['nothing', 'identity']).default('nothing'),
  tags: tagsSchema,
  /** First time this program ran; never changes, so that no tag does. */
  createdAt: z.iso.datetime({ precision: 3 }),
  state: z.strictObject({
    bucket: stateBucketSchema,
    keyAlias: keyAliasSchema,
    /** Days that overwritten and deleted state is kept. */
    /** Whether the program takes the bucket itself over. What bootstrap made of it stands either way, and its settings are the program's. */
    takeOver: z.boolean().default(true),
    oldVersionsDays: z.number().int().min(30).max(3650).default(365),
  }),
  tagPolicy: z
    .strictObject({
      /** Resource types whose missing tags are reported, as `sqs:ALL_SUPPORTED`; none: keys and values are checked only where they are used. */
      reportRequiredFor: z.array(z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9_-]+$/)).default([]),
    })
    .prefault({}),
  cost: z.strictObject({
    /** US dollars a month, of each account listed. */
    budgets: z.strictObject({
      perAccountUsd: dollars,
      accounts: z.array(accountIdSchema),
    }),
    anomalies: z.strictObject({
      /** Impact in US dollars from which somebody is told. */
      thresholdUsd: dollars,
      /** ARN of a LINKED_ACCOUNT monitor that exists already (AWS allows one); null: the fleet makes it. */
      accountMonitorArn: z
        .string()
        .regex(/^arn:aws:ce::\d{12}:anomalymonitor\/[\w-]+$/)
        .nullable()
        .default(null),
      /** Values of the CostCenter tag, each watched on its own once cost allocation tags are active. */
      costCenters: z.array(z.string().min(1).max(256)).max(organizationLimits.costCenters).default([]),
    }),
    emails: z.array(emailSchema).max(organizationLimits.subscribers).default([]),
    /** The second step: AWS activates a tag only after it has seen it in billing, a day after the first deployment (AWS.md F2). */
    activateTags: z.boolean().default(false),
  }),
});

/** Parts of what the organisation program is told, each with its own schema. */
export const organizationConfigParts = configShape.shape;

/** What the organisation program is told. Defaults stand here, so that the program has none. */
export const organizationConfigSchema = configShape
  .transform((config) => {
    const { deployRole = defaultDeployRole(config.fleet) } = config;
    const { preview, operate, cost } = fleetRoles(deployRole);
    const { previewRole = preview, operateRole = operate, costRole = cost } = config;
    return { ...config, deployRole, previewRole, operateRole, costRole };
  })
  .superRefine((config, context) => {
    for (const { path, message } of organizationProblems(config)) context.addIssue({ code: 'custom', path: [...path], message });
  });

/** The parsed configuration of the organisation program. */
export type OrganizationConfig = z.infer<typeof organizationConfigSchema>;

type Checked = Pick<
  OrganizationConfig,
  | 'fleet'
  | 'homeRegion'
  | 'organization'
  | 'accounts'
  | 'control'
  | 'previewRole'
  | 'deployRole'
  | 'operateRole'
  | 'costRole'
  | 'tags'
  | 'state'
  | 'cost'
>;

const nameOf = (role: string) => splitRoleName(role).name.toLowerCase();

function organizationProblems(config: Checked): readonly ControlProblem[] {
  const { accounts, fleet, state } = config;
  const problems: ControlProblem[] = tagProblems(config.tags).map((message) => ({ path: ['tags'], message }));
  problems.push(...controlProblems(config.control).map(({ path, message }) => ({ path: ['control', ...path], message })));
  const { units } = config.organization;
  for (const [index, unit] of units.entries())
    if (units.indexOf(unit) < index)
      problems.push({ path: ['organization', 'units', index], message: `unit ${unit} is named twice: name it once` });
  for (const name of ['shared', 'monitoring'] as const) {
    // Service-managed StackSets skip the management account: it would never get the roles (AWS.md E1).
    if (accounts[name] === accounts.management)
      problems.push({
        path: ['accounts', name],
        message: `account ${accounts[name]} is the management account, which StackSets skip: name another`,
      });
  }
  const roles = ['previewRole', 'deployRole', 'operateRole', 'costRole'] as const;
  for (const key of roles) {
    // Roles under the workloads' path could be changed by the deploy role itself.
    if (config[key].startsWith(`${fleet}/`))
      problems.push({ path: [key], message: `role ${config[key]} is under ${fleet}/, the path of workload roles: choose another path` });
    if (roles.some((other) => other < key && nameOf(config[other]) === nameOf(config[key])))
      problems.push({
        path: [key],
        message: `role ${config[key]} has the name of another, which IAM takes once an account: name it otherwise`,
      });
  }
  if (state.bucket.endsWith('-an') && !state.bucket.endsWith(`-${accounts.shared}-${config.homeRegion}-an`)) {
    problems.push({
      path: ['state', 'bucket'],
      message: `state bucket ${state.bucket} ends with -an, so it must end with -${accounts.shared}-${config.homeRegion}-an`,
    });
  }
  const budgeted = config.cost.budgets.accounts;
  for (const [index, id] of budgeted.entries()) {
    if (budgeted.indexOf(id) < index)
      problems.push({ path: ['cost', 'budgets', 'accounts', index], message: `account ${id} has two budgets` });
  }
  return problems;
}

/** Names of what the organisation program makes. */
export function organizationNames(fleet: string) {
  return {
    stackSet: `${fleet}-roles`,
    tagPolicy: `${fleet}-tags`,
    costTopic: `${fleet}-cost`,
    accountMonitor: `${fleet}-accounts`,
    costCenterMonitor: (costCenter: string) => `${fleet}-cost-center-${costCenter}`,
    anomalySubscription: `${fleet}-anomalies`,
    budget: (account: string) => `${fleet}-account-${account}`,
  };
}

/** What the organisation program exports: identity only. */
export const organizationOutputsSchema = z.object({
  version: z.literal(1),
  state: z.object({
    bucket: z.string(),
    keyArn: z.string(),
    /** For fleet.yaml: names the key by ARN, since an alias is looked up in the caller's own account. */
    secretsProvider: z.string(),
  }),
  stackSet: z.string(),
  costTopicArn: z.string(),
  roles: z.object({ preview: z.string(), deploy: z.string(), operate: z.string(), cost: z.string() }),
});

/** Outputs of the organisation stack. */
export type OrganizationOutputs = z.infer<typeof organizationOutputsSchema>;

import { AwsError } from '../../sandbox/aws-error';
import type { Properties } from '../../sandbox/resource-type';

import type { OrganizationDoor } from './organization-door';

/** One resource type of the organisation's program, as AWS and the provider treat it. */
export interface OrganizationType {
  /** Inputs whose change makes the provider replace the resource. */
  readonly replaceOn: readonly string[];
  /** Makes it; gives its id and what is told of it beside its inputs. Throws what AWS refuses. */
  create(inputs: Properties): Promise<Made> | Made;
  update?(inputs: Properties, made: Made): Promise<void> | void;
  delete?(made: Made, inputs: Properties): Promise<void> | void;
}

/** What stands. */
export interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/** AWS's limit of the trust policy of a role, in characters. */
const TRUST_CHARACTERS = 2048;

/** IAM takes a name once an account, whatever its path. */
class Names {
  readonly #taken = new Set<string>();

  take(account: string, kind: string, name: string): void {
    const key = `${account} ${kind} ${name.toLowerCase()}`;
    if (this.#taken.has(key)) throw new AwsError('EntityAlreadyExists', `${kind} with name ${name} already exists in account ${account}.`);
    this.#taken.add(key);
  }

  free(account: string, kind: string, name: string): void {
    this.#taken.delete(`${account} ${kind} ${name.toLowerCase()}`);
  }
}

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;
}

const json = (value: unknown) => JSON.parse(String(value)) as Readonly<Record<string, unknown>>;
const nameOf = ({ name }: Properties) => String(name);

/**
 * The types that AWS refuses something of, over moto where it has them (organisation, policies, budgets) and in memory where it has not
 * (StackSets, cost anomaly monitors). `accountsIn` gives the accounts of a root or unit.
 */
export function organizationTypes(
  door: OrganizationDoor,
  accountsIn: (unit: string) => readonly string[],
): ReadonlyMap<string, OrganizationType> {
  const names = new Names();
  const stackSets = new Map<string, Template>();
  const monitors = new Set<string>();
  /** StackSet and account. */
  const managed = new Set<string>();
  const budget = (operation: string, body: Properties) =>
    door.ask(`AWSBudgetServiceGateway.${operation}`, { AccountId: '123456789012', ...body });
  const made = (id: string, outputs: Properties = {}): Made => ({ id, outputs });

  const types: Readonly<Record<string, OrganizationType>> = {
    'aws:organizations/awsServiceAccess:AwsServiceAccess': {
      replaceOn: ['servicePrincipal'],
      create: async ({ servicePrincipal }) => {
        await door.organizations('EnableAWSServiceAccess', { ServicePrincipal: servicePrincipal });
        return made(String(servicePrincipal));
      },
      delete: async ({ id }) => void (await door.organizations('DisableAWSServiceAccess', { ServicePrincipal: id })),
    },
    'aws:organizations/policy:Policy': {
      replaceOn: ['type'],
      create: async ({ name, content, description, type }) => {
        const body = { Name: name, Content: content, Description: description, Type: type };
        const { Policy } = await door.organizations('CreatePolicy', body);
        const { Id, Arn } = (Policy as { readonly PolicySummary: Properties }).PolicySummary;
        return made(String(Id), { arn: Arn });
      },
      update: async ({ name, content, description }, { id }) =>
        void (await door.organizations('UpdatePolicy', { PolicyId: id, Name: name, Content: content, Description: description })),
      delete: async ({ id }) => void (await door.organizations('DeletePolicy', { PolicyId: id })),
    },
    'aws:organizations/policyAttachment:PolicyAttachment': {
      replaceOn: ['policyId', 'targetId'],
      create: async ({ policyId, targetId }) => {
        await door.organizations('AttachPolicy', { PolicyId: policyId, TargetId: targetId });
        return made(`${String(targetId)}:${String(policyId)}`);
      },
      delete: async (_made, { policyId, targetId }) =>
        void (await door.organizations('DetachPolicy', { PolicyId: policyId, TargetId: targetId })),
    },
    'aws:budgets/budget:Budget': {
      replaceOn: ['name'],
      create: async (inputs) => {
        const { limitAmount, limitUnit, timeUnit, budgetType } = inputs;
        const Budget = {
          BudgetName: nameOf(inputs),
          BudgetLimit: { Amount: limitAmount, Unit: limitUnit },
          TimeUnit: timeUnit,
          BudgetType: budgetType,
        };
        await budget('CreateBudget', { Budget, NotificationsWithSubscribers: [] });
        return made(`123456789012:${nameOf(inputs)}`);
      },
      update: () => undefined,
      delete: async (_made, inputs) => void (await budget('DeleteBudget', { BudgetName: nameOf(inputs) })),
    },
    'aws:cloudformation/stackSet:StackSet': {
      replaceOn: ['name', 'permissionModel', 'callAs'],
      create: (inputs) => {
        if (!door.isActivated)
          throw new AwsError('ValidationError', 'You must enable organizations access to operate a service managed stack set');
        if (stackSets.has(nameOf(inputs))) throw new AwsError('NameAlreadyExistsException', `StackSet ${nameOf(inputs)} already exists`);
        stackSets.set(nameOf(inputs), templateOf(inputs));
        return made(nameOf(inputs));
      },
      update: (inputs) => void stackSets.set(nameOf(inputs), templateOf(inputs)),
      delete: ({ id }) => void stackSets.delete(id),
    },
    // An account that a StackSet has already is none of its new ones; one that it let go of with its stack has all the names still.
    'aws:cloudformation/stackSetInstance:StackSetInstance': {
      // The provider's schema: what a list of units is made of cannot be changed.
      replaceOn: ['stackSetName', 'callAs', 'deploymentTargets', 'stackSetInstanceRegion', 'accountId'],
      create: (inputs) => {
        eachIdentity(inputs, (account, kind, name) => names.take(account, kind, name));
        for (const place of placesOf(inputs)) managed.add(place);
        return made(`${String(inputs.stackSetName)},${JSON.stringify(inputs.deploymentTargets)}`);
      },
      update: () => undefined,
      delete: (_made, inputs) => {
        for (const place of placesOf(inputs)) managed.delete(place);
        if (inputs.retainStack !== true) eachIdentity(inputs, (account, kind, name) => names.free(account, kind, name));
      },
    },
    'aws:iam/role:Role': {
      replaceOn: ['name', 'path'],
      create: (inputs) => {
        refuseLongTrust(json(inputs.assumeRolePolicy));
        names.take('management', 'Role', nameOf(inputs));
        return made(nameOf(inputs), { arn: `arn:aws:iam::123456789012:role${String(inputs.path)}${nameOf(inputs)}` });
      },
      update: (inputs) => refuseLongTrust(json(inputs.assumeRolePolicy)),
      delete: ({ id }) => names.free('management', 'Role', id),
    },
    'aws:costexplorer/anomalyMonitor:AnomalyMonitor': {
      replaceOn: ['monitorType', 'monitorDimension', 'monitorSpecification'],
      create: (inputs) => {
        if (inputs.monitorType === 'DIMENSIONAL' && monitors.has('DIMENSIONAL'))
          throw new AwsError('LimitExceededException', 'Limit exceeded on dimensional spend monitor creation');
        monitors.add(String(inputs.monitorType));
        const arn = `arn:aws:ce::123456789012:anomalymonitor/${nameOf(inputs)}`;
        return made(arn, {
          arn,
          ...(typeof inputs.monitorSpecification === 'string' && { monitorSpecification: readBack(inputs.monitorSpecification) }),
        });
      },
      update: () => undefined,
      delete: (_made, inputs) => void monitors.delete(String(inputs.monitorType)),
    },
  };
  return new Map(Object.entries(types));

  function placesOf(inputs: Properties): readonly string[] {
    const { organizationalUnitIds } = inputs.deploymentTargets as { readonly organizationalUnitIds: readonly string[] };
    return organizationalUnitIds.flatMap(accountsIn).map((account) => `${String(inputs.stackSetName)} ${account}`);
  }

  function eachIdentity(inputs: Properties, visit: (account: string, kind: string, name: string) => void): void {
    const { organizationalUnitIds } = inputs.deploymentTargets as { readonly organizationalUnitIds: readonly string[] };
    const { Resources } = stackSets.get(String(inputs.stackSetName)) ?? { Resources: {} };
    const accounts = organizationalUnitIds
      .flatMap(accountsIn)
      .filter((account) => !managed.has(`${String(inputs.stackSetName)} ${account}`));
    for (const account of accounts)
      for (const { Type, Properties } of Object.values(Resources))
        visit(account, Type === 'AWS::IAM::Role' ? 'Role' : 'Policy', String(Properties.RoleName ?? Properties.ManagedPolicyName));
  }
}

function templateOf({ templateBody }: Properties): Template {
  const template = json(templateBody) as unknown as Template;
  for (const { Type, Properties } of Object.values(template.Resources))
    if (Type === 'AWS::IAM::Role') refuseLongTrust(Properties.AssumeRolePolicyDocument);
  return template;
}

function refuseLongTrust(policy: unknown): void {
  if (JSON.stringify(policy).length > TRUST_CHARACTERS)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${TRUST_CHARACTERS}`);
}

const EXPRESSION = ['And', 'CostCategories', 'Dimensions', 'Not', 'Or', 'Tags'] as const;
const VALUES = ['Key', 'MatchOptions', 'Values'] as const;

/** An expression as the provider reads it back: with all the members that it may have. */
function readBack(specification: string): string {
  const told = json(specification);
  const whole = Object.fromEntries(
    EXPRESSION.map((key) => {
      const value = told[key] as Readonly<Record<string, unknown>> | null | undefined;
      return [key, value === undefined || value === null ? null : Object.fromEntries(VALUES.map((one) => [one, value[one] ?? null]))];
    }),
  );
  return JSON.stringify(whole);
}

import { Budget } from '@pulumi/aws/budgets/budget';
import { AnomalyMonitor } from '@pulumi/aws/costexplorer/anomalyMonitor';
import { AnomalySubscription } from '@pulumi/aws/costexplorer/anomalySubscription';
import { CostAllocationTag } from '@pulumi/aws/costexplorer/costAllocationTag';
import * as pulumi from '@pulumi/pulumi';

import type { organizationNames } from '../contracts/organization';
import { type OrganizationConfig } from '../contracts/organization';
import { resourceKey } from './resource-key';

/** What the cost watch is made of. */
export interface CostWatchArgs {
  readonly names: ReturnType<typeof organizationNames>;
  readonly cost: OrganizationConfig['cost'];
  readonly topicArn: pulumi.Output<string>;
  /** Tag keys that costs are told apart by, once they are activated. */
  readonly costTags: readonly string[];
}

/** Tag that anomalies are watched by, beside the account. */
const COST_CENTER_TAG = 'CostCenter';

/** Shares of a budget at which somebody is told. */
const BUDGET_NOTICES = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

/**
 * Costs of one cost centre, with the members that are not there: the provider reads an expression back with all of them, and would replace a
 * monitor that was made without.
 */
function costCenterExpression(costCenter: string): object {
  return {
    And: null,
    CostCategories: null,
    Dimensions: null,
    Not: null,
    Or: null,
    Tags: { Key: COST_CENTER_TAG, MatchOptions: null, Values: [costCenter] },
  };
}

/** Budgets, anomaly monitors and cost allocation tags of the payer, all told on its cost topic. */
export class CostWatch extends pulumi.ComponentResource {
  constructor(name: string, args: CostWatchArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:organization:CostWatch', name, {}, options);
    const tags = args.cost.activateTags ? this.#activate(name, args.costTags) : [];
    const monitors = [this.#accountMonitor(name, args), ...(tags.length > 0 ? this.#costCenterMonitors(name, args, tags) : [])];
    new AnomalySubscription(
      `${name}-anomalies`,
      {
        name: args.names.anomalySubscription,
        // The only frequency that AWS offers for topics.
        frequency: 'IMMEDIATE',
        // In one order, whatever the order of the cost centres is: AWS keeps a list, and a new order would be a change.
        monitorArnLists: pulumi.all(monitors).apply((arns) => [...arns].sort()),
        subscribers: [{ type: 'SNS', address: args.topicArn }],
        thresholdExpression: {
          dimension: {
            key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
            matchOptions: ['GREATER_THAN_OR_EQUAL'],
            values: [String(args.cost.anomalies.thresholdUsd)],
          },
        },
      },
      { parent: this },
    );
    this.#budgets(name, args);
    this.registerOutputs({});
  }

  #activate(name: string, keys: readonly string[]): readonly CostAllocationTag[] {
    // Another team may report by the same tag: it stays active when the fleet goes.
    return keys.map(
      (tagKey) => new CostAllocationTag(`${name}-tag-${tagKey}`, { tagKey, status: 'Active' }, { parent: this, retainOnDelete: true }),
    );
  }

  #accountMonitor(name: string, args: CostWatchArgs): pulumi.Input<string> {
    const existing = args.cost.anomalies.accountMonitorArn;
    if (existing !== null) return existing;
    return new AnomalyMonitor(
      `${name}-account-monitor`,
      { name: args.names.accountMonitor, monitorType: 'DIMENSIONAL', monitorDimension: 'LINKED_ACCOUNT' },
      { parent: this },
    ).arn;
  }

  // The provider cannot give a monitor over all values of a tag its key (dimension and specification exclude each other): one each instead.
  #costCenterMonitors(name: string, args: CostWatchArgs, tags: readonly CostAllocationTag[]): readonly pulumi.Output<string>[] {
    return [...new Set(args.cost.anomalies.costCenters)].map(
      (costCenter) =>
        new AnomalyMonitor(
          `${name}-cost-center-${resourceKey(costCenter)}`,
          {
            name: args.names.costCenterMonitor(costCenter),
            monitorType: 'CUSTOM',
            monitorSpecification: JSON.stringify(costCenterExpression(costCenter)),
          },
          { parent: this, dependsOn: [...tags] },
        ).arn,
    );
  }

  #budgets(name: string, args: CostWatchArgs): void {
    const { accounts, perAccountUsd } = args.cost.budgets;
    for (const id of accounts) {
      new Budget(
        `${name}-budget-${id}`,
        {
          name: args.names.budget(id),
          budgetType: 'COST',
          timeUnit: 'MONTHLY',
          limitAmount: String(perAccountUsd),
          limitUnit: 'USD',
          costFilters: [{ name: 'LinkedAccount', values: [id] }],
          notifications: BUDGET_NOTICES.map((notice) => ({
            ...notice,
            comparisonOperator: 'GREATER_THAN',
            thresholdType: 'PERCENTAGE',
            subscriberSnsTopicArns: [args.topicArn],
          })),
        },
        { parent: this },
      );
    }
  }
}

import type { FoundationOutputs, FoundationSettings, Subscription } from '../contracts/foundation';
import { foundationNames } from '../contracts/names';
import { tagStandard } from '../contracts/tags';
import type { ProgramOutputs } from '../layer-kit/program-outputs';
import { protectionOf } from '../layer-kit/protection';
import type { ProgramInput } from '../layer-kit/read-config';
import { targetProvider } from '../layer-kit/target-provider';
import { AlertKey } from './alert-key';
import { AlertTopic } from './alert-topic';
import { MonitoringSink } from './monitoring-sink';
import { subscriptionEndpoint, type SubscriptionEndpoint } from './subscription-endpoint';

/** What the program needs beside its configuration. */
export interface FoundationInput extends ProgramInput<FoundationSettings> {
  /** Where `{ env: NAME }` references are resolved. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Makes what every target of one region shares: alert topics with their key, and the monitoring sink. */
export function createFoundation(input: FoundationInput): ProgramOutputs<FoundationOutputs> {
  const { config, run } = input;
  const names = foundationNames(config.fleet);
  const protection = protectionOf(run);
  const shared = { providers: { aws: targetProvider('shared', input) } };
  const arnOf = (severity: Severity) => `arn:aws:sns:${config.region}:${config.account.id}:${names.topic(severity)}`;

  const key = new AlertKey(
    'alerts',
    {
      fleet: config.fleet,
      account: config.account.id,
      alias: names.keyAlias,
      topicArns: [arnOf('critical'), arnOf('warning')],
      protect: protection.data,
    },
    shared,
  );
  const topic = (severity: Severity, subscriptions: readonly Subscription[]) =>
    new AlertTopic(
      severity,
      {
        topicName: names.topic(severity),
        keyArn: key.arn,
        policy: {
          topicArn: arnOf(severity),
          region: config.region,
          organizationId: config.organizationId,
          sources: config.settings.sourceAccounts,
          fleetAccounts: [config.accounts.shared, config.accounts.monitoring],
        },
        protect: protection.identity,
        subscriptions: distinct(subscriptions.map((subscription) => subscriptionEndpoint(subscription, input.environment))),
      },
      shared,
    );

  return {
    version: 1,
    topics: {
      critical: topic('critical', config.settings.subscriptions.critical).arn,
      warning: topic('warning', config.settings.subscriptions.warning).arn,
    },
    alertKeyArn: key.arn,
    sinkArn: config.settings.existingSink ?? makeSink(input, names.sink).arn,
    tagStandard: { required: tagStandard.required, optional: tagStandard.optional, allowedValues: { ...tagStandard.allowedValues } },
  };
}

type Severity = 'critical' | 'warning';

function makeSink(input: FoundationInput, sinkName: string): MonitoringSink {
  const { config, run } = input;
  const provider = targetProvider('monitoring', input, config.accounts.monitoring);
  return new MonitoringSink(
    'monitoring',
    { fleet: config.fleet, sinkName, organizationId: config.organizationId, protect: protectionOf(run).identity },
    { providers: { aws: provider } },
  );
}

/** A receiver named twice gets one subscription. */
function distinct(endpoints: readonly SubscriptionEndpoint[]): readonly SubscriptionEndpoint[] {
  return [...new Map(endpoints.map((endpoint) => [endpoint.key, endpoint])).values()];
}

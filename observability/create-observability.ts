import * as pulumi from '@pulumi/pulumi';

import { foundationOutputsSchema } from '../contracts/foundation';
import { observabilityNames, regionalNames } from '../contracts/names';
import { observabilityOutputsSchema, type ObservabilityOutputs, type ObservabilitySettings } from '../contracts/observability';
import { regionalOutputsSchema } from '../contracts/regional';
import type { ProgramOutputs } from '../layer-kit/program-outputs';
import type { ProgramInput } from '../layer-kit/read-config';
import { targetProvider } from '../layer-kit/target-provider';
import { tryUpstream, upstreamOf, type Upstream } from '../layer-kit/upstream';
import { accountBody } from './account-body';
import { costBody } from './cost-body';
import { navigation } from './dashboard-links';
import { FleetAlarms } from './fleet-alarms';
import { fleetAlarmDefinitions, fleetComposites } from './fleet-alarm-definitions';
import { FleetView } from './fleet-view';
import { toMember, type MemberView } from './member-view';
import { overviewBody, type RegionPart } from './overview-body';
import { sharedDashboardBody } from './shared-dashboard-body';
import { regionDashboardBody } from './region-dashboard-body';

type Input = ProgramInput<ObservabilitySettings>;

/** Makes the views and alarms over the targets of one region. Works with any part of what is upstream missing: on-call needs it most then. */
export function createObservability(input: Input): ProgramOutputs<ObservabilityOutputs> {
  const { config } = input;
  const names = observabilityNames(config.fleet, config);
  const options = { providers: { aws: targetProvider('monitoring', input) } };
  const members = pulumi.all(upstreamOf(input, 'regional').map(memberView)).apply(byAccount);
  // An alarm's query sees every account of the region whatever part it is a member of: one part has the alarms, or on-call would hear each twice.
  const alarms = config.part === 1 ? makeAlarms(input, options) : [];

  const views = [new FleetView('region', { dashboardName: names.regionDashboard, body: regionBody(input, members) }, options)];
  if (config.settings.fleetWide) {
    const parts = regionParts(input, members);
    views.push(
      new FleetView('overview', { dashboardName: names.overviewDashboard, body: overview(input, parts) }, options),
      new FleetView('account', { dashboardName: names.accountDashboard, body: account(input, parts) }, options),
      new FleetView('cost', { dashboardName: names.costDashboard, body: cost(input, parts) }, options),
    );
  }
  if (config.settings.sharedDashboard) {
    views.push(new FleetView('targets', { dashboardName: names.targetsDashboard, body: sharedDashboard(input, members) }, options));
  }
  return {
    version: 1,
    region: config.region,
    members: members.apply((known) => known.map(toMember)),
    dashboards: views.map((view) => view.dashboardName),
    alarms,
  };
}

function memberView(upstream: Upstream): pulumi.Output<MemberView> {
  const identity = { account: upstream.target.account, name: upstream.accountName, region: upstream.target.region };
  return tryUpstream(upstream, regionalOutputsSchema).apply((outputs): MemberView => {
    if (outputs === undefined) return { state: 'missing', ...identity };
    const { functionName, queueArn, dashboard } = outputs;
    return { state: 'present', ...identity, functionName, queueName: queueArn.slice(queueArn.lastIndexOf(':') + 1), dashboard };
  });
}

function byAccount(members: readonly MemberView[]): MemberView[] {
  return [...members].sort((left, right) => (left.account < right.account ? -1 : left.account > right.account ? 1 : 0));
}

function makeAlarms(input: Input, options: pulumi.ComponentResourceOptions): readonly pulumi.Output<string>[] {
  const { config } = input;
  const [foundation] = upstreamOf(input, 'foundation').filter(({ target }) => target.region === config.region);
  const topics = foundation ? tryUpstream(foundation, foundationOutputsSchema) : pulumi.output(undefined);
  const notify = (severity: 'critical' | 'warning') => topics.apply((outputs) => (outputs === undefined ? [] : [outputs.topics[severity]]));
  return new FleetAlarms(
    'alarms',
    {
      alarmName: observabilityNames(config.fleet, config).alarm,
      definitions: fleetAlarmDefinitions(sharedNames(input)),
      composites: fleetComposites,
      actions: { critical: notify('critical'), warning: notify('warning') },
    },
    options,
  ).names;
}

/** Names of the order system, which are the same in every account. */
function sharedNames({ config }: Input) {
  const names = regionalNames(config.fleet, { account: config.account.id, region: config.region });
  return { namespace: names.metricNamespace, orderFunction: names.orderFunction, deadLetterFunction: names.deadLetterFunction };
}

function regionBody(input: Input, members: pulumi.Output<MemberView[]>): pulumi.Output<string> {
  const { config } = input;
  const { alarm } = observabilityNames(config.fleet, config);
  const kinds =
    config.part === 1
      ? [...fleetComposites.map(({ severity }) => severity), ...fleetAlarmDefinitions(sharedNames(input)).map(({ kind }) => kind)]
      : [];
  const alarmArns = kinds.map((kind) => `arn:aws:cloudwatch:${config.region}:${config.account.id}:alarm:${alarm(kind)}`);
  const { namespace } = sharedNames(input);
  return members.apply((known) =>
    regionDashboardBody({
      ...{ fleet: config.fleet, navigation: navigationOf(input), region: config.region, namespace, members: known },
      ...{ alarmArns, alarmKinds: kinds },
    }),
  );
}

type Parts = pulumi.Output<RegionPart[]>;

function overview(input: Input, parts: Parts): pulumi.Output<string> {
  const { fleet } = input.config;
  return parts.apply((known) => overviewBody({ fleet, navigation: navigationOf(input), ...sharedNames(input), parts: known }));
}

function account(input: Input, parts: Parts): pulumi.Output<string> {
  const { fleet, region, account: own } = input.config;
  const names = regionalNames(fleet, { account: own.id, region });
  return parts.apply((known) => accountBody({ navigation: navigationOf(input), names, parts: known }));
}

function cost(input: Input, parts: Parts): pulumi.Output<string> {
  const { orderFunction } = sharedNames(input);
  return parts.apply((known) =>
    costBody({ navigation: navigationOf(input), regions: [...new Set(known.map(({ region }) => region))], orderFunction }),
  );
}

function navigationOf({ config }: Input): string {
  return navigation(observabilityNames(config.fleet, config));
}

function sharedDashboard(input: Input, ownMembers: pulumi.Output<MemberView[]>): pulumi.Output<string> {
  const { fleet, region, account } = input.config;
  return regionParts(input, ownMembers).apply((parts) =>
    sharedDashboardBody({ names: regionalNames(fleet, { account: account.id, region }), homeRegion: region, parts }),
  );
}

/** Every region and part with its members, this one first. */
function regionParts(input: Input, ownMembers: pulumi.Output<MemberView[]>): pulumi.Output<RegionPart[]> {
  const { config } = input;
  const dashboardOf = (place: Pick<Upstream['target'], 'region' | 'part'>) => observabilityNames(config.fleet, place).regionDashboard;
  const own = ownMembers.apply((members): RegionPart => ({
    region: config.region,
    part: config.part,
    members: members.map(toMember),
    dashboard: dashboardOf(config),
  }));
  const others = upstreamOf(input, 'observability').map((upstream) =>
    tryUpstream(upstream, observabilityOutputsSchema).apply((outputs): RegionPart => ({
      region: upstream.target.region,
      part: upstream.target.part,
      members: outputs?.members ?? null,
      dashboard: dashboardOf(upstream.target),
    })),
  );
  return pulumi.all([own, ...others]);
}

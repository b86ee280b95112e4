import { accountIdSchema } from '../../contracts/ids';
import { OrganizationMetrics } from '../../sandbox/metrics/data/organization-metrics';
import { answerMetricQuestion } from '../../sandbox/metrics/data/simulated-metric-data';
import type { QueryAnswer } from '../../sandbox/metrics/data/time-series';
import { SimulatedCloudWatch } from '../../sandbox/metrics/simulated-cloudwatch';
import { monitoringTokens } from '../../sandbox/types/common/monitoring-tokens';
import { messageOf } from '../errors';
import { noteConditions, refuseInactive, type SandboxView } from '../gates/sandbox-view';

import type { AlarmAnswer, AlarmName, MetricSource, SeriesAnswer } from './metric-source';

/** Metrics and alarms of a simulated organisation, all as of the instant it is opened. */
export function sandboxMetricSource(view: SandboxView): MetricSource {
  const organization = noteConditions(view);
  const { world, log, clock: running } = view;
  const realNow = running.realNow();
  // Pages of one run must not contradict each other.
  const clock = { ...running, realNow: () => realNow };
  const now = clock.secondsBetween(0, realNow);
  const accounts = organization.accounts.map(({ id }) => id);
  const metrics = new OrganizationMetrics({ world, log, clock, organizationId: organization.id, accounts });
  const watches = new Map<string, SimulatedCloudWatch>();
  const shown = (answer: QueryAnswer): SeriesAnswer => {
    if (answer.kind === 'not evaluated') return answer;
    const series = answer.series.map(({ label, period, values }) => ({
      label,
      period,
      points: [...values].map(([at, value]) => ({ at: realNow - (now - at) * 1000, value })),
    }));
    return { kind: 'series', series };
  };
  const alarmOf = ({ account: text, region, name }: AlarmName): AlarmAnswer => {
    const account = accountIdSchema.safeParse(text);
    if (!account.success || !accounts.includes(account.data)) return { kind: 'not evaluated', reason: `account ${text} is not simulated` };
    const place = { account: account.data, region, organizationId: organization.id };
    const key = `${text}/${region}`;
    try {
      const watch = watches.get(key) ?? new SimulatedCloudWatch(place, { world, log, clock, metrics, organization: () => organization });
      watches.set(key, watch);
      const state = watch.alarm(name)?.phases.at(-1)?.state;
      if (state === undefined) return { kind: 'not evaluated', reason: 'there is no such alarm' };
      const alarm = world.find(monitoringTokens.metricAlarm, name, place) ?? world.find(monitoringTokens.compositeAlarm, name, place);
      const description = alarm?.outputs.alarmDescription;
      return { kind: 'state', state, description: typeof description === 'string' ? description : '' };
    } catch (error) {
      return { kind: 'not evaluated', reason: messageOf(error) };
    }
  };
  return {
    note: `Metrics of the sandbox, in simulated time: ${clock.scale} seconds pass in one. Nothing of before a target's last deployment is kept.`,
    asOf: new Date(realNow),
    ask: async (question, { signal }) => {
      signal.throwIfAborted();
      refuseInactive(question.account, organization);
      return new Map([...answerMetricQuestion(question, { metrics, now })].map(([id, answer]) => [id, shown(answer)]));
    },
    alarms: async (names, { signal }) => {
      signal.throwIfAborted();
      return new Map(names.map((name) => [name.arn, alarmOf(name)]));
    },
    close: () => Promise.resolve(),
  };
}

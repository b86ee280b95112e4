import * as z from 'zod';

import { checkDashboardBody, describeDashboardProblems } from '../dashboard-body';

import { globalArnOf } from './common/arn';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { textOf } from './common/shapes';

const inputs = z.strictObject({
  dashboardBody: z.string().check((payload) => {
    const problems = checkDashboardBody(payload.value);
    if (problems.length > 0) payload.issues.push({ code: 'custom', input: payload.value, message: describeDashboardProblems(problems) });
  }),
  dashboardName: textOf({ pattern: /^[A-Za-z0-9_-]+$/, max: 255, what: 'letters, digits, _ -' }),
});

/** A CloudWatch dashboard: one name space per account, overwritten without a word, without tags. */
export const cloudwatchDashboard = defineType({
  type: monitoringTokens.dashboard,
  inputs,
  invalid: 'InvalidParameterInput',
  replaceOn: ['dashboardName'],
  taggable: false,
  scope: 'account',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: ({ dashboardName }) => dashboardName,
  render: (_dashboard, { key: name, place }) => ({
    id: name,
    computed: { dashboardArn: globalArnOf('cloudwatch', `dashboard/${name}`, place) },
  }),
});

import { dashboardProblems } from '../observability/check-dashboard-body';

import type { Checker, Plant } from './findings';

const DASHBOARD = 'aws:cloudwatch/dashboard:Dashboard';

/** Dashboard bodies that are not as CloudWatch documents them. */
export const dashboards: Checker = {
  name: 'dashboard body structure as CloudWatch documents it',
  unit: 'dashboards',
  check: ({ resources }, refuse) => {
    const found = resources.filter(({ type }) => type === DASHBOARD);
    for (const resource of found)
      for (const problem of dashboardProblems(String(resource.inputs.dashboardBody))) refuse(resource, `${resource.name}: ${problem}`);
    return found.length;
  },
  plants: [
    spoilt((widget) => (widget.width = 25), 'its place is not on the grid'),
    spoilt((widget) => (widget.height = 0), 'its place is not on the grid'),
    spoilt((widget) => (widget.x = 0.5), 'its place is not of whole numbers'),
    spoilt((widget) => (widget.type = 'video'), 'type video'),
    spoilt((widget) => (widget.colour = 'red'), 'colour is not published'),
    spoilt((_widget, widgets) => widgets.push(...Array.from({ length: 500 }, () => widgets[0] ?? {})), ' widgets'),
    inMetrics((properties) => (properties.period = 45), 'period 45'),
    inMetrics((properties) => (properties.view = 'cake'), 'view cake'),
    inMetrics((properties) => (properties.stat = 'Most'), 'stat Most'),
    inMetrics((properties) => (properties.region = 'Dublin'), 'no region'),
    inMetrics((properties) => (properties.colour = 'red'), 'colour is not published'),
    inMetrics((properties) => (properties.metrics = Array.from({ length: 501 }, () => ['A', 'B'])), '501 metrics in a widget'),
    inMetrics((properties) => (properties.metrics = [['A', 'B', 'odd']]), 'row ['),
    inMetrics((properties) => (properties.annotations = { horizontal: [{ label: 'no value' }] }), 'an annotation without a value'),
    inMetrics((properties) => (properties.yAxis = { left: { most: 1 } }), 'most is not published'),
  ],
};

type Json = Record<string, unknown>;

function spoilt(spoil: (widget: Json, widgets: Json[]) => unknown, seen: string): Plant {
  return inWidget(() => true, { spoil, seen });
}

function inMetrics(spoil: (properties: Json) => unknown, seen: string): Plant {
  return inWidget(({ type }) => type === 'metric', { spoil: ({ properties }) => spoil(properties as Json), seen });
}

function inWidget(
  is: (widget: Json) => boolean,
  { spoil, seen }: { readonly spoil: (widget: Json, widgets: Json[]) => unknown; readonly seen: string },
): Plant {
  return {
    type: DASHBOARD,
    seen,
    spoil: (inputs) => {
      const body = JSON.parse(String(inputs.dashboardBody)) as { readonly widgets: Json[] };
      const widget = body.widgets.find(is);
      if (!widget) return false;
      spoil(widget, body.widgets);
      inputs.dashboardBody = JSON.stringify(body);
      return true;
    },
  };
}

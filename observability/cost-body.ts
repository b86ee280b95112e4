import { awsRates } from '../contracts/aws-rates';
import { dashboardBody, type Widget } from '../layer-kit/dashboard';
import { awsQuery } from './fleet-queries';

/** What the cost board shows. */
export interface CostBodyInput {
  /** Line of links to the other dashboards. */
  readonly navigation: string;
  readonly regions: readonly string[];
  readonly orderFunction: string;
}

const SHOWN = 10;

/**
 * Body of the cost board: what drives the part of the bill that grows with orders, by region and account. It is the same whoever is a member: its
 * queries find the accounts.
 */
export function costBody({ navigation, regions, orderFunction }: CostBodyInput): string {
  return dashboardBody([
    {
      type: 'text',
      width: 24,
      height: 4,
      properties: {
        markdown: [
          navigation,
          '# Cost that grows with orders',
          `From metrics, at list prices without memory: requests at $${awsRates.lambdaRequests.dollars} a million. The bill by account, team and cost centre is what \`fleet cost\` shows.`,
        ].join('\n\n'),
      },
    },
    ...regions.flatMap((region) => [requests(region, orderFunction), ...worst(region, orderFunction)]),
  ]);
}

function requests(region: string, functionName: string): Widget {
  const query = awsQuery({ metric: 'Invocations', functionName, worst: null });
  const dollars = (awsRates.lambdaRequests.dollars / 1_000_000).toFixed(10);
  return metric(region, {
    title: 'requests ($ each hour)',
    view: 'timeSeries',
    rows: [
      [{ expression: query, id: 'requests', visible: false }],
      [{ expression: `requests * ${dollars}`, id: 'dollars', label: 'requests ($)' }],
    ],
  });
}

function worst(region: string, functionName: string): readonly Widget[] {
  return (['Invocations', 'Duration'] as const).map((name) =>
    metric(region, {
      title: `${name === 'Duration' ? 'time in the order function (ms)' : 'invocations of the order function'}, top ${SHOWN} accounts`,
      view: 'bar',
      rows: [[{ expression: awsQuery({ metric: name, functionName, worst: SHOWN }), id: 'accounts' }]],
    }),
  );
}

function metric(
  region: string,
  shown: {
    readonly title: string;
    readonly view: 'timeSeries' | 'bar';
    readonly rows: Extract<Widget, { type: 'metric' }>['properties']['metrics'];
  },
): Widget {
  const { title, view, rows } = shown;
  return {
    type: 'metric',
    width: 8,
    height: 5,
    properties: { title: `${region}: ${title}`, region, view, stat: 'Sum', period: 3600, metrics: rows },
  };
}

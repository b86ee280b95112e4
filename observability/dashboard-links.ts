/** Link to a dashboard of the same account, as CloudWatch's text widgets take it. */
export function dashboardLink(name: string, text = name): string {
  return `[${text}](#dashboards:name=${name})`;
}

/** The line that every fleet-wide dashboard begins with: where else to look. */
export function navigation(names: {
  readonly overviewDashboard: string;
  readonly accountDashboard: string;
  readonly costDashboard: string;
}): string {
  const { overviewDashboard, accountDashboard, costDashboard } = names;
  return [
    dashboardLink(overviewDashboard, 'the whole fleet'),
    dashboardLink(accountDashboard, 'one account'),
    dashboardLink(costDashboard, 'cost'),
  ].join(' · ');
}

/** Where a dashboard of another account is, for whoever is signed in there: a console link knows no account. */
export function consoleLink(dashboard: { readonly name: string; readonly region: string }, text: string): string {
  const { name, region } = dashboard;
  return `[${text}](https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards:name=${name})`;
}

import { linkTarget, type LinkPlaces } from '../../../fleet/dashboards/dashboard-links';

const page = (account: string, name: string) => ({ account, name, path: `${account}.${name}.html` });
const places: LinkPlaces = {
  account: '100000000003',
  pages: [page('100000000003', 'overview'), page('200000000001', 'target'), page('200000000002', 'target'), page('200000000002', 'lone')],
  runbooks: new Set(['critical']),
};
const CONSOLE = 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1';

describe('links of dashboards', () => {
  test.each([
    ['#dashboards:name=overview', '100000000003.overview.html'],
    [`${CONSOLE}#dashboards:name=overview`, '100000000003.overview.html'],
    [`${CONSOLE}#dashboards/dashboard/lone`, '200000000002.lone.html'],
    [`${CONSOLE}&accountId=200000000001#dashboards:name=target`, '200000000001.target.html'],
    ['https://200000000002-abc.eu-west-1.console.aws.amazon.com/cloudwatch/home#dashboards:name=target', '200000000002.target.html'],
    ['docs/runbooks/critical.md', 'runbooks/critical.html'],
    ['critical.md', 'runbooks/critical.html'],
    ['https://git.example.com/fleet/blob/main/docs/runbooks/critical.md#first-look', 'runbooks/critical.html'],
  ])('%s is a page', (href, path) => {
    expect(linkTarget(href, places)).toEqual({ kind: 'page', path });
  });

  test.each(['https://example.com/', `${CONSOLE}#dashboards:name=unknown`, `${CONSOLE}#dashboards:name=target`])(
    '%s leads outside',
    (url) => {
      expect(linkTarget(url, places)).toEqual({ kind: 'outside', url });
    },
  );

  test.each(['#dashboards:name=unknown', 'javascript:alert(1)', '../dead-letters.md', '#dashboards:name=target'])(
    '%s leads nowhere',
    (href) => {
      expect(linkTarget(href, places)).toMatchObject({ kind: 'none' });
    },
  );

  test("of pages with one name, the own account's is meant", () => {
    const at = linkTarget('#dashboards:name=target', { ...places, account: '200000000002' });
    expect(at).toEqual({ kind: 'page', path: '200000000002.target.html' });
  });
});

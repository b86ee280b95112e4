import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { regionalNames } from '../../contracts/names';
import { resolveRegionalSettings } from '../../contracts/regional';
import { fleetAlarmDefinitions, fleetComposites } from '../../observability/fleet-alarm-definitions';
import { alarmDefinitions } from '../../regional/alarm-definitions';
import { targetDashboard } from '../../regional/target-dashboard';
import { renderRegional } from '../regional/render-regional';

import { page, root, section } from './page';

const names = regionalNames('orders', { account: accountIdSchema.parse('333333333333'), region: regionSchema.parse('eu-west-1') });
const children = alarmDefinitions(names, resolveRegionalSettings({}, 1000));
const overRegion = fleetAlarmDefinitions({
  namespace: names.metricNamespace,
  orderFunction: names.orderFunction,
  deadLetterFunction: names.deadLetterFunction,
});
const pages = readdirSync(join(root, 'docs/runbooks')).sort();

/** The path that an alarm's description ends with. */
function runbookOf(description: string): string {
  return /Runbook: (\S+)$/.exec(description)?.[1] ?? `none in ${JSON.stringify(description)}`;
}

describe('the runbooks', () => {
  test('are exactly the pages that the alarms of the programs name', async () => {
    const { resources } = await renderRegional();
    const ofTarget = resources.flatMap(({ inputs }) =>
      typeof inputs.alarmDescription === 'string' ? [runbookOf(inputs.alarmDescription)] : [],
    );
    const ofRegion = overRegion.map(({ description }) => runbookOf(description));
    const composites = fleetComposites.map(({ severity }) => `docs/runbooks/fleet-${severity}.md`);

    expect(new Set([...ofTarget, ...ofRegion, ...composites])).toEqual(new Set(pages.map((file) => `docs/runbooks/${file}`)));
    expect(ofTarget).toHaveLength(children.length + 2);
  });

  test.each(pages)('%s is headed by its kind and has the five parts, within a screen', (file) => {
    const text = page(`runbooks/${file}`);

    expect(text.startsWith(`# ${file.replace(/\.md$/, '')}\n`)).toBe(true);
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      'Meaning',
      'First look',
      'Likely causes',
      'Escalation',
      'How it clears',
    ]);
    expect(text.split('\n').length).toBeLessThanOrEqual(50);
  });

  test.each(children)("$kind names its alarm's metric and severity", ({ kind, metric, severity }) => {
    const text = page(`runbooks/${kind}.md`);

    expect(section(text, 'Meaning')).toContain(`\`${metric}\``);
    expect(text.toLowerCase()).toContain(`**${severity}.**`);
  });

  test.each(['critical', 'warning'])('%s names exactly the children of its composite', (severity) => {
    const [, listed = ''] = /while any of its children is red: ([^.]*)\./.exec(section(page(`runbooks/${severity}.md`), 'Meaning')) ?? [];
    const own = children.filter((child) => child.severity === severity).map(({ kind }) => kind);

    expect([...listed.matchAll(/`([^`]+)`/g)].map(([, kind]) => kind)).toEqual(own);
  });

  test.each(overRegion)('fleet-$kind has the query and the threshold', ({ kind, query, threshold }) => {
    const meaning = section(page(`runbooks/fleet-${kind}.md`), 'Meaning');

    expect(meaning).toContain(`\`${query}\``);
    if (threshold > 0) expect(meaning).toContain(`${Number((threshold * 100).toPrecision(6))} %`);
  });
});

describe('what the runbooks tell to do', () => {
  const lines = pages.flatMap((file) => page(`runbooks/${file}`).split('\n').map((line) => ({ file, line }))); // prettier-ignore

  test('names verbs that fleet has', () => {
    const folder = join(root, 'fleet/commands');
    const source = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n'); // prettier-ignore
    const verbs = [...source.matchAll(/(?:name: |\[|command\()'([a-z]+)'/g)].map(([, verb]) => verb);
    const named = lines.flatMap(({ file, line }) => [...line.matchAll(/`fleet ([a-z-]+)/g)].map(([, verb]) => ({ file, verb })));

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ verb }) => !verbs.includes(verb))).toEqual([]);
  });

  test('names widgets that the dashboard of a target has', () => {
    const body = targetDashboard({ names, settings: resolveRegionalSettings({}, 1000), region: 'eu-west-1' });
    const titles = (JSON.parse(body) as { readonly widgets: readonly { readonly properties: { readonly title: string } }[] }).widgets.map(
      ({ properties }) => properties.title,
    );
    const named = lines
      .filter(({ line }) => line.includes('`orders-target-<region>`'))
      .flatMap(({ file, line }) => [...line.matchAll(/_([A-Z][^_]*)_/g)].map(([, title]) => ({ file, title })));

    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(({ title = '' }) => !titles.includes(title))).toEqual([]);
  });
});

test('every link between pages leads somewhere', () => {
  const all = (readdirSync(join(root, 'docs'), { recursive: true }) as string[]).filter((file) => file.endsWith('.md'));
  const broken = all.flatMap((file) =>
    [...page(file).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !existsSync(join(root, 'docs', dirname(file), link)))
      .map((link) => `${file}: ${link}`),
  );

  expect(broken).toEqual([]);
});

import { join } from 'node:path';

import { describeWithChromium } from '../helpers/browser-tier';
import { FleetRunner } from '../cli/fleet-runner';
import { stopWorker } from '../cli/running-fleet';
import { rollOut, twoWaves } from '../cli/sandbox-fleet';

import { openBrowser, openPage, screenshots, type Look, type QuietBrowser } from './page-watch';

const looks: readonly Look[] = [1280, 390].flatMap((width) => [
  { width, scheme: 'light' as const },
  { width, scheme: 'dark' as const },
]);
/** The name of an account that would break a page, were it put there as it is. */
const HOSTILE = '<img src=x onerror=alert(1)> & "co"';

interface Listed {
  readonly dashboards: readonly { readonly name: string; readonly account: string; readonly page: string }[];
  readonly pages: { readonly written: readonly string[] };
}

describeWithChromium('the pages of fleet dashboards --html', () => {
  const fleet = new FleetRunner('worker');
  let chromium: QuietBrowser;
  let listed: Listed;
  const file = (page: string) => join(fleet.directory, 'pages', page);
  const pageOf = (name: string) => listed.dashboards.find((one) => one.name === name)?.page ?? `no page of ${name}`;
  const open = (page: string, look: Look = { width: 1280, scheme: 'light' }) => openPage(chromium, file(page), look);

  beforeAll(async () => {
    await fleet.run('init', '.', '--sandbox', '--accounts', '3', '--regions', 'eu-west-1,us-east-1');
    fleet.configure((config) => (config.waves = twoWaves));
    fleet.organize((organization) => {
      const [last] = organization.accounts.slice(-1);
      if (last) last.name = HOSTILE;
    });
    expect((await rollOut(fleet)).exitCode).toBe(0);
    const ran = await fleet.run('dashboards', '--html', join(fleet.directory, 'pages'), '--json');
    expect(ran.exitCode).toBe(0);
    listed = ran.result as Listed;
    chromium = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await chromium.close();
    fleet.remove();
    stopWorker();
  });

  test('are one a dashboard, an index and the runbooks', () => {
    // Six targets, the region view of each region, and the three of the whole fleet.
    expect(listed.dashboards).toHaveLength(6 + 2 + 3);
    expect(listed.pages.written).toEqual(expect.arrayContaining(['index.html', ...listed.dashboards.map(({ page }) => page)]));
  });

  test.each(looks)('have no complaint and no sideways scroll at $width pixels, $scheme', async (look) => {
    const shown = ['index.html', pageOf('orders-overview'), pageOf('orders-region-eu-west-1'), pageOf('orders-target-eu-west-1'), 'runbooks/order-failures.html']; // prettier-ignore
    for (const name of shown) {
      const { page, complaints } = await open(name, look);
      expect({ name, complaints }).toEqual({ name, complaints: [] });
      const { scroll, client } = await page.evaluate('({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth })') as { scroll: number; client: number }; // prettier-ignore
      expect({ name, scroll }).toEqual({ name, scroll: client });
      const picture = `${name.replace(/^\d{12}\./, '').replace(/[/.]/g, '-')}-${look.width}-${look.scheme}.png`;
      await page.screenshot({ path: join(screenshots, picture), fullPage: true });
      await page.close();
    }
  });

  test('are dark where the reader asks for dark, charts included', async () => {
    const colors = async (scheme: Look['scheme']) => {
      const { page } = await open(pageOf('orders-target-eu-west-1'), { width: 1280, scheme });
      const found = await page.evaluate(
        `[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.wide path[stroke="var(--s1)"]')).stroke]`,
      );
      await page.close();
      return found;
    };
    expect(await colors('light')).toEqual(['rgb(245, 246, 248)', 'rgb(11, 98, 196)']);
    expect(await colors('dark')).toEqual(['rgb(15, 19, 24)', 'rgb(108, 176, 255)']);
  });

  test('are walked by Tab: the skip link, then every link in the order of the page, each with a visible focus', async () => {
    const { page } = await open('index.html');
    const links = (await page.evaluate(`[...document.querySelectorAll('a')].map((link) => link.textContent)`)) as string[];
    const walked: string[] = [];
    for (let step = 0; step < links.length + 10 && walked.length < links.length; step += 1) {
      await page.keyboard.press('Tab');
      const focus = (await page.evaluate(
        `(() => { const here = document.activeElement; const style = getComputedStyle(here); return { isLink: here.tagName === 'A', text: here.textContent, outline: style.outlineStyle + ' ' + style.outlineWidth }; })()`,
      )) as { isLink: boolean; text: string; outline: string };
      expect(focus.outline).toBe('solid 3px');
      if (focus.isLink) walked.push(focus.text);
    }
    expect(walked[0]).toBe('Skip to the content');
    expect(walked).toEqual(links);
    await page.close();
  });

  test('lead from one dashboard to another by Enter alone', async () => {
    const { page } = await open(pageOf('orders-overview'));
    await page.focus(`main a[href="${pageOf('orders-region-us-east-1')}"]`);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    expect(await page.title()).toBe('orders-region-us-east-1');
    await page.close();
  });

  test('have no link to a page that is not there', async () => {
    for (const name of listed.pages.written) {
      const { page } = await open(name);
      const hrefs = (await page.evaluate(`[...document.querySelectorAll('a[href]')].map((link) => link.href).filter((href) => href.startsWith('file:'))`)) as string[]; // prettier-ignore
      const reached = hrefs.map((href) => decodeURIComponent(new URL(href).pathname).slice(file('').length + 1));
      expect(listed.pages.written).toEqual(expect.arrayContaining([...new Set(reached)]));
      await page.close();
    }
  });

  test('tell every chart in words, and its lines in a table with headings', async () => {
    const { page } = await open(pageOf('orders-target-eu-west-1'));
    const labels = (await page.evaluate(`[...document.querySelectorAll('[role=img]')].map((chart) => chart.getAttribute('aria-label'))`)) as string[]; // prettier-ignore
    expect(labels).toContainEqual(expect.stringMatching(/^Line chart of Duration \(ms\), last 3 hours: 5 lines, latest Average \d/));
    const headings = await page.evaluate(`[...document.querySelectorAll('table')].every((table) => table.querySelector('th[scope=col]'))`);
    expect(headings).toBe(true);
    await page.close();
  });

  test('show the name of an account as text, whatever it holds', async () => {
    const { page, complaints } = await open(pageOf('orders-region-eu-west-1'));
    const text = (await page.evaluate('document.body.textContent')) as string;
    expect(text).toContain(HOSTILE);
    expect(await page.evaluate('document.images.length')).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

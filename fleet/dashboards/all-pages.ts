import { counted } from '../../contracts/counted';
import { consoleUrl, dashboardPage, isOverMany, type DeployedDashboard } from './deployed-dashboards';
import { linkTarget, runbookPage } from './dashboard-links';
import { widgetsHtml } from './dashboard-html';
import type { FilledDashboard } from './fill-dashboard';
import { markup, type Html } from './html';
import { markdownHtml } from './markdown-html';
import { pageHtml } from './page-html';

/** A page as it is written: a path below the folder of the pages, and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** What all pages of a run have in common. */
export interface SiteOptions {
  readonly fleet: string;
  readonly asOf: Date;
  /** What a reader must know of the metrics. */
  readonly note: string | null;
  /** Every dashboard that has a page, in the order of the index. */
  readonly dashboards: readonly DeployedDashboard[];
  /** Markdown of runbooks by kind. */
  readonly runbooks: ReadonlyMap<string, string>;
}

/** Dashboards named above every page: those over many targets, of which there are few. */
const MOST_LINKS = 12;
const INDEX = 'index.html';

/** The page of a dashboard. */
export function dashboardPageOf({ dashboard, body, widgets }: FilledDashboard, site: SiteOptions): Page {
  const path = dashboardPage(dashboard);
  const shownFor = body.variables.map(
    ({ label, shown, values }) =>
      markup`Shown for ${label} <strong>${shown}</strong>, one of ${values}: a page has no choices, CloudWatch has them.`,
  );
  const text = pageHtml({
    title: dashboard.name,
    root: '',
    links: linksOf(site, path),
    about: [
      markup`${dashboard.accountName} (${dashboard.account}), ${dashboard.region}.
        <a href="${consoleUrl(dashboard)}" rel="noopener noreferrer">Open in CloudWatch</a>`,
      ...shownFor,
    ],
    content: widgetsHtml(widgets, { places: placesOf(site, dashboard.account), asOf: site.asOf }),
    foot: footOf(site),
  });
  return { path, text };
}

/** The index: every dashboard, and what could not be read. */
export function indexPage(site: SiteOptions, troubles: readonly { readonly target: string; readonly message: string }[]): Page {
  const shared = site.dashboards.filter(isOverMany);
  const own = site.dashboards.filter((dashboard) => !isOverMany(dashboard));
  const missing =
    troubles.length === 0
      ? null
      : markup`<section class="card w24">
          <h2>Not read</h2>
          <p>Dashboards of these targets are not here:</p>
          <ul class="unknown">
            ${troubles.map(({ target, message }) => markup`<li><strong>${target}</strong>: ${message}</li>`)}
          </ul>
        </section>`;
  return {
    path: INDEX,
    text: pageHtml({
      title: `${site.fleet}: dashboards`,
      root: '',
      links: linksOf(site, INDEX),
      about: [markup`${counted(site.dashboards.length, 'dashboard')}.`],
      content: markup`<div class="grid">${missing}${listHtml('Over all accounts', shared)}${listHtml('One account and region', own)}</div>`,
      foot: footOf(site),
    }),
  };
}

/** Pages of the runbooks, so that links to them lead somewhere wherever the folder is put. */
export function runbookPages(site: SiteOptions): readonly Page[] {
  const places = placesOf(site, '');
  return [...site.runbooks].map(([kind, markdown]) => ({
    path: runbookPage(kind),
    text: pageHtml({
      title: `Runbook: ${kind}`,
      root: '../',
      links: linksOf(site, runbookPage(kind)),
      about: [],
      // The page has the heading itself.
      content: markup`<div class="grid">
        <article class="card w24">
          ${markdownHtml(markdown.replace(/^# .*\n+/, ''), { link: (href) => linkTarget(href, places), root: '../', deeper: 0 })}
        </article>
      </div>`,
      foot: footOf(site),
    }),
  }));
}

function listHtml(title: string, dashboards: readonly DeployedDashboard[]): Html | null {
  if (dashboards.length === 0) return null;
  const rows = dashboards.map(
    (dashboard) =>
      markup`<tr>
        <th scope="row"><a href="${dashboardPage(dashboard)}">${dashboard.name}</a></th>
        <td>${dashboard.accountName} (${dashboard.account})</td>
        <td>${dashboard.region}</td>
        <td>${dashboard.body.widgets.length}</td>
      </tr>`,
  );
  return markup`<section class="card w24">
    <h2>${title}</h2>
    <div class="scroll" role="region" aria-label="${title}" tabindex="0">
      <table class="data">
        <thead>
          <tr>
            <th scope="col">dashboard</th>
            <th scope="col">account</th>
            <th scope="col">region</th>
            <th scope="col">widgets</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`;
}

function linksOf({ dashboards }: SiteOptions, here: string) {
  const named = dashboards.filter(isOverMany).slice(0, MOST_LINKS);
  return [
    { text: 'All dashboards', path: INDEX, isHere: here === INDEX },
    ...named.map((dashboard) => {
      const path = dashboardPage(dashboard);
      return { text: dashboard.name, path, isHere: here === path };
    }),
  ];
}

function placesOf({ dashboards, runbooks }: SiteOptions, account: string) {
  return {
    account,
    pages: dashboards.map((dashboard) => ({ name: dashboard.name, account: dashboard.account, path: dashboardPage(dashboard) })),
    runbooks: new Set(runbooks.keys()),
  };
}

function footOf({ asOf, note }: SiteOptions): Html {
  return markup`As of ${asOf.toISOString().slice(0, 19).replace('T', ' ')} UTC; times are UTC. ${note}`;
}

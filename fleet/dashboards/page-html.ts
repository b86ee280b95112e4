import { createHash } from 'node:crypto';

import { markup, trusted, type Html } from './html';
import { stylesheet } from './stylesheet';

/** Mark of a page that this product wrote, and may write again. */
export const GENERATOR_MARK = '<meta name="generator" content="order-fleet dashboards">';

/** What every page has around its content. */
export interface PageParts {
  readonly title: string;
  /** Path from the page to the folder of the pages: empty, or `../`. */
  readonly root: string;
  readonly links: readonly { readonly text: string; readonly path: string; readonly isHere: boolean }[];
  /** Below the heading. */
  readonly about: readonly Html[];
  readonly content: Html;
  readonly foot: Html;
}

const styleHash = createHash('sha256').update(stylesheet).digest('base64');
/** No script, nothing from anywhere: one stylesheet, known by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** A whole page. */
export function pageHtml({ title, root, links, about, content, foot }: PageParts): string {
  const items = links.map(({ text, path, isHere }) =>
    isHere
      ? markup`<li><a href="${root}${path}" aria-current="page">${text}</a></li>`
      : markup`<li><a href="${root}${path}">${text}</a></li>`,
  );
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${trusted(GENERATOR_MARK)}
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        ${trusted(`<style>${stylesheet}</style>`)}
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
          <nav aria-label="Dashboards">
            <ul>
              ${items}
            </ul>
          </nav>
          <h1>${title}</h1>
          ${about.map((line) => markup`<p class="about">${line}</p>`)}
        </header>
        <main id="content" tabindex="-1">${content}</main>
        <footer>${foot}</footer>
      </body>
    </html> `.text;
}

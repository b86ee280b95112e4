import MarkdownIt from 'markdown-it';

import { visibleLines } from '../visible-text';

import type { LinkTarget } from './dashboard-links';
import { markup, trusted, type Html } from './html';

/** How Markdown is put on a page. */
export interface MarkdownOptions {
  /** Where a link leads. */
  readonly link: (href: string) => LinkTarget;
  /** From the page to the folder of the pages: empty, or `../`. */
  readonly root: string;
  /** Added to the level of each heading: the page has its own first one. */
  readonly deeper: number;
}

/** Pages show no pictures and no HTML of others: CloudWatch shows neither in text widgets. */
const markdown = new MarkdownIt({ html: false, linkify: false }).disable('image');

/** CloudWatch draws `[button:primary:text](url)` as a button. */
const BUTTON = /\[button:(?:primary:)?/g;

/** Markdown as HTML; what it holds of HTML is shown as text, and links lead where `link` says. */
export function markdownHtml(text: string, { link, root, deeper }: MarkdownOptions): Html {
  const tokens = markdown.parse(text.replace(BUTTON, '['), {});
  for (const token of tokens) {
    if (token.type === 'heading_open' || token.type === 'heading_close') token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + deeper)}`;
    if (token.type === 'table_open') token.attrSet('class', 'data');
    if (token.type === 'th_open') token.attrSet('scope', 'col');
    let isLink = true;
    let isInside = false;
    for (const child of token.children ?? []) {
      if (child.type === 'link_open' || child.type === 'link_close') isInside = child.type === 'link_open';
      if (child.type === 'link_open') isLink = turn(child, link(child.attrGet('href') ?? ''), root);
      else if (child.type === 'link_close' && !isLink) child.tag = 'span';
      else if (child.type === 'code_inline' && !isInside) linkCode(child, { link, root });
    }
  }
  // Of what was rendered: Markdown may write a character as a number.
  const rendered = visibleLines(markdown.renderer.render(tokens, markdown.options, {}));
  return trusted(
    rendered
      .replaceAll('<table class="data">', '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table class="data">')
      .replaceAll('</table>', '</table></div>'),
  );
}

/** CloudWatch knows no runbooks, so bodies name them as code: one that has a page leads there. */
function linkCode(child: ReturnType<typeof markdown.parse>[number], { link, root }: Pick<MarkdownOptions, 'link' | 'root'>): void {
  const target = child.content.endsWith('.md') ? link(child.content) : null;
  if (target?.kind !== 'page') return;
  child.type = 'html_inline';
  child.content = markup`<a href="${root}${target.path}"><code>${child.content}</code></a>`.text;
}

/** Turns a link's token; false where it becomes text. */
function turn(token: ReturnType<typeof markdown.parse>[number], target: LinkTarget, root: string): boolean {
  switch (target.kind) {
    case 'page':
      token.attrs = [['href', `${root}${target.path}`]];
      return true;
    case 'outside':
      token.attrs = [
        ['href', target.url],
        ['rel', 'noopener noreferrer'],
      ];
      return true;
    case 'none':
      token.tag = 'span';
      token.attrs = [['title', target.why]];
      return false;
    default:
      throw new Error(`unknown target ${JSON.stringify(target satisfies never)}`);
  }
}

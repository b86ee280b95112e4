import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { root } from './page';

/** A command line that somebody is told to use, and where. */
export interface Advised {
  readonly where: string;
  /** Without `fleet`, with its placeholders. */
  readonly command: string;
}

/** What stands for a value that is only known when it is told. */
const VALUE = 'VALUE';

/** Every command line of the documentation: code spans, and lines of shell blocks. */
export function commandsOfPages(): readonly Advised[] {
  const pages = ['README.md', ...below('docs', '.md')];
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'));
    const spans = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`(fleet [^`]+)`/g)].map(([, span = '']) => span);
    return [...blocks, ...spans].flatMap(commandsIn).map((command) => ({ where: page, command }));
  });
}

/** Every command line in the texts of the sources: all that stand between backticks, and the known verbs in plain words. */
export function commandsOfSources(verbs: readonly string[]): readonly Advised[] {
  return ['fleet', 'contracts', 'sandbox', 'policy-pack']
    .flatMap((folder) => below(folder, '.ts'))
    .flatMap((path) => {
      const told: string[] = [];
      const visit = (node: ts.Node): void => {
        if (ts.isStringLiteralLike(node)) told.push(node.text);
        else if (ts.isTemplateExpression(node))
          told.push(node.head.text + node.templateSpans.map(({ literal }) => VALUE + literal.text).join(''));
        ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.ES2022, true));
      return told
        .flatMap((text) => [
          ...[...text.matchAll(/`(fleet [^`]+)`/g)].flatMap(([, span = '']) => commandsIn(span)),
          ...plainCommands(text.replaceAll(/`[^`]*`/g, ''), verbs),
        ])
        .map((command) => ({ where: path, command }));
    });
}

/** As it could be typed: one of each choice, placeholders as values. */
export function typed(command: string): readonly string[] {
  return command
    .replaceAll(/<[^>]*>/g, VALUE)
    .replaceAll(/[[\]]/g, ' ')
    .replaceAll(/"[^"]*"/g, VALUE)
    .replaceAll(/(--format) \S+/g, '$1 html')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '...' && word !== '…' && word !== 'filters');
}

function commandsIn(line: string): readonly string[] {
  return line
    .replace(/\s#\s.*$/, '')
    .split(/&&?|;|\|\||\s>\s/)
    .flatMap((part) => /^\s*(?:do )?fleet (\S.*)$/.exec(part)?.[1] ?? []);
}

/** A verb and the flags that follow it in a sentence, as far as they do. */
function plainCommands(text: string, verbs: readonly string[]): readonly string[] {
  return [...text.matchAll(/\bfleet ([a-z][a-z-]*)((?: (?:--[a-z-]+|-[a-z]|[A-Z]{2,}[A-Za-z]*|<[^>]*>))*)/g)]
    .filter(([, verb = '']) => verbs.includes(verb))
    .map(([, verb = '', rest = '']) => verb + rest);
}

function below(folder: string, extension: string): readonly string[] {
  return (readdirSync(join(root, folder), { recursive: true }) as string[])
    .filter((path) => path.endsWith(extension))
    .map((path) => join(folder, path));
}

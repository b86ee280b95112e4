import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/** Codes that sources can emit, read from their syntax trees. */
export interface EmittedCodes {
  /** Levels by code, of calls of `report`. */
  readonly messages: ReadonlyMap<string, ReadonlySet<string>>;
  /** Codes with a source, as `user/exists`; where a part is only known at run time, as `aws/<name>`. */
  readonly errors: ReadonlySet<string>;
  /** Expressions that stand for the code of a message where it is no literal. */
  readonly computed: ReadonlySet<string>;
}

/** Reads every source below a folder. */
export function emittedCodes(folder: string): EmittedCodes {
  const messages = new Map<string, Set<string>>();
  const errors = new Set<string>();
  const computed = new Set<string>();

  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (ts.isCallExpression(node)) {
      const name = calledName(node.expression);
      const [first] = node.arguments;
      if (first === undefined) return;
      if (name === 'report' && ts.isObjectLiteralExpression(first)) takeMessage(first);
      if (name === 'userError' || name === 'userProblems') textsOf(first).forEach((what) => errors.add(`user/${what}`));
    }
    if (ts.isNewExpression(node) && calledName(node.expression) === 'FleetError') takeErrors(node.arguments?.[0]);
    if ((ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) && /^(blockedC|c)ode$/.test(node.name.getText()))
      takeErrors(node.initializer);
    // A YAML file names its kind once, and every problem in it has the code of that.
    if (ts.isObjectLiteralExpression(node) && property(node, 'schema')) {
      textsOf(property(node, 'what')).forEach((what) => errors.add(`user/${what}`));
    }
  };
  const takeErrors = (expression: ts.Node | undefined) => {
    textsOf(expression).filter((text) => /^(user|fleet|aws|pulumi)\/./.test(text)).forEach((code) => errors.add(code)); // prettier-ignore
  };
  const takeMessage = (message: ts.ObjectLiteralExpression) => {
    const code = property(message, 'code');
    const levels = textsOf(property(message, 'level')).filter((text) => LEVELS.has(text));
    if (code === undefined || !ts.isStringLiteral(code)) {
      computed.add(code?.getText() ?? 'code');
      return;
    }
    messages.set(code.text, new Set([...(messages.get(code.text) ?? []), ...levels]));
  };

  for (const file of sourcesIn(folder)) visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true));
  return { messages, errors, computed };
}

const LEVELS: ReadonlySet<string> = new Set(['debug', 'info', 'warning', 'error', 'result']);

function sourcesIn(folder: string): readonly string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => path.endsWith('.ts') && path !== 'errors.ts')
    .map((path) => join(folder, path));
}

function calledName(expression: ts.Expression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function property(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  return object.properties.filter(ts.isPropertyAssignment).find((one) => one.name.getText() === name)?.initializer;
}

/** Literal texts of an expression, wherever in it they stand; of a template its beginning, with `<name>` for the rest. */
function textsOf(expression: ts.Node | undefined): readonly string[] {
  if (expression === undefined) return [];
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isTemplateExpression(expression)) return expression.head.text === '' ? [] : [`${expression.head.text}<name>`];
  const texts: string[] = [];
  ts.forEachChild(expression, (child) => void texts.push(...textsOf(child)));
  return texts;
}

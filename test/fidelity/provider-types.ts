import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import * as ts from 'typescript';

/** One input as `@pulumi/aws` types it. */
export interface ProviderInput {
  readonly deprecated: string | null;
  /** What a nested value is made of; null where it has no structure of its own. */
  readonly nested: ReadonlyMap<string, ProviderInput> | null;
}

type Inputs = ReadonlyMap<string, ProviderInput>;

const root = dirname(require.resolve('@pulumi/aws/package.json'));
const known = new Map<string, Inputs>();
let structures: ReadonlyMap<string, ts.InterfaceDeclaration> | undefined;

/** Inputs of a resource type such as `aws:sqs/queue:Queue`, read from the provider's typings. Throws for a type that it has not. */
export function ownInputs(type: string): Inputs {
  const [, path = '', name = ''] = type.split(':');
  let inputs = known.get(type);
  if (!inputs) {
    const declared = interfacesOf(parse(`${path}.d.ts`)).get(`${name}Args`);
    if (!declared) throw new Error(`@pulumi/aws has no ${name}Args in ${path}.d.ts`);
    inputs = inputsOf(declared);
    known.set(type, inputs);
  }
  return inputs;
}

function inputsOf(declared: ts.InterfaceDeclaration): Inputs {
  return new Map(declared.members.filter(ts.isPropertySignature).map((member) => [member.name.getText(), inputOf(member)]));
}

function inputOf(member: ts.PropertySignature): ProviderInput {
  const deprecated = ts.getJSDocDeprecatedTag(member);
  const reference = /\binputs\.([\w.]+)/.exec(member.type?.getText() ?? '')?.[1];
  let nested: Inputs | null | undefined;
  return {
    deprecated: deprecated ? (ts.getTextOfJSDocComment(deprecated.comment) ?? 'deprecated') : null,
    // Structures may contain themselves, so that they are read when somebody looks.
    get nested() {
      return (nested ??= reference === undefined ? null : structureOf(reference));
    },
  };
}

function structureOf(reference: string): Inputs {
  structures ??= interfacesOf(parse('types/input.d.ts'));
  const declared = structures.get(reference);
  if (!declared) throw new Error(`@pulumi/aws has no inputs.${reference}`);
  return inputsOf(declared);
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);
}

/** By name, those of namespaces as `lambda.FunctionEnvironment`. */
function interfacesOf(source: ts.SourceFile): ReadonlyMap<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const walk = (node: ts.Node, prefix: string): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(`${prefix}${node.name.text}`, node);
    else if (ts.isModuleDeclaration(node) && node.body) ts.forEachChild(node.body, (child) => walk(child, `${prefix}${node.name.text}.`));
    else if (ts.isModuleBlock(node)) ts.forEachChild(node, (child) => walk(child, prefix));
  };
  ts.forEachChild(source, (node) => walk(node, ''));
  return found;
}

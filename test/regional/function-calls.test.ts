import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import type { PolicyDocument } from '../../layer-kit/policy-document';
import { functionCalls, serviceCalls, type FunctionName } from '../../regional/function-calls';
import { deadLetterFunctionPolicy, orderFunctionPolicy } from '../../regional/function-policies';

const lambda = join(__dirname, '../../lambda');
const access = { logGroupArn: 'arn:log', sourceQueueArn: 'arn:source', tracing: 'active', keyArn: 'arn:key' } as const;
const policies: Readonly<Record<FunctionName, PolicyDocument>> = {
  order: orderFunctionPolicy({ ...access, deadLetterQueueArn: 'arn:dlq', tableArn: 'arn:table' }),
  'dead-letter': deadLetterFunctionPolicy({ ...access, archiveArn: 'arn:bucket' }),
};
const functions = Object.keys(functionCalls) as readonly FunctionName[];

test('the table names every function that there is', () => {
  const folders = readdirSync(lambda).filter((name) => name !== 'common');

  expect([...functions].sort()).toEqual(folders.sort());
});

test.each(functions)('the commands that %s makes are those of the table, and no others', (name) => {
  const made = [...commandsBelow(join(lambda, name)), ...commandsBelow(join(lambda, 'common'))];

  expect([...new Set(made)].sort()).toEqual(Object.keys(functionCalls[name]).sort());
});

test.each(functions)('%s may do what its commands and its service ask for, and nothing else', (name) => {
  const { handOver, ...common } = serviceCalls;
  const asked = [...Object.values(functionCalls[name]), ...Object.values(common).flat(), ...(name === 'order' ? handOver : [])];
  const allowed = policies[name].Statement.flatMap(({ Action }) => Action);

  expect([...allowed].sort()).toEqual([...asked].sort());
});

test('a command is found however it is written', () => {
  expect(commandsIn('client.send(new sdk.GetItemCommand({})); const Made = new QueryCommand({}); // new PutCommand({})')).toEqual([
    'GetItemCommand',
    'QueryCommand',
  ]);
});

function commandsBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => commandsIn(readFileSync(join(folder, file), 'utf8')));
}

/** Classes of the SDK's commands that a source makes. */
function commandsIn(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node)) {
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : ts.isIdentifier(expression) ? expression.text : '';
      if (name.endsWith('Command')) found.push(name);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

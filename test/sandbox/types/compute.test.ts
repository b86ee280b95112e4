import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as z from 'zod';

import { computeTypes } from '../../../sandbox/types/compute';

/** Names of the inputs in the provider's typings. */
function providerInputs(token: string): readonly string[] {
  const [, path = '', name = ''] = token.split(':');
  const text = readFileSync(join(__dirname, '../../../node_modules/@pulumi/aws', `${path}.d.ts`), 'utf8');
  const args = text.slice(text.indexOf(`export interface ${name}Args {`));
  return [...args.matchAll(/^ {4}(\w+)\??: pulumi\.Input/gm)].map(([, input = '']) => input);
}

function shapeKeys(shape: z.ZodType): readonly string[] {
  if (!(shape instanceof z.ZodObject)) throw new Error('the shape is no object');
  return Object.keys(shape.shape);
}

describe.each(computeTypes.map((type) => [type.type, type] as const))('%s', (token, type) => {
  test('knows no input that the provider does not know', () => {
    const known = providerInputs(token);
    expect(known).not.toHaveLength(0);
    expect(shapeKeys(type.inputs).filter((input) => !known.includes(input))).toEqual([]);
  });

  test('takes tags exactly where the provider does', () => {
    expect(type.taggable).toBe(providerInputs(token).includes('tags'));
    expect(shapeKeys(type.inputs).includes('tags')).toBe(type.taggable);
  });

  test('is replaced by inputs that the provider knows', () => {
    expect(type.replaceOn).not.toHaveLength(0);
    expect(type.replaceOn.filter((input) => !providerInputs(token).includes(input) && input !== 'expectedBucketOwner')).toEqual([]);
  });

  test('refuses an input that nobody knows, by name', () => {
    const result = type.inputs.safeParse({ notAnInput: 1 });
    expect(result.error?.issues.some(({ message }) => message.includes('notAnInput'))).toBe(true);
  });
});

test('every type has a token of its own', () => {
  expect(new Set(computeTypes.map(({ type }) => type)).size).toBe(computeTypes.length);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import * as z from 'zod';

import { accountIdSchema } from '../../../contracts/ids';
import { parseYaml, readYamlFile } from '../../../fleet/config/yaml-file';
import { isFleetError } from '../../../fleet/errors';

import { problemsOf } from './problems-of';

const schema = z.strictObject({
  name: z.string(),
  size: z.number().optional(),
  kind: z.enum(['small', 'large']).optional(),
  account: accountIdSchema.optional(),
  nested: z.strictObject({ memoryMb: z.number(), deep: z.strictObject({ id: z.string() }).optional() }).optional(),
  list: z.array(z.strictObject({ id: z.string() })).optional(),
  free: z.record(z.string(), z.unknown()).optional(),
  either: z.union([z.strictObject({ https: z.string() }), z.strictObject({ email: z.string() })]).optional(),
});

const parse = (text: string) => parseYaml(text, { schema, what: 'thing', file: 'thing.yaml' });
const refused = (text: string) => problemsOf(() => parse(text)).problems;

describe('parseYaml', () => {
  test('gives the data and the position of its parts', () => {
    const file = parse('# comment\nname: a\nnested:\n  memoryMb: 5\nlist: [{ id: x }]\n');

    expect(file.data).toEqual({ name: 'a', nested: { memoryMb: 5 }, list: [{ id: 'x' }] });
    expect(file.at(['nested', 'memoryMb'])).toEqual({ file: 'thing.yaml', line: 4, column: 13 });
    expect(file.at(['list', 0, 'id'])).toEqual({ file: 'thing.yaml', line: 5, column: 14 });
    expect(file.at(['nested', 'absent'])).toEqual({ file: 'thing.yaml', line: 4, column: 3 });
  });

  test.each([
    ['a missing key at its parent', 'size: 1\nlist:\n  - {}\n', ['1:1: name is missing', '3:5: list[0].id is missing']],
    ['an empty value at its key', 'name: a\nsize:\n', ['2:1: size is empty: give it a value or remove it']],
    ['a value of the wrong type', 'name: a\nsize: big\n', ['2:7: size must be a number, not "big"']],
    ['a list in place of a text', 'name: [a]\n', ['1:7: name must be text, not a list']],
    ['a text in place of a mapping', 'name: a\nnested: b\n', ['2:9: nested must be a mapping, not "b"']],
    ['an unquoted text', 'name: 5\n', ['1:7: name must be text, not the number 5: quote it as "5"']],
    ['an unquoted true', 'name: true\n', ['1:7: name must be text, not the boolean true: quote it as "true"']],
    ['a value outside a list of choices', 'name: a\nkind: smal\n', ['2:7: kind "smal" is not one of small, large; did you mean small?']],
    [
      'an unknown key near a known one',
      'name: a\nnested: { memoryMB: 1, memoryMb: 1 }\n',
      ['2:11: unknown key memoryMB; did you mean memoryMb?'],
    ],
    [
      'an unknown key near none',
      'name: a\nnested: { zzzzzz: 1, memoryMb: 1 }\n',
      ['2:11: unknown key zzzzzz; known keys are deep, memoryMb'],
    ],
    ['an unknown key of a union', 'name: a\neither:\n  emial: x\n', ['3:3: unknown key emial; did you mean email?']],
    [
      'a merge key',
      'name: a\n<<: { size: 1 }\n',
      ['2:1: unknown key <<; known keys are account, either, free, kind, list, name, nested, size'],
    ],
  ])('refuses %s', (_name, text, problems) => {
    expect(refused(text)).toEqual(problems);
  });

  test('shows an unquoted account id as it is written, with the zero that the number has lost', () => {
    expect(refused('name: a\naccount: 012345678901\n')).toEqual([
      '2:10: account id 012345678901 must be quoted: YAML reads it as a number; write "012345678901"',
    ]);
  });

  test.each([
    ['an unclosed list', 'name: [a\n', /^2:1: malformed YAML: flow sequence/],
    ['a tab as indentation', 'nested:\n\tmemoryMb: 1\n', /^2:1: malformed YAML: tabs are not allowed/],
    ['an unclosed quote', 'name: "a\n', /^2:1: malformed YAML: missing closing "quote/],
    ['a mapping in a value', 'name: a: b\n', /^1:7: malformed YAML: nested mappings/],
    ['a second document', 'name: a\n---\nname: b\n', /^2:1: a second YAML document starts here/],
    ['an empty file', '', /^1:1: the file is empty$/],
    ['a file of comments', '# nothing\n', /^1:1: the file is empty$/],
    ['another YAML version', '%YAML 1.1\n---\nname: yes\n', /^1:1: YAML 1.1 is not supported/],
    ['a duplicate key', 'name: a\nsize: 1\nname: b\n', /^3:1: key name is there twice: remove one$/],
    ['a duplicate key of two spellings', 'name: a\n"name": b\n', /^2:1: key name is there twice/],
    ['a tag', 'name: !secret a\n', /^1:15: YAML tag !secret is not allowed/],
    ['a known tag', 'name: !!str 5\n', /^1:13: YAML tag tag:yaml.org,2002:str is not allowed/],
    ['a key that is no text', 'name: a\n? [1, 2]\n: 3\n', /^2:3: a key must be plain text/],
    ['an alias without its anchor', 'name: *nobody\n', /^1:7: alias \*nobody has no anchor &nobody before it$/],
    ['an alias inside its own anchor', 'name: a\nfree: &x { y: *x }\n', /^2:15: alias \*x stands inside its own anchor$/],
  ])('refuses %s with its position', (_name, text, problem) => {
    const problems = refused(text);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  test.each(['__proto__', 'constructor', 'prototype'])('refuses the key %s at any depth', (key) => {
    expect(refused(`name: a\nfree:\n  - {}\n`)).toHaveLength(1);
    expect(refused(`name: a\nfree:\n  x: { "${key}": { admin: true } }\n`)).toEqual([
      `3:8: key ${key} is not allowed in any file of the fleet: remove it`,
    ]);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  test('tells all problems of a file at once, in the order of the file', () => {
    const text = 'size: x\nnested:\n  memoryMB: 1\nnested2: 1\nname: a\nname: b\n';

    expect(refused(text).map((problem) => problem.split(': ')[0])).toEqual(['1:7', '3:3', '3:3', '4:1', '6:1']);
  });

  test('keeps findings between parts of the data when the schema refuses something else', () => {
    const check = () => [{ path: ['name'], message: 'found by the check' }];

    const { problems } = problemsOf(() => parseYaml('name: a\nsize: x\n', { schema, what: 'thing', file: 'f', check }));

    expect(problems).toEqual(['1:7: found by the check', '2:7: size must be a number, not "x"']);
  });

  test('resolves aliases, and finds positions behind them', () => {
    const file = parse('name: a\nfree: { base: &base { id: x } }\nlist: [*base, *base]\n');

    expect(file.data.list).toEqual([{ id: 'x' }, { id: 'x' }]);
    expect(file.at(['list', 1, 'id'])).toEqual({ file: 'thing.yaml', line: 2, column: 27 });
  });

  test('refuses an alias bomb without expanding it', () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `  l${level + 1}: &l${level + 1} [${Array<string>(9).fill(`*l${level}`).join(', ')}]`,
    );
    const bomb = `name: a\nfree:\n  l0: &l0 [x, x, x]\n${levels.join('\n')}\n`;
    const started = performance.now();

    const problems = refused(bomb);

    expect(performance.now() - started).toBeLessThan(200);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^\d+:\d+: aliases expand to more than 10000 values: write the values out$/);
  });

  test.each([
    ['flow', `name: a\nfree: { x: ${'['.repeat(5000)}${']'.repeat(5000)} }\n`],
    ['block', `name: a\nfree:\n${Array.from({ length: 3000 }, (_, level) => `${' '.repeat(level + 1)}k:`).join('\n')} 1\n`],
  ])('refuses absurdly deep %s collections', (_name, text) => {
    expect(refused(text)[0]).toMatch(/nested|malformed YAML/);
  });

  test('refuses any text with positions inside it, and never throws anything else', () => {
    const token = fc.constantFrom(
      'name',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '&x ',
      '*x',
      '"',
      "'",
      '|',
      '!t ',
      '---\n',
      '#',
      '5',
      '\r\n',
      '\t',
      'é',
      '<<',
      '%',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        const text = tokens.join('');
        try {
          expect(typeof parse(text).data.name).toBe('string');
        } catch (error) {
          if (!isFleetError(error)) throw error;
          const lines = text.split('\n');
          for (const { at } of error.problems) {
            expect(at?.line).toBeGreaterThanOrEqual(1);
            expect(at?.line).toBeLessThanOrEqual(lines.length);
            expect(at?.column).toBeGreaterThanOrEqual(1);
            expect(at?.column).toBeLessThanOrEqual((lines[(at?.line ?? 1) - 1] ?? '').length + 1);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('readYamlFile', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'yaml-file-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (name: string, maxBytes?: number) =>
    problemsOf(() => readYamlFile(join(folder, name), { schema, what: 'thing', ...(maxBytes === undefined ? {} : { maxBytes }) }));

  test('reads a file, with or without a byte order mark', () => {
    writeFileSync(join(folder, 'bom.yaml'), '\ufeffname: a\n');

    expect(readYamlFile(join(folder, 'bom.yaml'), { schema, what: 'thing' }).data).toEqual({ name: 'a' });
  });

  test('refuses what is not a readable file of reasonable size, by its path', () => {
    mkdirSync(join(folder, 'directory.yaml'));
    writeFileSync(join(folder, 'large.yaml'), `name: ${'a'.repeat(100)}\n`);
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9]));

    expect(read('absent.yaml')).toEqual({
      code: 'user/thing',
      problems: [`${join(folder, 'absent.yaml')} does not exist: check the path`],
    });
    expect(read('directory.yaml').problems).toEqual([`${join(folder, 'directory.yaml')} is a folder: name the file in it`]);
    expect(read('large.yaml', 50).problems).toEqual([`${join(folder, 'large.yaml')} has 107 bytes, more than the 50 allowed`]);
    expect(read('latin1.yaml').problems).toEqual([`${join(folder, 'latin1.yaml')} cannot be read as UTF-8 text`]);
  });
});

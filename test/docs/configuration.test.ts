import type * as z from 'zod';

import { layers } from '../../contracts/layers';
import { fleetFileSchema } from '../../fleet/config/fleet-file';
import { knownKeys } from '../../fleet/config/known-keys';
import { parseFleetConfig } from '../../fleet/config/load-config';
import { parseYaml } from '../../fleet/config/yaml-file';
import { organizationSchema } from '../../sandbox/organization';

import { fencedBlocks, namedInFirstCells, page, repeated, section } from './page';

interface Key {
  readonly key: string;
  /** No further keys below it. */
  readonly leaf: boolean;
}

/** Every key of a schema as the page writes it: `waves[].pick.count`. */
function keysOf(schema: z.ZodType, path: readonly PropertyKey[] = [], prefix = ''): readonly Key[] {
  return knownKeys(schema, path).flatMap((name) => {
    const inner = keysOf(schema, [...path, name], `${prefix}${name}.`);
    const items = keysOf(schema, [...path, name, 0], `${prefix}${name}[].`);
    return [{ key: prefix + name, leaf: inner.length + items.length === 0 }, ...inner, ...items];
  });
}

const text = page('configuration.md');
const tablesOf = (prefix: string) =>
  [...text.matchAll(/^## (.*)$/gm)].flatMap(([, heading = '']) => (heading.startsWith(prefix) ? [section(text, heading)] : []));
const isKey = (name: string) => !['dev', 'careful', 'emergency'].includes(name);

describe.each([
  { file: 'fleet.yaml', schema: fleetFileSchema(layers), documented: tablesOf('fleet.yaml: ').flatMap(namedInFirstCells).filter(isKey) },
  { file: 'organization.yaml', schema: organizationSchema, documented: namedInFirstCells(section(text, 'organization.yaml')) },
])('docs/configuration.md on $file', ({ schema, documented }) => {
  const keys = keysOf(schema);

  test('names no key that the file does not have', () => {
    expect(documented.filter((name) => !keys.some(({ key }) => key === name))).toEqual([]);
    expect(repeated(documented)).toEqual([]);
  });

  test('has every key, by itself or with the one it is a part of', () => {
    const covered = (key: string) => documented.some((name) => key === name || key.startsWith(`${name}.`) || key.startsWith(`${name}[].`));
    // A row for the whole list says nothing of the keys of its items.
    const listed = documented.includes('waves') ? keys.filter(({ key }) => key.startsWith('waves[].')) : [];

    expect(keys.filter(({ key, leaf }) => leaf && !covered(key))).toEqual([]);
    expect(listed.filter(({ key, leaf }) => leaf && !documented.includes(key))).toEqual([]);
  });
});

describe('the examples of docs/configuration.md', () => {
  const blocks = fencedBlocks(text, 'yaml');
  const named = (name: string) => blocks.filter((block) => block.startsWith(`# ${name}\n`));

  test('are all there', () => {
    expect(blocks).toHaveLength(named('fleet.yaml').length + named('organization.yaml').length);
    expect(named('fleet.yaml')).toHaveLength(2);
    expect(named('organization.yaml')).toHaveLength(1);
  });

  test.each(named('fleet.yaml'))('are files that the fleet reads: fleet.yaml %#', (block) => {
    expect(parseFleetConfig(block, { path: '/fleet.yaml' }).name).toBe('orders');
  });

  test.each(named('organization.yaml'))('are files that the fleet reads: organization.yaml %#', (block) => {
    const { data } = parseYaml(block, { schema: organizationSchema, what: 'organization-file', file: '/organization.yaml' });

    expect(data.accounts).toHaveLength(6);
  });
});

import type { ResourceType } from '../../sandbox/resource-type';
import { faultKinds, organizationSchema } from '../../sandbox/organization';
import { resourceTypes } from '../../sandbox/types';
import { knownKeys } from '../../fleet/config/known-keys';
import { parseYaml } from '../../fleet/config/yaml-file';

import { fencedBlocks, namedInFirstCells, page, section } from './page';

const text = page('sandbox.md');

/** A row of the page's table: type, name space, and what happens where the name is taken. */
function rowOf({ type, scope, onTaken }: ResourceType): readonly string[] {
  // A bucket that is there already is refused with one of two names, by who has it: more than `onTaken` can say.
  if (type === 'aws:s3/bucket:Bucket') return [type, scope, 'refused'];
  const taken = onTaken === 'adopt' ? 'adopted' : onTaken === 'overwrite' ? 'overwritten' : 'refused';
  return [type, scope, taken];
}

test('docs/sandbox.md lists every simulated resource type, sorted, with its name space and what happens where the name is taken', () => {
  const rows = section(text, 'Resource types')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.replaceAll('`', '').trim())); // prettier-ignore

  expect(rows).toEqual([...resourceTypes].map(rowOf).sort(([left = ''], [right = '']) => (left < right ? -1 : 1)));
});

describe('the faults of docs/sandbox.md', () => {
  const faults = section(text, 'Faults');
  const headed = [...faults.matchAll(/^### (.*)$/gm)].flatMap(([, kinds = '']) => kinds.split(', '));

  test('are all kinds there are', () => {
    expect([...headed].sort()).toEqual([...faultKinds].sort());
  });

  test('have every key that a fault has', () => {
    expect([...namedInFirstCells(faults)].sort()).toEqual(knownKeys(organizationSchema, ['faults', 0]));
  });

  test.each([...faults.matchAll(/^### (.*)$/gm)].map(([, heading = '']) => heading))('under %s have an example that is read', (heading) => {
    const [example = ''] = fencedBlocks(section(faults, heading), 'yaml');
    const organization = `id: o-sandbox0001\nmanagementAccount: "100000000001"\naccounts: [{ id: "100000000001", name: management }]\n${example}`;
    const { data } = parseYaml(organization, { schema: organizationSchema, what: 'organization-file', file: 'organization.yaml' });

    expect(data.faults).toHaveLength(1);
    for (const { kind, on } of data.faults) {
      expect(heading.split(', ')).toContain(kind);
      expect([undefined, ...resourceTypes.map(({ type }) => type)]).toContain(on);
    }
  });
});

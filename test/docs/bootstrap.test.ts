import { bootstrapFileSchema } from '../../fleet/bootstrap/bootstrap-file';
import { knownKeys } from '../../fleet/config/known-keys';
import { parseYaml } from '../../fleet/config/yaml-file';

import { fencedBlocks, namedInFirstCells, page, section } from './page';

const text = page('bootstrap.md');

/** Keys that have no further keys below them. */
function leaves(path: readonly string[] = []): readonly string[] {
  const names = knownKeys(bootstrapFileSchema, path);
  return names.length === 0 ? [path.join('.')] : names.flatMap((name) => leaves([...path, name]));
}

test('docs/bootstrap.md has every key of bootstrap.yaml, and no other', () => {
  expect([...namedInFirstCells(section(text, 'bootstrap.yaml'))].sort()).toEqual([...leaves()].sort());
});

test.each(fencedBlocks(text, 'yaml'))('the examples of docs/bootstrap.md are files that the fleet reads', (block) => {
  const { data } = parseYaml(block, { schema: bootstrapFileSchema, what: 'bootstrap-file', file: '/bootstrap.yaml' });

  expect(data.control.roles).toContain('fleet-control');
});

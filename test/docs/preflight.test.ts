import { preflightChecks, verifyChecks } from '../../fleet/checks/check-table';
import { parseYaml } from '../../fleet/config/yaml-file';
import { organizationSchema } from '../../sandbox/organization';

import { fencedBlocks, page, section } from './page';

const text = page('preflight.md');

/** First and second cell of a table's rows whose first cell is a check. */
const checksOf = (heading: string) =>
  section(text, heading)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, 3).map((cell) => cell.replaceAll('`', '').trim())); // prettier-ignore
const plain = (table: Readonly<Record<string, string>>) => Object.entries(table);

describe('docs/preflight.md', () => {
  test('has every check of fleet preflight, in their order, with what it asks', () => {
    expect(checksOf('Preflight')).toEqual(plain(preflightChecks));
  });

  test('has every check of fleet verify, in their order, with what it asks', () => {
    expect(checksOf('Verify')).toEqual(plain(verifyChecks));
  });

  test('has examples that are read', () => {
    const examples = fencedBlocks(section(text, 'In the sandbox'), 'yaml').join('');
    const organization = `id: o-sandbox0001\nmanagementAccount: "100000000001"\naccounts: [{ id: "100000000001", name: management }]\n${examples}`;
    const { data } = parseYaml(organization, { schema: organizationSchema, what: 'organization-file', file: 'organization.yaml' });

    expect(data.drift).toHaveLength(1);
    expect(data.foreign).toHaveLength(1);
  });
});

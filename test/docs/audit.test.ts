import { allRules } from '../../fleet/audit/audit-report';
import { parseBaseline } from '../../fleet/audit/baseline';
import { parseYaml } from '../../fleet/config/yaml-file';
import { organizationSchema } from '../../sandbox/organization';

import { fencedBlocks, page, section } from './page';

const text = page('audit.md');

describe('docs/audit.md', () => {
  test('has every rule, in their order, with its severity and what must hold', () => {
    const rows = section(text, 'The rules')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore

    expect(rows).toEqual(allRules.map(({ id, severity, demands }) => [`\`${id}\``, severity, demands]));
  });

  test('has a baseline that is read', () => {
    const [yaml = ''] = fencedBlocks(section(text, 'The baseline'), 'yaml');

    expect(parseBaseline(yaml, { rules: allRules.map(({ id }) => id), file: 'audit-baseline.yaml' }).accepted).toHaveLength(1);
  });

  test('has examples of the sandbox that are read', () => {
    const examples = fencedBlocks(section(text, 'In the sandbox'), 'yaml').join('');
    const organization = `id: o-sandbox0001\nmanagementAccount: "100000000001"\naccounts: [{ id: "100000000001", name: management }]\n${examples}`;
    const { data } = parseYaml(organization, { schema: organizationSchema, what: 'organization-file', file: 'organization.yaml' });

    expect([data.drift.length, data.foreign.length]).toEqual([1, 1]);
  });
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { createFoundation } from '../../foundation/create-foundation';
import { foundationSettingsSchema } from '../../contracts/foundation';
import { readConfig } from '../../layer-kit/read-config';
import { deployPermissions } from '../../organization/deploy-permissions';
import { withinLimit } from '../../organization/policy-limits';
import { awsResources, renderLayer, shared } from '../layer-kit/render-layer';
import { renderRegional } from '../regional/render-regional';

const LAYERS = ['foundation', 'regional', 'observability', 'layer-kit'];

/** Resource types by the deep imports of the layers' programs: complete whatever the configuration is. */
function typesOfPrograms(): readonly string[] {
  const root = join(__dirname, '..', '..');
  const sources = LAYERS.flatMap((layer) =>
    readdirSync(join(root, layer))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, layer, file), 'utf8')),
  );
  const imports = sources.flatMap((source) => [...source.matchAll(/^import \{ (\w+)[^}]*\} from '@pulumi\/aws\/(\w+\/\w+)';$/gm)]);
  return [...new Set(imports.map(([, name = '', path = '']) => `aws:${path}:${name}`))].sort();
}

describe('the permissions of the deploy role', () => {
  test('cover exactly the resource types of the layers’ programs', () => {
    expect(Object.keys(deployPermissions).sort()).toEqual(typesOfPrograms());
  });

  test('name the types as the programs register them', async () => {
    const foundation = await renderLayer(
      async () => createFoundation({ ...readConfig('foundation', foundationSettingsSchema), environment: {} }),
      {
        layer: 'foundation',
        account: shared,
        settings: {
          sourceAccounts: { kind: 'organisation' },
          subscriptions: { critical: [{ email: 'a@example.com' }], warning: [] },
          existingSink: null,
        },
      },
    );
    const regional = await renderRegional({ order: { encryption: 'customer' } });

    const made = [...awsResources(foundation), ...awsResources(regional)].map(({ type }) => type);
    expect([...new Set(made)].filter((type) => deployPermissions[type] === undefined)).toEqual([]);
  });

  test('are refused when a policy would be too large for IAM', () => {
    const huge = {
      Version: '2012-10-17',
      Statement: [{ Sid: 'a', Effect: 'Allow', Action: Array.from({ length: 700 }, () => 'sqs:SendMessage'), Resource: '*' }],
    } as const;

    expect(() => withinLimit('deploy-data', huge)).toThrow(/policy deploy-data has \d+ characters, IAM takes 6144/);
  });
});

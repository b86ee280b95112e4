import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { accountIdSchema, regionSchema } from '../../../../contracts/ids';
import { targetAt } from '../../../../contracts/target';
import { copyStack } from '../../../../fleet/engine/pulumi/copy-stack';

const folder = mkdtempSync(join(tmpdir(), 'fleet-copy-stack-'));
const homeRegion = regionSchema.parse('eu-west-1');
const target = targetAt({ layer: 'organization', account: accountIdSchema.parse('123456789012'), region: homeRegion });
const STACK = '.pulumi/stacks/organization/123456789012.eu-west-1.json';
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a stack is copied with what marks its backend, and nothing of others', async () => {
  const from = join(folder, 'from');
  for (const key of ['.pulumi/meta.yaml', STACK, '.pulumi/stacks/regional/other.json']) {
    mkdirSync(join(from, key, '..'), { recursive: true });
    writeFileSync(join(from, key), key);
  }
  const url = await copyStack(target, { from: pathToFileURL(from).href, homeRegion, to: join(folder, 'to') });

  expect(readFileSync(join(fileURLToPath(url), STACK), 'utf8')).toBe(STACK);
  expect(existsSync(join(fileURLToPath(url), '.pulumi/stacks/regional'))).toBe(false);
});

test('where there is no backend yet the folder is an empty one', async () => {
  const url = await copyStack(target, { from: null, homeRegion, to: join(folder, 'fresh') });

  expect(existsSync(join(fileURLToPath(url), '.pulumi'))).toBe(false);
});

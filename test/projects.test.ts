import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { parse } from 'yaml';

import { buildOrganization, buildRelease } from '../fleet/release/build-release';
import { writeReleaseTo } from '../fleet/release/release-folder';

const root = resolve(__dirname, '..');
const projects = ['.', 'foundation', 'regional', 'observability'];

interface Project {
  readonly name: string;
  readonly runtime: string;
  readonly main: string;
}

const read = (folder: string) => parse(readFileSync(join(root, folder, 'Pulumi.yaml'), 'utf8')) as Project;

describe('a Pulumi project', () => {
  let built: string;
  beforeAll(async () => {
    // Inside the repository, where `require` finds @pulumi/pulumi as it does from dist/.
    built = mkdtempSync(join(root, 'node_modules/.cache-projects-'));
    writeReleaseTo(join(built, 'dist/release'), {
      files: new Map([...(await buildRelease(root)).files, ...(await buildOrganization(root))]),
    });
  });
  afterAll(() => rmSync(built, { recursive: true, force: true }));

  test.each(projects)('in %s is named like its folder and points to what the build makes', (folder) => {
    const { name, runtime, main } = read(folder);

    expect(name).toBe(folder === '.' ? 'organization' : folder);
    expect(runtime).toBe('nodejs');
    expect(relative(root, resolve(root, folder, main))).toBe(join('dist', 'release', name, 'index.js'));
  });

  test.each(projects)(
    "in %s has a main that is one async function, as Pulumi's language host wants it, and makes nothing when loaded",
    (folder) => {
      const { name } = read(folder);
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- as the language host loads it
      const program = require(join(built, 'dist/release', name, 'index.js')) as unknown;

      expect(Object.prototype.toString.call(program)).toBe('[object AsyncFunction]');
    },
  );
});

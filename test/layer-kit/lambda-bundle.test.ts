import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lambdaBundle } from '../../layer-kit/lambda-bundle';

describe('the code of a function', () => {
  let release = '';
  const program = () => join(release, 'regional');
  const manifest = (content: unknown) =>
    writeFileSync(join(release, 'manifest.json'), typeof content === 'string' ? content : JSON.stringify(content));

  beforeEach(() => {
    release = mkdtempSync(join(tmpdir(), 'release-'));
    mkdirSync(join(release, 'lambda', 'order'), { recursive: true });
    writeFileSync(join(release, 'lambda', 'order', 'index.js'), '');
  });
  afterEach(() => rmSync(release, { recursive: true, force: true }));

  test('stands beside the program, with the digest of the manifest', () => {
    manifest({ version: 1, layers: {}, lambdas: { order: { digest: 'abc', bytes: 1 } }, providerVersion: '7.48.0' });

    expect(lambdaBundle(program(), 'order')).toEqual({ directory: join(release, 'lambda', 'order'), digest: 'abc' });
  });

  test.each([
    {
      when: 'another function is asked for',
      name: 'dead-letter',
      content: { version: 1, lambdas: {} },
      message: /lambda\/dead-letter\/index.js is not beside the program/,
    },
    {
      when: 'the manifest does not list it',
      name: 'order',
      content: { version: 1, lambdas: {} },
      message: /does not list the function order/,
    },
    { when: 'the manifest is damaged', name: 'order', content: '{', message: /is missing or not JSON/ },
    { when: 'the manifest is of another version', name: 'order', content: { version: 9, lambdas: {} }, message: /version/ },
  ])('is refused when $when', ({ name, content, message }) => {
    manifest(content);

    expect(() => lambdaBundle(program(), name)).toThrow(message);
  });

  test('is refused when there is no manifest', () => {
    expect(() => lambdaBundle(program(), 'order')).toThrow(/npm run build/);
  });
});

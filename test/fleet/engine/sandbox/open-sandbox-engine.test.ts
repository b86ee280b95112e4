import { runInNode } from '../../../helpers/run-in-node';

import type { ReleaseRun } from './run-release';

/** Outside jest, whose runner takes every unhandled rejection for a failure of the test, and in whose realm a bundle's arrays are foreign. */
const runRelease = (): ReleaseRun =>
  JSON.parse(
    runInNode(`
      import { runRelease } from './test/fleet/engine/sandbox/run-release';
      void runRelease().then((seen) => process.stdout.write(JSON.stringify(seen)));`),
  ) as ReleaseRun;

test('an opened engine deploys bundles of real programs, and outlives those that fail', () => {
  const { first, second, broken, afterwards, urls } = runRelease();

  const url = 'https://sqs.eu-west-1.amazonaws.com/111111111111/jobs';
  expect(first).toMatchObject({ status: 'succeeded', changes: { create: 4 }, outputs: { url, token: '[secret]' } });
  expect(urls).toEqual([url]);
  expect(second).toMatchObject({ status: 'succeeded', changes: { create: 0, update: 0, replace: 0, delete: 0, same: 4 } });
  expect(broken).toEqual([
    expect.objectContaining({ program: 'throws', error: { code: 'pulumi/program-failed', message: 'program broke', resource: null } }),
    expect.objectContaining({ program: 'rejects', error: { code: 'pulumi/program-failed', message: 'stray rejection', resource: null } }),
    expect.objectContaining({
      program: 'looks',
      error: { code: 'pulumi/program-failed', message: expect.stringContaining('getRegion') as string, resource: null },
    }),
  ]);
  expect(afterwards).toEqual(second);
});

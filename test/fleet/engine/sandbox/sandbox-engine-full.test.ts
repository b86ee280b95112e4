import { DiskLogFile } from '../../../../sandbox/log-file';

import { logGroup } from './graph';
import { TestSandbox, told } from './test-sandbox';

const graph = [logGroup('a'), logGroup('b', {}, { dependsOn: ['a'] })];
const full = new Error('ENOSPC: no space left on device');

describe('a sandbox whose disk is full', () => {
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    sandbox.close();
  });

  test.each([
    ['stacks', 1],
    ['stacks', 3],
    ['world', 1],
    ['world', 2],
  ])('says so of itself, not of the target, and goes on once there is room: %s, at write %i', async (folder, write) => {
    const { append } = DiskLogFile.prototype;
    let writes = 0;
    const spy = jest.spyOn(DiskLogFile.prototype, 'append').mockImplementation(function (this: DiskLogFile, line, at) {
      if (this.path.includes(`/${folder}/`) && (writes += 1) >= write) throw full;
      return append.call(this, line, at);
    });
    const stopped = await sandbox.run('up', graph);

    expect(stopped).toMatchObject({
      status: 'failed',
      error: {
        code: 'fleet/sandbox-io',
        message: expect.stringMatching(/could not be written: ENOSPC.*see to that, then resume$/) as string,
      },
    });
    spy.mockRestore();
    sandbox.restart();
    // Its end was not noted either: nobody takes it for a failure of the target.
    expect((await sandbox.inspect()).lastAttempt?.result ?? null).toBeNull();
    await sandbox.up(graph);
    expect(told((await sandbox.up(graph)).steps)).toEqual(['same a', 'same b']);
  });
});

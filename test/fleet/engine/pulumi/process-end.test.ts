import { EventEmitter } from 'node:events';

import { processEnd, type ProcessEnd } from '../../../../fleet/engine/pulumi/process-end';

/** A child whose events a test emits; what it ended as, or `still waiting`. */
function child() {
  const emitter = Object.assign(new EventEmitter(), { connected: true });
  const started: number[] = [];
  const end = processEnd(emitter, (pid) => started.push(pid));
  const now = async (): Promise<ProcessEnd | 'still waiting'> => {
    await new Promise((settled) => setImmediate(settled));
    return Promise.race([end, Promise.resolve('still waiting' as const)]);
  };
  return { emitter, started, now };
}

const ended = { kind: 'ended', code: 0, signal: null, output: '' } as const;

describe('the end of a process', () => {
  test('is its last word, also where Node tells of its exit first, as it does on a busy machine', async () => {
    const { emitter, now } = child();
    emitter.emit('message', { kind: 'ready' });
    emitter.emit('exit', 0, null);
    const before = await now();
    emitter.emit('message', ended);
    emitter.emit('disconnect');

    expect(before).toBe('still waiting');
    expect(await now()).toEqual(ended);
  });

  test.each([
    ['exits, and then its channel ends', ['exit', 'disconnect']],
    ['loses its channel, and then exits', ['disconnect', 'exit']],
  ])('without a word is that it died: it %s', async (_how, events) => {
    const { emitter, now } = child();
    const seen: unknown[] = [];
    for (const event of events) {
      emitter.emit(event, null, event === 'exit' ? 'SIGKILL' : undefined);
      seen.push(await now());
    }

    expect(seen).toEqual(['still waiting', { kind: 'died', signal: 'SIGKILL' }]);
  });

  test('is that it failed where it could not be started', async () => {
    const { emitter, now } = child();
    emitter.emit('error', new Error('spawn EAGAIN'));

    expect(await now()).toEqual({ kind: 'failed', error: null, message: 'spawn EAGAIN' });
  });

  test('comes after what it says of its CLI', async () => {
    const { emitter, started, now } = child();
    emitter.emit('message', { kind: 'started', pid: 42 });

    expect([started, await now()]).toEqual([[42], 'still waiting']);
  });
});

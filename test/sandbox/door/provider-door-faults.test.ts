import { status, type Metadata } from '@grpc/grpc-js';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';

import { LOGS, QUEUE, testWorlds, urnOf } from './test-door';

describe('the provider door, when something goes wrong,', () => {
  const worldOf = testWorlds();

  describe('fails', () => {
    const fault = (kind: string, more = {}) => ({ faults: [{ target: '**', kind, on: QUEUE.type, ...more }] });

    it('as AWS does', async () => {
      const world = worldOf(fault('create-fails'));
      const engine = await world.run();

      await expect(engine.make(QUEUE, { name: 'jobs' })).rejects.toMatchObject({
        code: status.UNKNOWN,
        details: expect.stringMatching(/^api error InternalFailure: /) as string,
      });
      expect(world.standing()).toEqual([]);
    });

    it('not for being throttled twice, and says so', async () => {
      const world = worldOf(fault('throttle', { times: 2 }));

      await (await world.run()).make(QUEUE, { name: 'jobs' });

      expect(world.retries).toEqual([1, 2].map((attempt) => `jobs: ThrottlingException: Rate exceeded (try ${attempt} of 25)`));
    });

    it('by ending, as a crashed provider: nobody answers any more', async () => {
      const world = worldOf(fault('crash'));
      const door = await world.door();
      const [engine, beside] = [await world.engine(door), await world.engine(door)];

      await expect(engine.make(QUEUE, { name: 'jobs' })).rejects.not.toThrow('api error');
      await expect(beside.check(LOGS, {})).rejects.not.toThrow('api error');

      expect(door.crashed).toContain('mid-create');
    });

    it('to go on once it is cancelled, on this connection alone', async () => {
      const world = worldOf({ faults: [{ target: '**', kind: 'hang', on: QUEUE.type, times: 1, seconds: 1 }] });
      const door = await world.door();
      const [engine, beside] = [await world.engine(door), await world.engine(door)];
      const begun = new Promise<void>((resolve) => (world.onWait = async () => resolve()));
      const hanging = engine.make(QUEUE, { name: 'jobs' });
      const ended = expect(hanging).rejects.toMatchObject({ code: status.CANCELLED });
      await begun;

      await engine.cancel();

      await ended;
      await expect(engine.make(LOGS, { name: 'late' })).rejects.toThrow('cancelled: stopped before it began');
      await beside.make(LOGS, { name: 'beside' });
      expect(world.standing()).toEqual(['LogGroup beside']);
    });

    it('to go on once its engine is gone', async () => {
      const world = worldOf();
      const { client } = await world.run();
      const request = new provider.CreateRequest();
      request.setUrn(urnOf(LOGS));
      request.setProperties(Struct.fromJavaScript({ name: 'logs' }));
      const begun = new Promise<AbortSignal | undefined>((resolve) => {
        world.onWait = (signal) => {
          resolve(signal);
          return new Promise((done) => signal?.addEventListener('abort', () => done()));
        };
      });
      const call = client.create(request, () => undefined);
      const signal = await begun;

      const stopped = new Promise((resolve) => signal?.addEventListener('abort', resolve));
      call.cancel();

      await stopped;
    });

    it('with the resource in the answer where it was cancelled after it took effect', async () => {
      const world = worldOf();
      const engine = await world.run();
      const begun = new Promise<void>((resolve) => {
        world.onWait = (signal) => {
          resolve();
          return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
        };
      });
      const making = engine.make(QUEUE, { name: 'jobs' }).catch((error: { metadata: Metadata }) => error);
      await begun;

      await engine.cancel();

      const [packed] = ((await making) as { metadata: Metadata }).metadata.get('grpc-status-details-bin');
      const [detail] = Status.deserializeBinary(packed as Buffer).getDetailsList();
      const failed = detail?.unpack(
        (bytes) => provider.ErrorResourceInitFailed.deserializeBinary(bytes),
        'pulumirpc.ErrorResourceInitFailed',
      );
      expect(failed?.getId()).toContain('/jobs');
      expect(failed?.getProperties()?.toJavaScript()).toMatchObject({ name: 'jobs', delaySeconds: 0 });
      expect(failed?.getReasonsList()).toEqual(['cancelled: stopped in mid-create']);
    });
  });
});

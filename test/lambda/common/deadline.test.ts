import fc from 'fast-check';

import { safetyMarginMs, startDeadline } from '../../../lambda/common/deadline';
import { testSchedule } from '../fixtures/invocation';

const forever = () => new Promise<never>(() => undefined);

describe('safety margin', () => {
  test.each([
    { remainingMs: 0, marginMs: 200 },
    { remainingMs: 1_000, marginMs: 200 },
    { remainingMs: 3_000, marginMs: 600 },
    { remainingMs: 30_000, marginMs: 1_000 },
    { remainingMs: 900_000, marginMs: 1_000 },
  ])('of $remainingMs ms left keeps $marginMs ms back', ({ remainingMs, marginMs }) => {
    expect(safetyMarginMs(remainingMs)).toBe(marginMs);
  });

  test('leaves most of the time for work from 400 ms on', () => {
    fc.assert(fc.property(fc.integer({ min: 400, max: 900_000 }), (remainingMs) => safetyMarginMs(remainingMs) <= remainingMs / 2));
  });
});

describe('deadline', () => {
  test('gives what the work gives when it ends in time', async () => {
    const deadline = startDeadline(30_000, testSchedule().schedule);

    await expect(deadline.run(async () => 'stored')).resolves.toBe('stored');
  });

  test('throws on what the work throws', async () => {
    const deadline = startDeadline(30_000, testSchedule().schedule);

    await expect(deadline.run(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  test('stands a margin before the end of the function', () => {
    const { schedule, pending } = testSchedule();

    startDeadline(30_000, schedule);

    expect(pending()).toEqual([29_000]);
  });

  test('fails work under way as transient and aborts its signal', async () => {
    const { schedule, fire } = testSchedule();
    const deadline = startDeadline(30_000, schedule);
    let seen: AbortSignal | undefined;

    const running = deadline.run((signal) => {
      seen = signal;
      return forever();
    });
    fire();

    await expect(running).rejects.toMatchObject({ kind: 'transient', code: 'out-of-time' });
    expect(seen?.aborted).toBe(true);
  });

  test('leaves a result that came before it alone', async () => {
    const { schedule, fire } = testSchedule();
    const deadline = startDeadline(30_000, schedule);
    const stored = await deadline.run(async () => 'stored');

    fire();

    expect(stored).toBe('stored');
  });

  test.each([0, 150, 200])('with %i ms left starts no work and no timer', async (remainingMs) => {
    const { schedule, pending } = testSchedule();
    const work = jest.fn(forever);

    await expect(startDeadline(remainingMs, schedule).run(work)).rejects.toMatchObject({ code: 'out-of-time' });

    expect(work).not.toHaveBeenCalled();
    expect(pending()).toEqual([]);
  });

  test('ends its timer when cleared', () => {
    const { schedule, pending } = testSchedule();

    startDeadline(30_000, schedule).clear();

    expect(pending()).toEqual([]);
  });
});

import fc from 'fast-check';

import { MAX_REDRIVES } from '../../../contracts/dead-letter';
import type { LetterQuery } from '../../../fleet/dead-letters/dead-letters';
import { Pace } from '../../../fleet/dead-letters/pace';
import { redriveLetters, type Redriven, type RedriveOptions } from '../../../fleet/dead-letters/redrive-letters';
import { surveyRedrive } from '../../../fleet/dead-letters/survey-letters';
import { FleetError } from '../../../fleet/errors';
import { FakeClock } from '../engine/sandbox/test-sandbox';

import { FakeOrderSystem } from './fake-order-system';

const query: LetterQuery = { classes: ['transient'], since: null, until: null };
const alwaysFails = () => true;

/** One run of the verb at one target. */
async function redrive(system: FakeOrderSystem, over: Partial<RedriveOptions> = {}): Promise<Redriven> {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const options = { clock, pace: new Pace(clock, 50), again: false, interrupt: signal, cancel: signal, ...over };
  const { letters } = await surveyRedrive(system, query, { signal, again: options.again });
  return redriveLetters(letters, system, options);
}

function system(...ids: readonly string[]): FakeOrderSystem {
  const made = new FakeOrderSystem();
  ids.forEach((id, index) => made.put({ id, archivedAt: `2026-03-04T10:00:0${index}.000Z` }));
  return made;
}

const refusal = new FleetError('aws/AccessDenied', 'sqs:SendMessage is refused');

describe('a redrive', () => {
  test('sends each order at the pace, oldest letter first, and marks each letter once all its orders are sent', async () => {
    const orders = new FakeOrderSystem();
    const later = orders.put({ id: 'a', archivedAt: '2026-03-05T00:00:00.000Z', payloads: ['one'] });
    const earlier = orders.put({ id: 'b', archivedAt: '2026-03-04T00:00:00.000Z', payloads: ['two', 'three'] });
    const clock = new FakeClock();
    const redriven = await redrive(orders, { clock, pace: new Pace(clock, 5) });

    expect(redriven).toMatchObject({ letters: 2, messages: 3, left: 0, end: { kind: 'done' } });
    expect(orders.calls.filter((call) => /^(send|mark)/.test(call))).toEqual([
      `mark ${earlier} begun`,
      'send two',
      'send three',
      `mark ${earlier}`,
      `mark ${later} begun`,
      'send one',
      `mark ${later}`,
    ]);
    expect(clock.slept).toEqual([200, 200]);
    expect(orders.sent.map(({ redrives }) => redrives)).toEqual([1, 1, 1]);
    expect(orders.archive.get(later)?.tags).toEqual({
      'redrive-begun': clock.now().toISOString(),
      redriven: clock.now().toISOString(),
      redrives: '1',
    });
  });

  test('sends nothing a second time', async () => {
    const orders = system('a', 'b');
    await redrive(orders);
    orders.process(() => false);

    expect(await redrive(orders)).toMatchObject({ letters: 0, end: { kind: 'done' } });
    expect(orders.sent).toHaveLength(2);
  });

  test('leaves a letter that another redrive has sent since it was listed', async () => {
    const orders = system('a', 'b');
    const { signal } = new AbortController();
    const { letters } = await surveyRedrive(orders, query, { signal, again: false });
    await redrive(orders);
    const clock = new FakeClock();
    const second = await redriveLetters(letters, orders, { clock, pace: new Pace(clock, 5), again: false, interrupt: signal, cancel: signal }); // prettier-ignore

    expect(second).toMatchObject({ letters: 0, refused: { marked: 2 }, end: { kind: 'done' } });
    expect(orders.sent).toHaveLength(2);
  });

  test('stops at what is refused, names the letter, and goes on in the next run', async () => {
    const orders = system('a', 'b', 'c');
    orders.before = (call, number) => {
      if (call === 'send' && orders.sent.length === 1 && number > 0) throw refusal;
    };
    const failed = await redrive(orders);

    expect(failed).toMatchObject({ letters: 1, messages: 1, left: 2, end: { kind: 'failed', error: { code: 'aws/AccessDenied' } } });
    expect(failed.end.kind === 'failed' && failed.end.error.message).toMatch(
      /^sqs:SendMessage is refused; letter .*\/b\.json is marked as begun alone/,
    );

    orders.before = () => undefined;
    expect(await redrive(orders)).toMatchObject({ letters: 2, left: 0, end: { kind: 'done' } });
    expect(orders.sent.map(({ body }) => body)).toEqual(['order of a', 'order of b', 'order of c']);
  });

  test('sends a letter again whose mark was refused: an order is sent at least once', async () => {
    const orders = system('a');
    orders.before = (call) => {
      if (call === 'mark' && orders.sent.length > 0) throw new Error('no answer');
    };

    expect(await redrive(orders)).toMatchObject({ letters: 0, messages: 1, left: 1, end: { kind: 'failed', error: { code: 'fleet/redrive-failed' } } }); // prettier-ignore
    orders.before = () => undefined;
    expect(await redrive(orders)).toMatchObject({ letters: 1, begunBefore: 1, end: { kind: 'done' } });
    expect(orders.sent).toEqual([{ body: 'order of a', redrives: 1 }, { body: 'order of a', redrives: 1 }]); // prettier-ignore
  });

  test('sends nothing that it could not mark as begun: what may have been sent is known before it is', async () => {
    const orders = system('a');
    orders.before = (call) => {
      if (call === 'mark') throw new Error('no answer');
    };

    expect(await redrive(orders)).toMatchObject({ letters: 0, messages: 0, end: { kind: 'failed' } });
    expect(orders.sent).toEqual([]);
    orders.before = () => undefined;
    expect(await redrive(orders)).toMatchObject({ letters: 1, begunBefore: 0, end: { kind: 'done' } });
  });

  test('that is interrupted ends the letter under way, with its mark, and begins no other', async () => {
    const orders = new FakeOrderSystem();
    orders.put({ id: 'a', payloads: ['one', 'two'] });
    orders.put({ id: 'b' });
    const stop = new AbortController();
    orders.after = (call) => {
      if (call === 'send') stop.abort(new Error('interrupted'));
    };

    expect(await redrive(orders, { interrupt: stop.signal })).toMatchObject({
      letters: 1,
      messages: 2,
      left: 1,
      end: { kind: 'interrupted' },
    });
    expect(orders.marked()).toHaveLength(1);
    // The other one was looked at before anything was sent, and not again.
    expect(orders.calls.filter((call) => call.endsWith('/b.json'))).toHaveLength(2);
  });

  test('that is interrupted while it waits for its turn sends nothing more', async () => {
    const orders = system('a', 'b');
    const clock = new FakeClock();
    const stopped = clock.stopAfter(0);
    const stop = new AbortController();
    const running = redrive(orders, { clock: abortable(clock), pace: new Pace(abortable(clock), 1), interrupt: stop.signal });
    await stopped;
    stop.abort(new Error('interrupted'));

    expect(await running).toMatchObject({ letters: 1, left: 1, end: { kind: 'interrupted' } });
    expect(orders.sent).toHaveLength(1);
  });

  test('that is stopped in a call leaves its letter to the next run', async () => {
    const orders = system('a', 'b');
    const stop = new AbortController();
    orders.after = (call) => {
      if (call !== 'send') return;
      stop.abort(new Error('stopped'));
      stop.signal.throwIfAborted();
    };

    expect(await redrive(orders, { cancel: stop.signal })).toMatchObject({ letters: 0, left: 2, end: { kind: 'interrupted' } });
    expect(orders.marked()).toEqual([]);
  });
});

/** The fake clock's sleepers wake for nothing but time; those of a real one for a signal, too. */
function abortable(clock: FakeClock) {
  return {
    now: () => clock.now(),
    sleep: (milliseconds: number, signal?: AbortSignal) =>
      Promise.race([
        clock.sleep(milliseconds, signal),
        new Promise<never>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
      ]),
  };
}

describe('no loop is possible', () => {
  test('an order that always fails is sent once, and three times in all with --again', async () => {
    const orders = system('a');
    for (let run = 0; run < 5; run += 1) {
      await redrive(orders);
      orders.process(alwaysFails);
    }
    expect(orders.sent.map(({ redrives }) => redrives)).toEqual([1]);

    for (let run = 0; run < 5; run += 1) {
      await redrive(orders, { again: true });
      orders.process(alwaysFails);
    }
    expect(orders.sent.map(({ redrives }) => redrives)).toEqual([1, 2, 3]);
  });

  /** One run; `cutAt`: the call of it that fails, before or after it took effect. */
  const anyRun = fc.record({
    again: fc.boolean(),
    cutAt: fc.option(fc.nat({ max: 40 }), { nil: null }),
    effect: fc.boolean(),
    fails: fc.boolean(),
  });
  const anyLetters = fc.array(fc.record({ payloads: fc.integer({ min: 1, max: 3 }), redrives: fc.option(fc.nat({ max: 4 }), { nil: undefined }) }), { minLength: 1, maxLength: 5 }); // prettier-ignore

  test('whatever is sent, refused, cut off and failing anew, it comes to an end', async () => {
    await fc.assert(
      fc.asyncProperty(anyLetters, fc.array(anyRun, { maxLength: 8 }), async (letters, runs) => {
        const orders = new FakeOrderSystem();
        letters.forEach(({ payloads, redrives }, index) =>
          orders.put({
            id: `letter-${index}`,
            payloads: Array.from({ length: payloads }, (_, part) => `order ${index}.${part}`),
            ...(redrives !== undefined && { redrives }),
          }),
        );
        let known = orders.archive.size;
        for (const { again, cutAt, effect, fails } of runs) {
          const from = orders.calls.length;
          const cut = (_call: string, number: number) => {
            if (cutAt !== null && number - from > cutAt) throw new Error('cut off');
          };
          orders.before = effect ? () => undefined : cut;
          orders.after = effect ? cut : () => undefined;
          await redrive(orders, { again }).catch(() => undefined);
          orders.process(() => fails);
          // Nothing is ever removed.
          expect(orders.archive.size).toBeGreaterThanOrEqual(known);
          known = orders.archive.size;
        }
        orders.before = orders.after = () => undefined;

        // Undisturbed, no order goes back more often than it may, however often somebody tries.
        for (let run = 0; run < MAX_REDRIVES; run += 1) {
          await redrive(orders, { again: true });
          orders.process(alwaysFails);
        }
        const sent = orders.sent.length;
        await redrive(orders, { again: true });
        expect(orders.sent).toHaveLength(sent);
        expect(Math.max(0, ...orders.sent.map(({ redrives }) => redrives))).toBeLessThanOrEqual(MAX_REDRIVES);
      }),
    );
  });

  test('where nothing is cut off, each order is sent three times at most, and once without --again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.array(fc.boolean(), { maxLength: 8 }), async (count, runs) => {
        const orders = new FakeOrderSystem();
        for (let index = 0; index < count; index += 1) orders.put({ id: `letter-${index}` });
        for (const again of runs) {
          await redrive(orders, { again });
          orders.process(alwaysFails);
        }
        const most = Math.min(MAX_REDRIVES, runs.length === 0 ? 0 : 1 + runs.slice(1).filter((again) => again).length);
        for (let index = 0; index < count; index += 1)
          expect(orders.sent.filter(({ body }) => body === `order of letter-${index}`)).toHaveLength(most);
      }),
    );
  });
});

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import { createGates, type GatesOptions } from '../../../fleet/gates/gates';
import type { HealthReader, HealthReading } from '../../../fleet/gates/health-reader';
import type { Clock, GateQuestion, GateTarget } from '../../../fleet/ports';

const green: HealthReading = { alarms: [{ name: 'critical', kind: 'composite', state: 'OK', red: [] }], orders: null, synthetic: null };
const red: HealthReading = { ...green, alarms: [{ name: 'critical', kind: 'composite', state: 'ALARM', red: [] }] };

const asked = (
  name: string,
  health: GateTarget['health'] = { composites: ['critical'], children: [], orders: null, synthetic: null },
): GateTarget => ({
  target: targetAt({ layer: name, account: accountIdSchema.parse('200000000001'), region: regionSchema.parse('eu-west-1') }),
  health,
  alarmsSince: null,
  redBefore: 'counts',
  ordersSince: null,
});
const question = (...targets: readonly GateTarget[]): GateQuestion => ({
  demand: 'healthy',
  targets,
  minOrders: 0,
  countSynthetic: false,
  accepted: [],
});

/** Gives each layer's planted answers one after the other, the last one for ever; keeps who was read, and how many at once. */
class FakeReader implements HealthReader {
  readonly reads: string[] = [];
  most = 0;
  closed = false;
  #running = 0;
  readonly #answers: Readonly<Record<string, readonly (HealthReading | Error)[]>>;

  constructor(answers: Readonly<Record<string, readonly (HealthReading | Error)[]>>) {
    this.#answers = answers;
  }

  async read({ target }: GateTarget): Promise<HealthReading> {
    this.#running++;
    this.most = Math.max(this.most, this.#running);
    await Promise.resolve();
    this.#running--;
    const answers = this.#answers[target.layer] ?? [green];
    const answer = answers[Math.min(this.reads.filter((layer) => layer === target.layer).length, answers.length - 1)];
    this.reads.push(target.layer);
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('nothing planted');
    return answer;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function fakeClock(onSleep: () => void = () => undefined): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(0),
    sleep: async (milliseconds, signal) => {
      slept.push(milliseconds);
      onSleep();
      if (signal === undefined) throw new Error('a sleep that nobody can end');
      signal.throwIfAborted();
    },
  };
}

const gatesOver = (reader: HealthReader, over: Partial<GatesOptions> = {}) =>
  createGates(reader, { clock: fakeClock(), intervalSeconds: 30, retrySeconds: 10, attempts: 5, concurrency: 2, ...over });
const signal = new AbortController().signal;

describe('a gate', () => {
  test('reads each target once where all can be read', async () => {
    const reader = new FakeReader({});
    const clock = fakeClock();

    const answer = await gatesOver(reader, { clock }).ask(question(asked('a'), asked('b'), asked('c')), { signal });

    expect(answer).toMatchObject({ verdict: 'pass', red: [] });
    expect(reader.reads).toEqual(['a', 'b', 'c']);
    expect(clock.slept).toEqual([]);
  });

  test('reads no more targets at once than it may', async () => {
    const reader = new FakeReader({});

    await gatesOver(reader, { concurrency: 3 }).ask(question(...[...'abcdefgh'].map((name) => asked(name))), { signal });

    expect(reader.most).toBe(3);
  });

  test('reads again, after a while, only what could not be read', async () => {
    const reader = new FakeReader({ b: [new Error('throttled'), new Error('throttled'), green] });
    const clock = fakeClock();

    const answer = await gatesOver(reader, { clock }).ask(question(asked('a'), asked('b')), { signal });

    expect(answer.verdict).toBe('pass');
    expect(reader.reads).toEqual(['a', 'b', 'b', 'b']);
    expect(clock.slept).toEqual([10_000, 10_000]);
  });

  test.each([1, 2, 5])('gives up after %d attempts with verdict error, and says why', async (attempts) => {
    const reader = new FakeReader({ b: [new Error('access denied')] });
    const clock = fakeClock();

    const answer = await gatesOver(reader, { clock, attempts }).ask(question(asked('a'), asked('b')), { signal });

    expect(answer).toEqual({
      verdict: 'error',
      reason: 'health is not known: b/200000000001/eu-west-1: access denied',
      red: [],
      orders: null,
    });
    expect(reader.reads.filter((layer) => layer === 'b')).toHaveLength(attempts);
    expect(clock.slept).toHaveLength(attempts - 1);
  });

  test('fails at once for a red alarm, without waiting for what cannot be read', async () => {
    const reader = new FakeReader({ a: [new Error('gone')], b: [red] });
    const clock = fakeClock();

    const answer = await gatesOver(reader, { clock }).ask(question(asked('a'), asked('b')), { signal });

    expect(answer.verdict).toBe('fail');
    expect(clock.slept).toEqual([]);
  });

  test('sees what turned red while it read the others again', async () => {
    const reader = new FakeReader({ a: [new Error('gone'), red] });

    const answer = await gatesOver(reader).ask(question(asked('a'), asked('b')), { signal });

    expect(answer.verdict).toBe('fail');
  });

  test('does not read a target whose outputs do not tell what to read: that is an error at once', async () => {
    const reader = new FakeReader({});
    const clock = fakeClock();

    const answer = await gatesOver(reader, { clock }).ask(question(asked('a', null), asked('b')), { signal });

    expect(answer.verdict).toBe('error');
    expect(reader.reads).toEqual(['b']);
    expect(clock.slept).toEqual([]);
  });

  test('waits for nothing where an alarm is absent: reading again would not make it', async () => {
    const reader = new FakeReader({ a: [{ ...green, alarms: [] }] });

    expect((await gatesOver(reader).ask(question(asked('a')), { signal })).verdict).toBe('error');
    expect(reader.reads).toEqual(['a']);
  });

  test('rejects where it is told to stop while it waits', async () => {
    const controller = new AbortController();
    const reader = new FakeReader({ a: [new Error('gone')] });
    const gates = gatesOver(reader, { clock: fakeClock(() => controller.abort()) });

    await expect(gates.ask(question(asked('a')), { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(reader.reads).toEqual(['a']);
  });

  test('rejects where it is told to stop while it reads, and where it was told before', async () => {
    const controller = new AbortController();
    const reader: HealthReader = {
      read: async () => {
        controller.abort();
        throw new Error('request aborted');
      },
      close: async () => undefined,
    };
    const asking = (...targets: readonly GateTarget[]) =>
      gatesOver(reader, { attempts: 1 }).ask(question(...targets), { signal: controller.signal });

    await expect(asking(asked('a'))).rejects.toMatchObject({ name: 'AbortError' });
    await expect(asking(asked('a'))).rejects.toMatchObject({ name: 'AbortError' });
    await expect(asking()).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('tells its interval, and closes its reader', async () => {
    const reader = new FakeReader({});
    const gates = gatesOver(reader);

    await gates.close();

    expect(gates.intervalSeconds).toBe(30);
    expect(reader.closed).toBe(true);
  });
});

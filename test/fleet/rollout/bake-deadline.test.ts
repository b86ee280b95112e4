import type { RolloutEvent } from '../../../fleet/rollout/state';
import { steadyClock } from '../../../fleet/steady-clock';
import { planOf, smallFleet } from '../plan/plan-fixture';

import { drive, FakeEngine, from, VirtualClock } from './drive-plan';

const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'], fleet: (text) => text.replace('bake: 2s', 'bake: 1h') }));
const bakedUntil = (messages: Awaited<ReturnType<typeof drive>>['messages']) =>
  messages.flatMap(({ code, data }) => (code === 'bake-started' ? [(data as { readonly until: string }).until] : []));
const judgedAt = (events: readonly RolloutEvent[]) =>
  events.flatMap((event) =>
    event.type === 'gate-answered' && event.about.moment === 'end' && event.about.wave === 'canary' ? [event.at] : [],
  );

describe('the deadline of a bake', () => {
  test('is the same one for the controller that goes on with it: neither reset nor skipped', async () => {
    const clock = new VirtualClock();
    const first = await drive(plan, { engine: new FakeEngine(), clock, waitSeconds: 600 });
    expect(first).toMatchObject({ left: 'waiting', waiting: { kind: 'time' } });
    const [until = ''] = bakedUntil(first.messages);
    const leftAt = clock.now().toISOString();

    const second = await drive(plan, { engine: new FakeEngine(), clock, ...from(first) });

    expect(leftAt < until).toBe(true);
    expect(bakedUntil(second.messages)).toEqual([]);
    expect(judgedAt(second.events)[0]?.slice(0, 19)).toBe(until.slice(0, 19));
    expect(second.state.outcome).toBe('succeeded');
  });

  test('passes while it is paused, and the bake is not begun anew when it is resumed', async () => {
    const clock = new VirtualClock();
    const first = await drive(plan, { engine: new FakeEngine(), clock, waitSeconds: 600 });
    const [until = ''] = bakedUntil(first.messages);
    const paused: RolloutEvent = { type: 'paused', at: clock.now().toISOString(), by: 'somebody', message: null };

    const second = await drive(plan, { engine: new FakeEngine(), clock, ...from(first), events: [...first.events, paused] });

    expect(second.events.some((event) => event.type === 'resumed')).toBe(true);
    expect(judgedAt(second.events)[0]?.slice(0, 19)).toBe(until.slice(0, 19));
  });

  test('comes when it was to come, though the clock is set back meanwhile', async () => {
    const clock = new VirtualClock();
    const real = clock.now;
    const setBackAt = real().getTime() + 600_000;
    // Ten minutes after the beginning, the machine's clock is set back by five hours.
    const machine = {
      now: () => new Date(real().getTime() - (real().getTime() < setBackAt ? 0 : 5 * 3_600_000)),
      monotonicMs: () => real().getTime(),
      sleep: (milliseconds: number, signal?: AbortSignal) => clock.sleep(milliseconds, signal),
    };
    const driven = drive(plan, { engine: new FakeEngine(), clock: Object.assign(clock, { now: steadyClock(machine).now }) });
    const { messages, events, state } = await driven;

    expect(state.outcome).toBe('succeeded');
    expect(judgedAt(events)[0]?.slice(0, 19)).toBe(bakedUntil(messages)[0]?.slice(0, 19));
    expect(real().getTime() - setBackAt).toBeLessThan(4 * 3_600_000);
  });

  test('that passed while no controller was there is judged at once by the next one', async () => {
    const clock = new VirtualClock();
    const first = await drive(plan, { engine: new FakeEngine(), clock, waitSeconds: 600 });
    const [until = ''] = bakedUntil(first.messages);
    await clock.until(clock.sleep(2 * 3_600_000));
    const resumedAt = clock.now().toISOString();

    const second = await drive(plan, { engine: new FakeEngine(), clock, ...from(first) });

    expect(until < resumedAt).toBe(true);
    expect(judgedAt(second.events)).toEqual([resumedAt]);
  });
});

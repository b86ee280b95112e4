import { decide, decideAll, initialState } from '../../../fleet/rollout/decide';
import type { RolloutEvent } from '../../../fleet/rollout/state';

import { at, HandPlayed, id, limits, setupOf, target } from './core-fixture';

const unchanged = (name: string) => [id(name), target(name)] as const;

describe('before it begins', () => {
  test('what is in no wave is done, unchanged, and everything else waits', () => {
    const state = initialState(setupOf([{ name: 'w', targets: ['a'] }], { targets: new Map([unchanged('z')]) }));

    expect(Object.fromEntries(state.states)).toEqual({
      a: { state: 'pending', attempts: 0 },
      z: {
        state: 'done',
        outcome: 'unchanged',
        attempts: 0,
        startedAt: null,
        endedAt: null,
        changes: expect.anything() as unknown,
        error: null,
      },
    });
    expect(Object.fromEntries(state.waveStates)).toEqual({ w: { state: 'waiting' } });
    expect(state).toMatchObject({ startedAt: null, endedAt: null, outcome: null, halted: null, paused: null, approvals: [], approved: [] });
    expect(state).toMatchObject({ accepted: new Map(), irreversible: new Set(), limitChange: {} });
  });

  test('nothing follows from any event', () => {
    const played = new HandPlayed(setupOf([{ name: 'w', targets: ['a'] }]));

    expect(played.tick(5).commands).toEqual([]);
    expect(played.feed({ type: 'begun' }).state.startedAt).toBe(at(5));
    expect(played.started).toEqual(['a']);
  });
});

describe('the end', () => {
  test('comes at once where nothing changes', () => {
    const played = HandPlayed.begun(setupOf([], { targets: new Map([unchanged('z')]) }));

    expect(played.commands).toEqual([{ type: 'finish', outcome: 'succeeded' }]);
    expect(played.outcomes).toEqual({ z: 'unchanged' });
  });

  test('comes with the last target, and has its time', () => {
    const played = HandPlayed.begun(setupOf([{ name: 'w', targets: ['a', 'b'] }])).end('a');
    expect(played.state.outcome).toBeNull();

    expect(played.later(9).end('b', 'unchanged').state).toMatchObject({ outcome: 'succeeded', startedAt: at(0), endedAt: at(9) });
    expect(played.commands).toContainEqual({ type: 'finish', outcome: 'succeeded' });
  });

  const gated = () => HandPlayed.begun(setupOf([{ name: 'w', gated: true, targets: ['a', 'b'] }])).answer('before', 'w', 'pass');
  test.each<[string, string, () => HandPlayed]>([
    ['succeeded', 'all is deployed', () => gated().end('a').end('b').answer('end', 'w', 'pass')],
    ['succeeded', 'all turned out unchanged', () => gated().end('a', 'unchanged').end('b', 'unchanged')],
    [
      'failed',
      'a tolerated one has failed',
      () =>
        HandPlayed.begun(setupOf([{ name: 'w', targets: ['a', 'b'], limits: limits({ failureTolerance: 1 }) }]))
          .end('a', 'failed')
          .end('b'),
    ],
    ['failed', 'more failed than may', () => gated().end('a', 'failed').end('b', 'failed')],
    [
      'failed',
      'a gate failed and nothing could go back',
      () => gated().answer('during', 'w', 'fail').end('a', 'unchanged').end('b', 'unchanged'),
    ],
    ['rolled_back', 'a gate failed and all went back', () => gated().end('a').end('b').answer('end', 'w', 'fail').back('a').back('b')],
    [
      'rollback_failed',
      'a way back failed',
      () => gated().end('a').end('b').answer('end', 'w', 'fail').back('a', 'rollback_failed').back('b'),
    ],
    ['aborted', 'a person stopped it', () => gated().abort().end('a').end('b')],
    ['failed', 'a dashboard failed', () => HandPlayed.begun(setupOf([{ name: 'w', targets: ['a'] }, { name: 'x', stage: 'trailing', targets: ['b'], limits: limits({ failureTolerance: 1 }) }])).end('a').end('b', 'failed')], // prettier-ignore
  ])('is %s where %s', (outcome, _name, play) => {
    expect(play().state.outcome).toBe(outcome);
  });
});

describe('events', () => {
  const setup = setupOf([{ name: 'w', targets: ['a', 'b'], limits: limits({ maxConcurrent: 1 }) }]);
  const told = (): readonly RolloutEvent[] => HandPlayed.begun(setup).later(1).end('a').later(1).end('b').events;

  test('decided upon together give what they give one after the other', () => {
    const events = told();
    const together = decideAll(initialState(setup), events);
    const commands: unknown[] = [];
    let state = initialState(setup);
    for (const event of events) {
      const decision = decide(state, event);
      commands.push(...decision.commands);
      state = decision.state;
    }

    expect(together).toEqual({ state, commands });
    expect(together.state.outcome).toBe('succeeded');
  });

  test('none of them change nothing', () => {
    const state = initialState(setup);

    expect(decideAll(state, [])).toEqual({ state, commands: [] });
  });

  test('leave the state that they were decided upon as it was', () => {
    const before = initialState(setup);
    const copy = structuredClone(before);
    decideAll(before, told());

    expect(before).toEqual(copy);
  });
});

test('a target that the plan does not have is a mistake of the caller', () => {
  const setup = setupOf([{ name: 'w', targets: ['a'] }]);
  const broken = { ...setup, targets: new Map() };

  expect(() => HandPlayed.begun(broken)).toThrow('a is no target of this rollout');
});

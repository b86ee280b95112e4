import { carryRequest } from '../../../fleet/rollout/carry-request';

import { at, HandPlayed, setupOf } from './core-fixture';

describe('an approval that waited in the inbox', () => {
  const { state } = HandPlayed.begun(setupOf([{ name: 'w', targets: ['a'], approval: true }]));
  const carry = (planDigest: string) =>
    carryRequest(
      { type: 'approve', id: 'm1', by: 'ann', wave: 'w', acceptRed: false, planDigest, expiresAt: at(60) },
      { state, at: at(1), reporter: { report: () => undefined }, planDigest: 'the-plan-that-runs' },
    );

  test('of the plan that runs is one', () => {
    expect(carry('the-plan-that-runs')).toMatchObject({ type: 'approved', message: 'm1', approval: { wave: 'w', subject: 'start' } });
  });

  test('of another plan does nothing, and says so', () => {
    expect(carry('another-plan')).toMatchObject({
      type: 'request-refused',
      message: 'm1',
      reason: expect.stringContaining('of plan another-plan') as unknown,
    });
  });
});

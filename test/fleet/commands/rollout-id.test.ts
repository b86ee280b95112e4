import { behindText, newRolloutId } from '../../../fleet/commands/rollout-id';

const at = '2026-11-24T00:05:04.101Z';
const planDigest = '1a2b3c';
const idAfter = (last: string | undefined) => newRolloutId({ at, planDigest, last });

test.each([undefined, '20261124T000504.100-ffff', '20251124T000504.101-ffff', '1'])('a rollout after %j is named by its time', (last) => {
  expect(idAfter(last)).toEqual({ id: '20261124T000504.101-1a2b', behind: 0 });
});

test.each([
  ['20261124T000504.101-ffff', '20261124T000504.102-1a2b', 0],
  ['20261124T020504.999-0000', '20261124T020505.000-1a2b', 7200.898],
  ['20261231T235959.999-0000', '20270101T000000.000-1a2b', 3282895.898],
])('one after a last rollout that lies in the future, %s, counts after it all the same', (last, id, behind) => {
  const named = idAfter(last);
  expect(named).toEqual({ id, behind });
  expect(named.id > last).toBe(true);
});

test('that a clock was ahead is told with by how much', () => {
  const last = '20261124T020504.101-0000';
  expect(behindText(idAfter(last), last)).toBe(
    "rollout 20261124T020504.101-0000 began 2h from now by this machine's clock: that clock was ahead, or this one is behind; 20261124T020504.102-1a2b is named so that it counts after it",
  );
});

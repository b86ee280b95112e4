import type { Approval } from '../../fleet/rollout/state';

import { GivenApprovals } from './given-approvals';

const at = '2026-01-01T00:00:00.000Z';
const [one, other] = [
  { name: 'rest/eu-west-1', group: 'rest' },
  { name: 'rest/us-east-1', group: 'rest' },
];

function given(...approvals: readonly Partial<Approval>[]): GivenApprovals {
  const all = new GivenApprovals();
  for (const approval of approvals)
    all.give({ wave: 'rest', subject: 'start', by: 'ann', at, expiresAt: '2026-01-02T00:00:00.000Z', ...approval });
  return all;
}

test('an approval of a configured wave counts for each of its parts, and for no other wave', () => {
  const all = given({});
  expect([one, other].map((wave) => all.use(wave, 'start', at))).toEqual([true, true]);
  expect(all.use({ name: 'canary', group: 'canary' }, 'start', at)).toBe(false);
});

test('an approval of one part counts for that alone, once', () => {
  const all = given({ wave: one.name });
  expect(all.use(other, 'start', at)).toBe(false);
  expect([1, 2].map(() => all.use(one, 'start', at))).toEqual([true, false]);
});

test('one of the wave itself is used before one of the configured wave, which stays', () => {
  const all = given({ expiresAt: '2026-01-01T00:00:01.000Z' }, { wave: one.name });
  all.use(one, 'start', at);
  expect(all.use(one, 'start', at)).toBe(true);
  expect(all.use(one, 'start', '2026-01-01T00:00:02.000Z')).toBe(false);
});

test('what holds a part is its own: the word for the configured wave is for its start', () => {
  expect(given({ subject: 'irreversible' }).use(one, 'irreversible', at)).toBe(false);
  expect(given({ subject: 'irreversible', wave: one.name }).use(one, 'irreversible', at)).toBe(true);
});

test('none counts from the instant on at which it expires', () => {
  expect(given({ expiresAt: at }).use(one, 'start', at)).toBe(false);
});

test('where a wave says whose counts, so many different persons of those roles are needed, and never the one who began it', () => {
  const wave = { ...one, approvers: { required: 2, by: ['fleet/approvers'] } };
  const by = (...persons: readonly string[]) => {
    const all = given(...persons.map((person) => ({ by: person })));
    all.begin('approvers/ann');
    return all;
  };
  expect(by('approvers/bob', 'approvers/bob').use(wave, 'start', at)).toBe(false);
  expect(by('approvers/bob', 'approvers/ann').use(wave, 'start', at)).toBe(false);
  expect(by('approvers/bob', 'operators/eve').use(wave, 'start', at)).toBe(false);
  expect(by('approvers/bob', 'eve@laptop').use(wave, 'start', at)).toBe(false);
  expect(by('approvers/bob', 'approvers/eve').use(wave, 'start', at)).toBe(true);
});

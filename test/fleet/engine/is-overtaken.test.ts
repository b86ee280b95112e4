import { isOvertaken } from '../../../fleet/engine/is-overtaken';

test.each([
  ['the same attempt', 'r1/regional/1/eu#2', true],
  ['a later one of the rollout', 'r1/regional/1/eu#10', true],
  ['an earlier one', 'r1/regional/1/eu#1', false],
  ['one of another rollout', 'r2/regional/1/eu#9', false],
  ['one of another target', 'r1/regional/2/eu#9', false],
  ['what is no attempt of a rollout', 'destroy/regional/1/eu', false],
  ['nothing', null, false],
])('an attempt is overtaken by %s: %s', (_what, last, overtaken) => {
  expect(isOvertaken('r1/regional/1/eu#2', last)).toBe(overtaken);
});

test('what is no attempt of a rollout begins as often as it is asked for', () => {
  expect(isOvertaken('destroy/regional/1/eu', 'destroy/regional/1/eu')).toBe(false);
});

test.each([
  ['a later rollout', '20260103T000000.000-bbbb/regional/1/eu#1', true],
  ['an earlier rollout', '20260101T000000.000-ffff/regional/1/eu#9', false],
  ['other work', 'adopt/regional/1/eu#9', false],
])('an attempt of a rollout is overtaken by one of %s: %s', (_what, last, overtaken) => {
  expect(isOvertaken('20260102T000000.000-cccc/regional/1/eu#2', last)).toBe(overtaken);
});

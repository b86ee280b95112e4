import { roundSeconds } from '../../contracts/duration';

test.each([
  [1, '1s'],
  [119.4, '119s'],
  [120, '2m'],
  [7140, '119m'],
  [7230, '2h'],
  [345_487, '4d'],
])('%s seconds are said as %s', (seconds, text) => {
  expect(roundSeconds(seconds)).toBe(text);
});

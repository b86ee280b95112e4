import { loadOf } from '../../../sandbox/metrics/load';

const target = 'regional/333333333333/eu-west-1';

describe('loadOf', () => {
  test('a target of which nothing is said is healthy', () => {
    expect(loadOf([], target)).toEqual({
      ordersPerSecond: 10,
      failing: 0,
      failingOnTrial: null,
      slow: 0.001,
      crashing: 0,
      throttles: 0,
      concurrency: 1,
      unreservedConcurrency: 0,
      oldestMessageSeconds: null,
      deadLetters: 0,
      deadLetterAgeSeconds: 0,
      heartbeat: true,
    });
  });

  test('of rules that match, later ones win, key by key', () => {
    const load = loadOf(
      [
        { target: '**', failPercent: 2, slowPercent: 7 },
        { target: 'regional/*/us-east-1', failPercent: 50 },
        { target: 'regional/333333333333/*', failPercent: 3, ordersPerMinute: 60, versionOnTrialFailPercent: 4, errorPercent: 5, heartbeat: false }, // prettier-ignore
        { target: '**', throttles: 6, concurrency: 8, oldestMessageSeconds: 9, deadLetters: 10, deadLetterAgeSeconds: 11 },
      ],
      target,
    );

    expect(load).toEqual({
      ordersPerSecond: 1,
      failing: 0.03,
      failingOnTrial: 0.04,
      slow: 0.07,
      crashing: 0.05,
      throttles: 6,
      concurrency: 8,
      unreservedConcurrency: 0,
      oldestMessageSeconds: 9,
      deadLetters: 10,
      deadLetterAgeSeconds: 11,
      heartbeat: false,
    });
  });
});

import * as fc from 'fast-check';

import { versionRouting } from '../../regional/version-routing';

describe('where the aliases point', () => {
  // The steps of a release, in order: published is the function's newest version after the step. Before it, 7 serves and 6 did.
  test.each([
    {
      step: '7 serves, 8 is tried on 10 %',
      published: '8',
      run: { stableVersion: '7', canaryPercent: 10, servedBefore: ['7', '6'] },
      expected: { live: '7', previous: '6', weights: { '8': 0.1 }, onTrial: '8' },
    },
    {
      step: '8 is promoted',
      published: '8',
      run: { servedBefore: ['7', '6'] },
      expected: { live: '8', previous: '7', weights: undefined, onTrial: '8' },
    },
    {
      step: '8 is taken back from its trial',
      published: '8',
      run: { stableVersion: '7', canaryPercent: 0, servedBefore: ['6'] },
      expected: { live: '7', previous: '6', weights: undefined, onTrial: '7' },
    },
    {
      step: '8 is rolled back: nothing switches back to it',
      published: '8',
      run: { stableVersion: '7', servedBefore: ['6'] },
      expected: { live: '7', previous: '6', weights: undefined, onTrial: '7' },
    },
    {
      step: 'the next release is tried',
      published: '9',
      run: { stableVersion: '7', canaryPercent: 25, servedBefore: ['7', '6'] },
      expected: { live: '7', previous: '6', weights: { '9': 0.25 }, onTrial: '9' },
    },
    {
      step: 'a change that publishes nothing moves no alias',
      published: '7',
      run: { servedBefore: ['7', '6'] },
      expected: { live: '7', previous: '6', weights: undefined, onTrial: '7' },
    },
    {
      step: 'a trial of which nothing new was published',
      published: '7',
      run: { stableVersion: '7', canaryPercent: 10, servedBefore: ['7', '6'] },
      expected: { live: '7', previous: '6', weights: undefined, onTrial: '7' },
    },
    {
      step: 'a new target has no version before: it switches back to itself',
      published: '1',
      run: { canaryPercent: 10, servedBefore: [] },
      expected: { live: '1', previous: '1', weights: undefined, onTrial: '1' },
    },
    {
      step: 'the first rollback leaves none to switch back to',
      published: '2',
      run: { stableVersion: '1', servedBefore: ['1'] },
      expected: { live: '1', previous: '1', weights: undefined, onTrial: '1' },
    },
    {
      step: 'nobody says what served',
      published: '3',
      run: {},
      expected: { live: '3', previous: '3', weights: undefined, onTrial: '3' },
    },
    {
      step: 'unpublished code takes no share',
      published: '$LATEST',
      run: { stableVersion: '7', canaryPercent: 10 },
      expected: { live: '7', previous: '7', weights: undefined, onTrial: '7' },
    },
  ])('$step', ({ published, run, expected }) => {
    expect(versionRouting(published, run)).toEqual(expected);
  });

  test("AWS's rules hold whatever is asked: at most one other version, never the live one, a share of 0 to 1", () => {
    const version = fc.integer({ min: 1, max: 5 }).map(String);
    fc.assert(
      fc.property(
        fc.oneof(version, fc.constant('$LATEST')),
        fc.option(version),
        fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
        fc.array(version, { maxLength: 2 }),
        (published, stable, percent, servedBefore) => {
          const run = {
            ...(stable === null ? {} : { stableVersion: stable }),
            ...(percent === null ? {} : { canaryPercent: percent }),
            servedBefore,
          };
          const { live, previous, weights } = versionRouting(published, run);
          const entries = Object.entries(weights ?? {});

          expect(entries.length).toBe(weights === undefined ? 0 : 1);
          expect(entries.every(([other, share]) => other !== live && other !== '$LATEST' && share > 0 && share <= 1)).toBe(true);
          if (stable !== null) expect(live).toBe(stable);
          expect([...servedBefore, live]).toContain(previous);
          if (servedBefore.some((one) => one !== live)) expect(previous).not.toBe(live);
        },
      ),
    );
  });
});

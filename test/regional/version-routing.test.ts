import * as fc from 'fast-check';

import { versionRouting } from '../../regional/version-routing';

describe('where the aliases point', () => {
  // The steps of a release, in order: published is the function's newest version after the step.
  test.each([
    {
      step: '7 serves, 8 is tried on 10 %',
      published: '8',
      run: { stableVersion: '7', canaryPercent: 10 },
      live: '7',
      weights: { '8': 0.1 },
      onTrial: '8',
    },
    { step: '8 is promoted', published: '8', run: {}, live: '8', weights: undefined, onTrial: '8' },
    { step: '8 is taken back', published: '8', run: { stableVersion: '7', canaryPercent: 0 }, live: '7', weights: undefined, onTrial: '7' },
    { step: 'a rollback names no share', published: '8', run: { stableVersion: '7' }, live: '7', weights: undefined, onTrial: '7' },
    {
      step: 'the next release is tried',
      published: '9',
      run: { stableVersion: '7', canaryPercent: 25 },
      live: '7',
      weights: { '9': 0.25 },
      onTrial: '9',
    },
    {
      step: 'nothing new was published',
      published: '7',
      run: { stableVersion: '7', canaryPercent: 10 },
      live: '7',
      weights: undefined,
      onTrial: '7',
    },
    { step: 'a new target has no stable version', published: '1', run: { canaryPercent: 10 }, live: '1', weights: undefined, onTrial: '1' },
    {
      step: 'unpublished code takes no share',
      published: '$LATEST',
      run: { stableVersion: '7', canaryPercent: 10 },
      live: '7',
      weights: undefined,
      onTrial: '7',
    },
  ])('$step', ({ published, run, live, weights, onTrial }) => {
    expect(versionRouting(published, run)).toEqual({ live, weights, onTrial });
  });

  test("AWS's rules hold whatever is asked: at most one other version, never the live one, a share of 0 to 1", () => {
    const version = fc.integer({ min: 1, max: 5 }).map(String);
    fc.assert(
      fc.property(
        fc.oneof(version, fc.constant('$LATEST')),
        fc.option(version),
        fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
        (published, stable, percent) => {
          const run = { ...(stable === null ? {} : { stableVersion: stable }), ...(percent === null ? {} : { canaryPercent: percent }) };
          const { live, weights } = versionRouting(published, run);
          const entries = Object.entries(weights ?? {});

          expect(entries.length).toBe(weights === undefined ? 0 : 1);
          expect(entries.every(([other, share]) => other !== live && other !== '$LATEST' && share > 0 && share <= 1)).toBe(true);
          if (stable !== null) expect(live).toBe(stable);
        },
      ),
    );
  });
});

import fc from 'fast-check';

import { logGroup, QUEUE, type GraphResource } from './graph';
import { TestSandbox } from './test-sandbox';

/** One resource of a random program: its physical name, an input, and which of the resources before it it needs. */
interface Draw {
  readonly kind: 'group' | 'queue';
  readonly declared: boolean;
  readonly generation: number;
  readonly infrequent: boolean;
  readonly size: number;
  readonly needs: readonly number[];
}

const SIZE = 6;
const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.constantFrom('group', 'queue'),
  declared: fc.boolean(),
  generation: fc.nat({ max: 2 }),
  infrequent: fc.boolean(),
  size: fc.constantFrom(1, 7, 30),
  needs: fc.uniqueArray(fc.nat({ max: SIZE - 1 }), { maxLength: 3 }),
});
const program = fc.array(draw, { minLength: SIZE, maxLength: SIZE });

/** Physical names differ between resources, and change with `generation`. */
const physicalName = (draws: Draw, index: number) => `${draws.kind}-${index}-${draws.generation}`;

const graphOf = (draws: readonly Draw[]): readonly GraphResource[] =>
  draws.flatMap((one, index): GraphResource[] => {
    if (!one.declared) return [];
    const name = physicalName(one, index);
    const options = {
      dependsOn: one.needs.filter((need) => need < index && draws[need]?.declared).map((need) => `${draws[need]?.kind}-${need}`),
    };
    return one.kind === 'queue'
      ? [{ type: QUEUE, name: `queue-${index}`, inputs: { name, delaySeconds: one.size }, options }]
      : [
          logGroup(
            `group-${index}`,
            { name, retentionInDays: one.size, logGroupClass: one.infrequent ? 'INFREQUENT_ACCESS' : 'STANDARD' },
            options,
          ),
        ];
  });

const worldOf = (draws: readonly Draw[]): readonly string[] =>
  draws
    .flatMap((one, index) => (one.declared ? [`${one.kind === 'queue' ? 'Queue' : 'LogGroup'} ${physicalName(one, index)}`] : []))
    .sort();

const unchanged = { create: 0, update: 0, replace: 0, delete: 0 };

describe('any two programs of a target, one after the other', () => {
  test('leave exactly what the second declares, and a third run changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(program, program, fc.boolean(), async (first, second, restarts) => {
        const sandbox = new TestSandbox();
        try {
          await sandbox.up(graphOf(first));
          expect(sandbox.world()).toEqual(worldOf(first));
          if (restarts) sandbox.restart();
          await sandbox.up(graphOf(second));
          expect(sandbox.world()).toEqual(worldOf(second));
          if (restarts) sandbox.restart();
          expect((await sandbox.up(graphOf(second))).changes).toMatchObject(unchanged);
        } finally {
          sandbox.close();
        }
      }),
      { numRuns: 24 },
    );
  });

  test('end there also after failures on the way, however often the process starts anew', async () => {
    await fc.assert(
      fc.asyncProperty(program, program, fc.nat({ max: 8 }), fc.integer({ min: 1, max: 3 }), async (first, second, after, times) => {
        const sandbox = new TestSandbox();
        const faults = ['create-fails', 'update-fails', 'delete-fails', 'crash'].map((kind) => ({ target: '**', kind, after, times }));
        try {
          await sandbox.up(graphOf(first));
          // Four kinds strike at most `times` each; every run ends at one of them or is done.
          for (let tries = 0; tries <= 4 * times * SIZE; tries += 1) {
            sandbox.restart(faults);
            if ((await sandbox.run('up', graphOf(second))).status === 'succeeded') break;
          }
          expect(sandbox.world()).toEqual(worldOf(second));
          expect(await sandbox.inspect()).toMatchObject({ pending: [], lastAttempt: { result: 'succeeded' } });
          expect((await sandbox.up(graphOf(second))).changes).toMatchObject(unchanged);
        } finally {
          sandbox.close();
        }
      }),
      { numRuns: 24 },
    );
  });

  test('end there also when the second run is killed between a change and its record, again and again', async () => {
    await fc.assert(
      fc.asyncProperty(program, program, fc.array(fc.nat({ max: 6 }), { maxLength: 4 }), async (first, second, kills) => {
        const sandbox = new TestSandbox();
        try {
          await sandbox.up(graphOf(first));
          for (const operations of kills) await sandbox.upKilledAfter(operations, graphOf(second));
          await sandbox.up(graphOf(second));
          expect(sandbox.world()).toEqual(worldOf(second));
          expect((await sandbox.inspect()).pending).toEqual([]);
          expect((await sandbox.up(graphOf(second))).changes).toMatchObject(unchanged);
        } finally {
          sandbox.close();
        }
      }),
      { numRuns: 24 },
    );
  });

  test('create nothing before what it needs, and delete nothing before what needs it', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (draws) => {
        const sandbox = new TestSandbox();
        try {
          const graph = graphOf(draws);
          const needs = new Map(graph.map(({ name, options }) => [name, options?.dependsOn ?? []]));
          await sandbox.up(graph);
          const made = sandbox.events.map(({ kind, step }) => `${kind} ${step.name}`);
          sandbox.events.length = 0;
          await sandbox.up([]);
          const gone = sandbox.events.map(({ kind, step }) => `${kind} ${step.name}`);
          for (const [name, needed] of needs) {
            for (const need of needed) {
              expect(made.indexOf(`resource-done ${need}`)).toBeLessThan(made.indexOf(`resource-started ${name}`));
              expect(gone.indexOf(`resource-done ${name}`)).toBeLessThan(gone.indexOf(`resource-started ${need}`));
            }
          }
          expect(sandbox.world()).toEqual([]);
        } finally {
          sandbox.close();
        }
      }),
      { numRuns: 20 },
    );
  });
});

import fc from 'fast-check';

import { logGroup, type GraphResource } from './graph';
import { TestSandbox, told } from './test-sandbox';

const unprotected = (name: string) => logGroup('data', { name });
const protectedData = (name: string) => logGroup('data', { name }, { protect: true });

const draw = fc.record({ declared: fc.boolean(), generation: fc.nat({ max: 1 }), infrequent: fc.boolean(), days: fc.constantFrom(1, 7) });
const program = fc.array(draw, { minLength: 4, maxLength: 4 });
type Draw = typeof draw extends fc.Arbitrary<infer One> ? One : never;

describe('a preview', () => {
  let sandbox: TestSandbox;
  beforeEach(() => {
    sandbox = new TestSandbox();
  });
  afterEach(() => sandbox.close());

  test.each<[string, readonly GraphResource[], string]>([
    ['replace', [logGroup('other'), protectedData('new')], 'replaced'],
    ['delete', [logGroup('other')], 'deleted'],
  ])('shows the %s of a protected resource, and that it is refused as by an up', async (op, after, what) => {
    await sandbox.up([protectedData('old')]);
    const before = sandbox.files();

    const preview = await sandbox.run('preview', after);

    expect(told(preview.steps)).toEqual(expect.arrayContaining([`${op} data`, 'create other']));
    expect(preview.changes).toMatchObject({ create: 1, [op]: 1 });
    expect(sandbox.files()).toEqual(before);
    const up = await sandbox.run('up', after);
    expect(preview).toMatchObject({ status: 'failed', error: { message: expect.stringContaining(`would be ${what}`) as string } });
    expect(preview.status === 'failed' && preview.error).toEqual(up.status === 'failed' && up.error);
  });

  test('of a target whose run was killed tells what the next run finds done', async () => {
    const graph = [logGroup('a'), logGroup('b', {}, { dependsOn: ['a'] })];
    await sandbox.upKilledAfter(0, graph);
    const before = sandbox.files();

    const preview = await sandbox.run('preview', graph);

    expect(told(preview.steps)).toEqual(['same a', 'create b']);
    expect(sandbox.files()).toEqual(before);
    expect((await sandbox.inspect()).pending).toHaveLength(1);
    expect(told((await sandbox.up(graph)).steps)).toEqual(['same a', 'create b']);
  });

  test('foretells every step of the up after it, also where runs failed or were killed before', async () => {
    const graphOf = (draws: readonly Draw[]) =>
      draws.flatMap(({ declared, generation, infrequent, days }, index) =>
        declared
          ? logGroup(`g${index}`, {
              name: `g${index}-${generation}`,
              retentionInDays: days,
              logGroupClass: infrequent ? 'INFREQUENT_ACCESS' : 'STANDARD',
            })
          : [],
      );
    await fc.assert(
      fc.asyncProperty(program, program, program, fc.nat({ max: 3 }), fc.boolean(), async (first, second, third, after, killed) => {
        const other = new TestSandbox();
        try {
          await other.up(graphOf(first));
          if (killed) await other.upKilledAfter(after, graphOf(second));
          else {
            other.restart(['create-fails', 'delete-fails'].map((kind) => ({ target: '**', kind, after, times: 1 })));
            await other.run('up', graphOf(second));
            other.restart();
          }
          const preview = await other.run('preview', graphOf(third));
          const up = await other.up(graphOf(third));
          expect([...told(preview.steps)].sort()).toEqual([...told(up.steps)].sort());
          expect(preview.changes).toEqual(up.changes);
        } finally {
          other.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  test('of what may be replaced shows it and succeeds', async () => {
    await sandbox.up([unprotected('old')]);

    expect(await sandbox.run('preview', [unprotected('new')])).toMatchObject({ status: 'succeeded', changes: { replace: 1 } });
  });
});

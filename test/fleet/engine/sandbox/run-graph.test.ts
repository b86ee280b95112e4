import fc from 'fast-check';

import { runGraph } from '../../../../fleet/engine/sandbox/run-graph';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('running a graph', () => {
  test('starts each node once, after all it waits for, and together with what it does not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uniqueArray(fc.nat({ max: 9 }), { maxLength: 4 }), { maxLength: 10 }), async (edges) => {
        const log: string[] = [];
        await runGraph(
          edges.map((needs, index) => ({
            id: String(index),
            after: needs.filter((need) => need < index).map(String),
            run: async () => {
              log.push(`start ${index}`);
              await turn();
              log.push(`end ${index}`);
            },
          })),
        );
        expect(log).toHaveLength(2 * edges.length);
        edges.forEach((needs, index) => {
          for (const need of needs.filter((one) => one < index))
            expect(log.indexOf(`end ${need}`)).toBeLessThan(log.indexOf(`start ${index}`));
        });
        const free = edges.filter((needs, index) => needs.every((need) => need >= index)).length;
        expect(log.slice(0, free).every((line) => line.startsWith('start'))).toBe(true);
      }),
    );
  });

  test('takes what is not in the graph as done', async () => {
    const run = jest.fn(async () => undefined);
    await runGraph([{ id: 'a', after: ['elsewhere'], run }]);

    expect(run).toHaveBeenCalledTimes(1);
  });

  test('starts nothing after a failure, lets what runs finish, and throws the first failure', async () => {
    const log: string[] = [];
    const node = (id: string, after: readonly string[], work: () => Promise<void>) => ({ id, after, run: work });
    const running = runGraph([
      node('fails', [], async () => {
        await turn();
        throw new Error('first');
      }),
      node('slow', [], async () => {
        await turn();
        await turn();
        log.push('slow ended');
      }),
      node('also fails', [], async () => {
        await turn();
        await turn();
        throw new Error('second');
      }),
      node('never', ['slow'], async () => void log.push('never')),
      node('dependent', ['fails'], async () => void log.push('dependent')),
    ]);

    await expect(running).rejects.toThrow('first');
    expect(log).toEqual(['slow ended']);
  });

  test('names the nodes of a cycle', async () => {
    const run = async () => undefined;

    await expect(
      runGraph([
        { id: 'a', after: ['b'], run },
        { id: 'b', after: ['a'], run },
        { id: 'free', after: [], run },
      ]),
    ).rejects.toThrow('dependency cycle between a, b');
  });
});

import * as fc from 'fast-check';

import { propertyDifferences } from '../../../fleet/engine/property-differences';
import { SECRET, SIGNATURE } from '../../../sandbox/recording-monitor';

const secret = (digest: string) => ({ [SIGNATURE]: SECRET, digest });
const CANARY = 'canary-4711';

describe('what differs', () => {
  test.each<[string, object, object, [path: string, deployed: unknown, found: unknown][]]>([
    ['nothing', { a: 1, b: [1] }, { a: 1, b: [1] }, []],
    ['a value', { a: 1 }, { a: 2 }, [['a', 1, 2]]],
    ['a value that was added', {}, { a: 2 }, [['a', null, 2]]],
    ['a value that was taken away', { a: false }, {}, [['a', false, null]]],
    ['nothing where one has none and the other null', { a: null }, {}, []],
    ['a tag', { tags: { Team: 'x', Env: 'p' } }, { tags: { Team: 'y', Env: 'p' } }, [['tags.Team', 'x', 'y']]],
    ['a tag with a name that is no word', { tags: {} }, { tags: { 'aws:a.b': 'y' } }, [['tags["aws:a.b"]', null, 'y']]],
    ['a whole map', { tags: { Team: 'x' } }, {}, [['tags', { Team: 'x' }, null]]],
    ['an element of a list', { actions: ['a', 'b'] }, { actions: ['a', 'c'] }, [['actions[1]', 'b', 'c']]],
    ['an element more', { rules: [{ days: 1 }] }, { rules: [{ days: 2 }, { days: 3 }] }, [['rules[0].days', 1, 2], ['rules[1]', null, { days: 3 }]]],
    ['a kind of value', { a: '1' }, { a: 1 }, [['a', '1', 1]]],
    ['a map that became a list', { a: { b: 1 } }, { a: [1] }, [['a', { b: 1 }, [1]]]],
    ['a value in a JSON text', { redrivePolicy: '{"maxReceiveCount":5,"arn":"q"}' }, { redrivePolicy: '{ "arn": "q", "maxReceiveCount": 3 }' }, [['redrivePolicy.maxReceiveCount', 5, 3]]],
    ['nothing of how a JSON text is written', { policy: '{"a":[1,2],"b":1}' }, { policy: '\n{ "b": 1.0,\n"a": [1, 2] }' }, []],
    ['a JSON text that is gone', { policy: '{"a":1}' }, { policy: '' }, [['policy', '{"a":1}', '']]],
    ['a text that only looks like JSON', { policy: '{"a":1}' }, { policy: '{oops' }, [['policy', '{"a":1}', '{oops']]],
    ['texts that are numbers are texts', { a: '1' }, { a: '1.0' }, [['a', '1', '1.0']]],
    ['JSON in a JSON text', { body: '{"inner":"{\\"a\\":1}"}' }, { body: '{"inner":"{\\"a\\":2}"}' }, [['body.inner.a', 1, 2]]],
    ['a key that steers objects', { a: JSON.parse('{"__proto__":1}') as object }, { a: {} }, [['a.__proto__', 1, null]]],
    ['a secret', { key: secret('d1') }, { key: secret('d2') }, [['key', '[secret]', '[secret]']]],
    ['nothing of a secret that is the same', { key: secret('d1') }, { key: secret('d1') }, []],
    ['a secret that somebody replaced', { env: { KEY: secret('d1') } }, { env: { KEY: CANARY } }, [['env.KEY', '[secret]', '[secret]']]],
    ['a secret in what is gone', { env: { KEY: secret('d1'), A: 1 } }, {}, [['env', { KEY: '[secret]', A: 1 }, null]]],
    ['a secret that is gone', { env: { KEY: secret('d1') } }, { env: {} }, [['env.KEY', '[secret]', null]]],
  ])('%s', (_what, deployed, found, expected) => {
    const differences = propertyDifferences(deployed as never, found as never);

    expect(differences.map(({ path, ...sides }) => [path, sides.deployed, sides.found])).toEqual(expected);
    expect(JSON.stringify(differences)).not.toContain(CANARY);
  }); // prettier-ignore

  const properties = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<Readonly<Record<string, unknown>>>;

  test('is nothing between equal properties, however their JSON texts are written', () => {
    fc.assert(
      fc.property(properties, (value) => {
        expect(propertyDifferences(value, structuredClone(value))).toEqual([]);
        expect(propertyDifferences({ text: JSON.stringify(value) }, { text: JSON.stringify(value, null, 2) })).toEqual([]);
      }),
    );
  });

  test('is the same from the other side, and something wherever JSON differs', () => {
    fc.assert(
      fc.property(properties, properties, (one, other) => {
        const there = propertyDifferences({ one }, { one: other });
        const back = propertyDifferences({ one: other }, { one });
        expect(back).toEqual(there.map(({ path, deployed, found }) => ({ path, deployed: found, found: deployed })));
        if (JSON.stringify(one) === JSON.stringify(other)) expect(there).toEqual([]);
        expect(new Set(there.map(({ path }) => path)).size).toBe(there.length);
        expect(there.every(({ path }) => path.startsWith('one'))).toBe(true);
      }),
    );
  });
});

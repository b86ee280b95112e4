import { otherRegion } from './fake-world';
import { accepted, allowing, codeOf, functionInputs, messageOf, token, trustFor, verdict, worldWithRole } from './samples';

function worldWithVersions() {
  const world = worldWithRole(allowing(['sqs:*'], '*'));
  const first = world.given(token.function, functionInputs({ publish: true }));
  const second = accepted(world.update(first, functionInputs({ publish: true, code: codeOf('b') })));
  return { world, second };
}

const alias = (over: object) => ({ name: 'live', functionName: 'orders', functionVersion: '1', ...over });
const weights = (additionalVersionWeights: object) => ({ routingConfig: { additionalVersionWeights } });

describe('an alias', () => {
  test('is known by its ARN', () => {
    const { id, outputs } = worldWithVersions().world.given(token.alias, alias({}));
    expect(id).toBe('arn:aws:lambda:eu-west-1:111122223333:function:orders:live');
    expect(outputs).toMatchObject({ arn: id, name: 'live', functionVersion: '1' });
  });

  test('finds its function by ARN too', () => {
    const { world, second } = worldWithVersions();
    expect(verdict(world.create(token.alias, alias({ functionName: second.outputs.arn })))).toBe('done');
  });

  test.each([
    ['two versions', alias(weights({ '2': 0.1 })), ''],
    ['the whole weight', alias(weights({ '2': 1 })), ''],
    ['more than the whole weight', alias(weights({ '2': 1.1 })), 'from 0.0 to 1.0'],
    ['three versions', alias(weights({ '2': 0.1, '3': 0.1 })), 'Number of items in AdditionalVersionWeights cannot be greater than 1'],
    ['a version twice', alias(weights({ '1': 0.1 })), 'Function version 1 is already included in routing configuration.'],
    ['$LATEST alone', alias({ functionVersion: '$LATEST' }), ''],
    [
      '$LATEST with weights',
      alias({ functionVersion: '$LATEST', ...weights({ '2': 0.1 }) }),
      '$LATEST is not supported for an alias pointing to more than 1 version',
    ],
    ['a weight of $LATEST', alias(weights({ $LATEST: 0.1 })), 'is not a version number'],
    [
      'a version that does not exist',
      alias({ functionVersion: '3' }),
      'Function not found: arn:aws:lambda:eu-west-1:111122223333:function:orders:3',
    ],
    ['a weight of a version that does not exist', alias(weights({ '3': 0.1 })), 'function:orders:3'],
    [
      'a function that does not exist',
      alias({ functionName: 'other' }),
      'Function not found: arn:aws:lambda:eu-west-1:111122223333:function:other',
    ],
    ['a name of digits', alias({ name: '42' }), 'digits'],
  ])('with %s', (_what, inputs, message) => {
    const outcome = worldWithVersions().world.create(token.alias, inputs);
    expect(outcome.kind).toBe(message === '' ? 'done' : 'refused');
    expect(messageOf(outcome)).toContain(message);
  });

  test('cannot split traffic between versions of different roles', () => {
    const { world, second } = worldWithVersions();
    world.given(token.role, { name: 'other', assumeRolePolicy: trustFor('lambda.amazonaws.com') });
    accepted(world.update(second, functionInputs({ publish: true, role: 'arn:aws:iam::111122223333:role/other' })));
    expect(messageOf(world.create(token.alias, alias({ functionVersion: '2', ...weights({ '3': 0.1 }) })))).toContain(
      'same execution role',
    );
  });

  test('is taken once for a function, and not found from another region', () => {
    const { world } = worldWithVersions();
    world.given(token.alias, alias({}));
    expect(verdict(world.create(token.alias, alias({})))).toBe('ResourceConflictException');
    expect(verdict(world.create(token.alias, alias({ name: 'prod' }), { place: otherRegion }))).toBe('ResourceNotFoundException');
  });
});

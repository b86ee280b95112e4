import { allowing, functionInputs, messageOf, token, verdict, worldWithRole } from './samples';

const DEAD = 'arn:aws:sqs:eu-west-1:111122223333:dead';

function readyWorld(policy = allowing(['sqs:SendMessage'], DEAD)) {
  const world = worldWithRole(policy);
  world.given(token.queue, { name: 'dead' });
  world.given(token.function, functionInputs({ publish: true }));
  world.given(token.alias, { name: 'live', functionName: 'orders', functionVersion: '1' });
  return world;
}

const config = (over: object = {}) => ({
  functionName: 'orders',
  qualifier: 'live',
  destinationConfig: { onFailure: { destination: DEAD } },
  ...over,
});

describe('the asynchronous invocations of a function', () => {
  test('are configured under the function and its qualifier', () => {
    expect(readyWorld().given(token.invokeConfig, config())).toMatchObject({ id: 'orders:live', outputs: { maximumRetryAttempts: 2 } });
    expect(readyWorld().given(token.invokeConfig, config({ qualifier: undefined })).id).toBe('orders');
  });

  test.each([
    ['a published version', { qualifier: '1' }, 'done'],
    ['a version that does not exist', { qualifier: '2' }, 'ResourceNotFoundException'],
    ['a function that does not exist', { functionName: 'none' }, 'ResourceNotFoundException'],
    ['three retries', { maximumRetryAttempts: 3 }, 'InvalidParameterValueException'],
    ['an age of 59 seconds', { maximumEventAgeInSeconds: 59 }, 'InvalidParameterValueException'],
    ['the longest age', { maximumEventAgeInSeconds: 21_600 }, 'done'],
    [
      'a destination that does not exist',
      { destinationConfig: { onFailure: { destination: `${DEAD}-none` } } },
      'InvalidParameterValueException',
    ],
    [
      'a table as destination',
      { destinationConfig: { onSuccess: { destination: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t' } } },
      'InvalidParameterValueException',
    ],
  ])('with %s', (_what, over, expected) => {
    expect(verdict(readyWorld().create(token.invokeConfig, config(over)))).toBe(expected);
  });

  test('are refused where the role may not send to the destination', () => {
    const outcome = readyWorld(allowing(['sqs:SendMessage'], `${DEAD}-other`)).create(token.invokeConfig, config());
    expect(messageOf(outcome)).toBe(`The function's execution role does not have permissions to call SendMessage on ${DEAD}`);
  });
});

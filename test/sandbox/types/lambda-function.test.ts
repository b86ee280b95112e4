import { otherAccount } from './fake-world';
import { accepted, allowing, codeOf, emptyWorld, functionInputs, messageOf, token, trustFor, verdict, worldWithRole } from './samples';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';

describe('a Lambda function', () => {
  test('has the ARN, hash and defaults that AWS gives', () => {
    const { id, outputs } = worldWithRole().given(token.function, functionInputs());
    expect(id).toBe('orders');
    expect(outputs).toMatchObject({
      arn: ARN,
      invokeArn: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${ARN}/invocations`,
      version: '$LATEST',
      qualifiedArn: `${ARN}:$LATEST`,
      memorySize: 128,
      timeout: 3,
      architectures: ['x86_64'],
      reservedConcurrentExecutions: -1,
      tracingConfig: { mode: 'PassThrough' },
      loggingConfig: { logFormat: 'Text', logGroup: '/aws/lambda/orders' },
      codeSha256: Buffer.from('61'.padStart(64, '0'), 'hex').toString('base64'),
    });
  });

  test('logs at INFO where JSON is asked for and no level', () => {
    const { outputs } = worldWithRole().given(
      token.function,
      functionInputs({ loggingConfig: { logFormat: 'JSON', logGroup: '/orders/orders' } }),
    );
    expect(outputs.loggingConfig).toEqual({
      logFormat: 'JSON',
      logGroup: '/orders/orders',
      applicationLogLevel: 'INFO',
      systemLogLevel: 'INFO',
    });
  });

  const invalid = 'InvalidParameterValueException';
  test.each([
    ['Node 22', { runtime: 'nodejs22.x' }, 'done'],
    ['Node 20, which is deprecated', { runtime: 'nodejs20.x' }, invalid],
    ['an unknown runtime', { runtime: 'nodejs99.x' }, invalid],
    ['no runtime', { runtime: undefined }, invalid],
    ['no handler', { handler: undefined }, invalid],
    ['no code', { code: undefined }, invalid],
    ['code in a bucket', { code: undefined, s3Bucket: 'code-bucket', s3Key: 'orders.zip' }, 'done'],
    ['code in a bucket without its key', { code: undefined, s3Bucket: 'code-bucket' }, invalid],
    ['the most memory', { memorySize: 10_240 }, 'done'],
    ['too much memory', { memorySize: 10_241 }, invalid],
    ['too little memory', { memorySize: 127 }, invalid],
    ['the longest timeout', { timeout: 900 }, 'done'],
    ['a longer timeout', { timeout: 901 }, invalid],
    ['a name of 65 characters', { name: 'f'.repeat(65) }, invalid],
    ['a description of 256 characters', { description: 'd'.repeat(256) }, 'done'],
    ['a description of 257 characters', { description: 'd'.repeat(257) }, invalid],
    ['an environment of 4 KB', { environment: { variables: { AB: 'x'.repeat(4094) } } }, 'done'],
    ['an environment of more than 4 KB', { environment: { variables: { AB: 'x'.repeat(4095) } } }, invalid],
    ['a variable that Lambda sets itself', { environment: { variables: { AWS_REGION: 'eu-west-1' } } }, invalid],
    ['a variable that begins with a digit', { environment: { variables: { '1A': 'x' } } }, invalid],
    ['two architectures', { architectures: ['arm64', 'x86_64'] }, invalid],
    ['six layers', { layers: Array.from({ length: 6 }, () => `${ARN}:1`) }, invalid],
    ['a log level with text logs', { loggingConfig: { logFormat: 'Text', applicationLogLevel: 'INFO' } }, invalid],
    ['a key that does not exist', { kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/none' }, invalid],
    ['a role of another account', { role: 'arn:aws:iam::444455556666:role/worker' }, 'AccessDeniedException'],
  ])('with %s', (_what, over, expected) => {
    expect(verdict(worldWithRole().create(token.function, functionInputs(over)))).toBe(expected);
  });

  test.each([
    ['does not exist', undefined],
    ['trusts another service', trustFor('ec2.amazonaws.com')],
    [
      'trusts Lambda for another account only',
      trustFor('lambda.amazonaws.com').replace('"Action"', '"Condition":{"StringEquals":{"aws:SourceAccount":"444455556666"}},"Action"'),
    ],
  ])('is refused where its role %s', (_what, trust) => {
    const world = emptyWorld();
    if (trust !== undefined) world.given(token.role, { name: 'worker', assumeRolePolicy: trust });
    expect(messageOf(world.create(token.function, functionInputs()))).toBe(
      'The role defined for the function cannot be assumed by Lambda.',
    );
  });

  test('is refused where its name is taken, in its own account and region only', () => {
    const world = worldWithRole();
    world.given(token.function, functionInputs());
    expect(verdict(world.create(token.function, functionInputs()))).toBe('ResourceConflictException');
    world.given(token.role, { name: 'worker', assumeRolePolicy: trustFor('lambda.amazonaws.com') }, { place: otherAccount });
    const there = functionInputs({ role: 'arn:aws:iam::444455556666:role/worker' });
    expect(verdict(world.create(token.function, there, { place: otherAccount }))).toBe('done');
  });

  test.each([
    ['all but 100', 1000, 300, 600, 'done'],
    ['one more than all but 100', 1000, 300, 601, 'InvalidParameterValueException'],
    ['nothing', 10, 0, 0, 'done'],
    ['one of a new account of 10', 10, 0, 1, 'InvalidParameterValueException'],
  ])('may reserve %s (limit %d, %d reserved already)', (_what, limit, others, reserved, expected) => {
    const world = worldWithRole();
    world.lambdaLimit = limit;
    world.given(token.function, functionInputs({ name: 'other', reservedConcurrentExecutions: others }));
    const outcome = world.create(token.function, functionInputs({ reservedConcurrentExecutions: reserved }));
    expect(verdict(outcome)).toBe(expected);
    if (expected !== 'done') expect(messageOf(outcome)).toContain(`below its minimum value of [${Math.min(100, limit)}].`);
  });

  test('does not count its own earlier reservation against itself', () => {
    const world = worldWithRole();
    const before = world.given(token.function, functionInputs({ reservedConcurrentExecutions: 900 }));
    expect(verdict(world.update(before, functionInputs({ reservedConcurrentExecutions: 890 })))).toBe('done');
  });

  test.each([
    [
      'may not send there',
      allowing(['sqs:ReceiveMessage'], '*'),
      'The provided execution role does not have permissions to call SendMessage on SQS',
    ],
    ['may send there', allowing(['sqs:SendMessage'], '*'), ''],
  ])('has a dead-letter target that its role %s', (_what, policy, message) => {
    const world = worldWithRole(policy);
    const dead = world.given(token.queue, { name: 'dead' });
    expect(messageOf(world.create(token.function, functionInputs({ deadLetterConfig: { targetArn: dead.outputs.arn } })))).toBe(message);
  });

  test('cannot be given a timeout above the visibility of a queue it is mapped to', () => {
    const world = worldWithRole(allowing(['sqs:*'], '*'));
    const queue = world.given(token.queue, { name: 'orders', visibilityTimeoutSeconds: 30 });
    const before = world.given(token.function, functionInputs({ timeout: 30 }));
    world.given(token.mapping, { eventSourceArn: queue.outputs.arn, functionName: 'orders' });
    expect(messageOf(world.update(before, functionInputs({ timeout: 31 })))).toBe(
      'Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds',
    );
  });
});

describe('versions of a function', () => {
  const published = (over: object = {}) => functionInputs({ publish: true, description: 'digest a', ...over });

  test.each([
    ['new code', { code: codeOf('b') }, '2'],
    ['another timeout', { timeout: 10 }, '2'],
    ['another description', { description: 'digest b' }, '2'],
    ['another log level', { loggingConfig: { logFormat: 'JSON', applicationLogLevel: 'DEBUG' } }, '2'],
    ['nothing', {}, '1'],
    ['tags', { tags: { Team: 'commerce' } }, '1'],
    ['a reservation', { reservedConcurrentExecutions: 5 }, '1'],
    ['the log group that it has anyway', { loggingConfig: { logFormat: 'Text', logGroup: '/aws/lambda/orders' } }, '1'],
    ['new code that is not to be published', { code: codeOf('b'), publish: false }, '1'],
  ])('after a change of %s the last one is %s', (_what, over, version) => {
    const world = worldWithRole();
    const before = world.given(token.function, published());
    expect(accepted(world.update(before, published(over))).outputs.version).toBe(version);
  });

  test('none is made where the state equals the last version, as when publish is merely turned on again', () => {
    const world = worldWithRole();
    const first = world.given(token.function, published());
    const unpublished = accepted(world.update(first, published({ publish: false })));
    expect(accepted(world.update(unpublished, published())).outputs.version).toBe('1');
  });

  test('shift, promote, abort, roll back and release again count as AWS does', () => {
    const world = worldWithRole();
    const step = (before: ReturnType<typeof accepted>, letter: string, publish: boolean) =>
      accepted(world.update(before, published({ code: codeOf(letter), description: `digest ${letter}`, publish })));
    let fn = world.given(token.function, published({ code: codeOf('1'), description: 'digest 1' }));
    for (const letter of ['2', '3', '4', '5', '6', '7']) fn = step(fn, letter, true);
    const live = (functionVersion: string, weights?: object) => ({
      name: 'live',
      functionName: 'orders',
      functionVersion,
      ...(weights && { routingConfig: { additionalVersionWeights: weights } }),
    });
    let alias = world.given(token.alias, live('7'));

    fn = step(fn, '8', true);
    expect(fn.outputs.version).toBe('8');
    alias = accepted(world.update(alias, live('7', { '8': 0.1 })));

    fn = step(fn, '8', true);
    expect(fn.outputs.version).toBe('8');
    alias = accepted(world.update(alias, live('8')));

    fn = step(fn, '7', false);
    expect(fn.outputs).toMatchObject({ version: '8', description: 'digest 7' });
    alias = accepted(world.update(alias, live('7')));

    fn = step(fn, '9', true);
    expect(fn.outputs).toMatchObject({ version: '9', qualifiedArn: `${ARN}:9` });
    expect(verdict(world.update(alias, live('7', { '9': 0.1 })))).toBe('done');
    expect(verdict(world.update(alias, live('10')))).toBe('ResourceNotFoundException');
    expect(fn.outputs.__versions).toHaveLength(9);
  });
});

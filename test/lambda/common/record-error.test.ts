import { deadLetterClasses } from '../../../contracts/order-message';
import { kindOfErrorName, RecordError, toRecordError } from '../../../lambda/common/record-error';

test.each(deadLetterClasses)('the name of a %s error tells its kind', (kind) => {
  expect(kindOfErrorName(new RecordError(kind, 'code', 'message').name)).toBe(kind);
});

test('other names tell nothing', () => {
  expect(kindOfErrorName('TypeError')).toBeUndefined();
});

test('a record error stays what it is', () => {
  const error = new RecordError('rejected', 'changed-order', 'message');
  expect(toRecordError(error)).toBe(error);
});

test('of a foreign error the name and the place stay, its message does not', () => {
  const error = toRecordError(new TypeError('cannot read canary-c0ffee\n    at canary-c0ffee.ts:1:2'));

  expect(error).toMatchObject({ kind: 'unknown', code: 'unexpected', message: 'unexpected TypeError: a defect, see the stack' });
  expect(error.stack).toContain('record-error.test.ts');
  expect(`${error.message}${error.stack}`).not.toContain('canary');
});

test.each([undefined, null, 'canary-c0ffee', 7, { name: 7 }, { name: 'canary c0ffee' }])('%p thrown is an unknown failure', (thrown) => {
  const error = toRecordError(thrown);

  expect(error).toMatchObject({ kind: 'unknown', message: 'unexpected Error: a defect, see the stack' });
});

test('a thrown thing that only has a stack keeps the frames of it', () => {
  const stack = 'canary-c0ffee\n    at readOrder (/var/task/index.js:1:2)\ncanary-c0ffee';

  expect(toRecordError({ stack }).stack?.split('\n').slice(1)).toEqual(['    at readOrder (/var/task/index.js:1:2)']);
});

test.each([
  ['malformed', 'MalformedRecordError'],
  ['rejected', 'RejectedRecordError'],
  ['transient', 'TransientRecordError'],
  ['unknown', 'UnknownRecordError'],
] as const)('a %s error is named %s: dead letters are classified by it, also those of older releases', (kind, name) => {
  expect(new RecordError(kind, 'code', 'message').name).toBe(name);
});

test.each([{ stack: 7 }, { stack: 'Error\n    at nowhere' }, {}])('%p has no frame to keep', (thrown) => {
  expect(toRecordError(thrown).stack).not.toMatch(/nowhere|Stryker/);
});

test('the lines of a message are no frames, wherever the stack has them', () => {
  const message = 'canary\n    at canary.ts:1:2';
  const stack = `Error: ${message}\n    at readOrder (/var/task/index.js:1:2)`;

  expect(toRecordError({ message, stack }).stack).not.toContain('canary');
});

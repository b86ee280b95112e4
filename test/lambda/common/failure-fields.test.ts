import { failureFields } from '../../../lambda/common/failure-fields';
import { RecordError } from '../../../lambda/common/record-error';

const readable = (stack: string) => `readable ${stack}`;

test.each(['malformed', 'rejected', 'transient'] as const)('a %s failure is told by its code, without a stack', (kind) => {
  expect(failureFields(new RecordError(kind, 'some-code', 'what happened'), readable)).toEqual({
    failure: kind,
    failure_code: 'some-code',
    failure_message: 'what happened',
  });
});

test('an unknown failure brings its stack along, in the names of the sources', () => {
  const error = Object.assign(new RecordError('unknown', 'unexpected', 'what happened'), { stack: 'at index.js:1:2' });

  expect(failureFields(error, readable)).toMatchObject({ failure: 'unknown', stack: 'readable at index.js:1:2' });
});

test('a failure whose stack was lost has an empty one', () => {
  const error = new RecordError('unknown', 'unexpected', 'what happened');
  delete error.stack;

  expect(failureFields(error, readable)).toMatchObject({ stack: 'readable ' });
});

import { codedText } from '../../fleet/errors';

test.each([
  ['aws/AccessDenied', 'AccessDenied: no', 'aws/AccessDenied: no'],
  ['aws/AccessDenied', 'aws/AccessDenied: AccessDenied: no', 'aws/AccessDenied: no'],
  ['fleet/locked', 'fleet/locked: by another', 'fleet/locked: by another'],
  ['aws/AccessDenied', 'AccessDeniedException: no', 'aws/AccessDenied: AccessDeniedException: no'],
  ['aws/AccessDenied', 'could not be previewed: AccessDenied: no', 'aws/AccessDenied: could not be previewed: no'],
  ['fleet/timeout', 'took 3 s', 'fleet/timeout: took 3 s'],
])('%s with message "%s" is told as "%s"', (code, message, told) => {
  expect(codedText({ code, message })).toBe(told);
});

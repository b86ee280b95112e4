import { FleetError } from '../../../fleet/errors';
import { mayNotWrite } from '../../../fleet/state/may-not-write';
import { s3Error } from '../../../fleet/state/s3-error';

const disk = (code: string) => Object.assign(new Error(code), { code });
const s3 = (name: string, status: number) =>
  s3Error(Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } }), { what: 'written', bucket: 'b', key: 'k' });

test.each([
  ['a folder', disk('EACCES')],
  ['a read-only file system', disk('EROFS')],
  ['a file that may not be changed', disk('EPERM')],
  ['a folder of the state', new FleetError('fleet/state-io', 'state x cannot be written', { cause: disk('EACCES') })],
  ['a bucket', s3('AccessDenied', 403)],
  ['a key', s3('KMS.AccessDeniedException', 403)],
])('%s refuses a write by rights alone', (_name, error) => {
  expect(mayNotWrite(error)).toBe(true);
});

test.each([
  ['a full disk', disk('ENOSPC')],
  ['a broken disk', new FleetError('fleet/state-io', 'state x cannot be written', { cause: disk('EIO') })],
  ['a bucket that is not there', s3('NoSuchBucket', 404)],
  ['a bucket that is busy', s3('SlowDown', 503)],
  ['a damaged object', new FleetError('user/state-damaged', 'x is damaged')],
  ['anything', undefined],
])('%s is another failure', (_name, error) => {
  expect(mayNotWrite(error)).toBe(false);
});

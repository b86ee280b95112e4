import { ignoresHangUp } from '../../fleet/hang-up';
import { personOf } from '../../fleet/person';

const at = { userId: () => 12_345, hostname: () => 'runner' };

test('a person has the name of the user, or the number where it has none', () => {
  const nameless = () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  };

  expect(personOf({ ...at, userInfo: () => ({ username: 'ada' }) })).toBe('ada@runner');
  expect(personOf({ ...at, userInfo: nameless })).toBe('uid-12345@runner');
  expect(personOf({ ...at, userInfo: nameless, userId: () => undefined })).toBe('uid-unknown@runner');
});

test.each([
  [{ FLEET_HANGUP: 'ignored' }, true],
  [{ _: '/usr/bin/nohup' }, true],
  [{ _: '/usr/bin/node' }, false],
  [{}, false],
])('whether a hang-up is ignored by %j: %s', (env, expected) => {
  expect(ignoresHangUp(env)).toBe(expected);
});

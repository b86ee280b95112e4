import { cacheFolder } from '../../../fleet/state/cache-folder';

test.each([
  ['', '/f/.fleet/cache/acme'],
  ['orders', '/f/.fleet/cache/acme+orders'],
  ['a/b', '/f/.fleet/cache/acme+a+b'],
  ['a-b', '/f/.fleet/cache/acme+a-b'],
  ['..', '/f/.fleet/cache/acme+..'],
  ['../../x', '/f/.fleet/cache/acme+..+..+x'],
])('what prefix %j needs on disk is beside fleet.yaml, in a folder of its own', (prefix, folder) => {
  expect(cacheFolder('/f/fleet.yaml', { bucket: 'acme', prefix })).toBe(folder);
});

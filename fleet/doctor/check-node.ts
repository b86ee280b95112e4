import { userError } from '../errors';

import { failed, ok, type Check } from './check';

/** Whether this Node is one of those that the product is made for. `engines` is package.json's, as `>=20.19`. */
export function checkNode(version: string, { engines }: { readonly engines: string }): Check {
  const [, major = '0', minor = '0'] = /^>=(\d+)\.(\d+)$/.exec(engines) ?? [];
  const [ourMajor = 0, ourMinor = 0] = version.split('.').map(Number);
  const isEnough = ourMajor > Number(major) || (ourMajor === Number(major) && ourMinor >= Number(minor));
  if (isEnough) return ok('node', `Node ${version}`);
  return failed(
    'node',
    userError('node-too-old', `Node ${version} is older than ${major}.${minor}: install a newer one, from https://nodejs.org`),
  );
}

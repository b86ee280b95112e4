import { protectionOf } from '../../layer-kit/protection';

test.each([
  ['nothing', { data: true, identity: true }],
  ['identity', { data: true, identity: false }],
  ['everything', { data: false, identity: false }],
] as const)('a run that unprotects %s protects %j', (unprotect, expected) => {
  expect(protectionOf({ unprotect })).toEqual(expected);
});

import { checkNode } from '../../../fleet/doctor/check-node';

test.each([
  ['20.19.0', 'ok'],
  ['20.20.2', 'ok'],
  ['24.0.0', 'ok'],
  ['20.18.9', 'failed'],
  ['18.30.0', 'failed'],
  ['9.99.0', 'failed'],
])('Node %s, where >=20.19 is needed, is %s', (version, status) => {
  expect(checkNode(version, { engines: '>=20.19' })).toMatchObject({ name: 'node', status });
});

test('a Node that is too old is told with what to do', () => {
  expect(checkNode('18.20.4', { engines: '>=20.19' })).toEqual({
    name: 'node',
    status: 'failed',
    detail: 'Node 18.20.4 is older than 20.19: install a newer one, from https://nodejs.org',
    advice: null,
    code: 'user/node-too-old',
  });
});

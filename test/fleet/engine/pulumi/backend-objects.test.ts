import { backendPlace } from '../../../../fleet/engine/pulumi/backend-objects';

test.each([
  ['file:///var/fleet/pulumi', { kind: 'folder', path: '/var/fleet/pulumi' }],
  ['file:///var/my%20fleet', { kind: 'folder', path: '/var/my fleet' }],
  ['s3://acme-state', { kind: 's3', bucket: 'acme-state', prefix: '' }],
  ['s3://acme-state/', { kind: 's3', bucket: 'acme-state', prefix: '' }],
  ['s3://acme-state/pulumi/orders/', { kind: 's3', bucket: 'acme-state', prefix: 'pulumi/orders' }],
  ['s3://acme-state/pulumi?region=eu-west-1', { kind: 's3', bucket: 'acme-state', prefix: 'pulumi' }],
])('%s is %j', (url, place) => {
  expect(backendPlace(url)).toEqual(place);
});

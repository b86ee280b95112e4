import { parseFleetConfig } from '../../../fleet/config/load-config';
import { checkProvider } from '../../../fleet/doctor/check-provider';
import { FleetError } from '../../../fleet/errors';

const config = (source: string, engine: string) =>
  parseFleetConfig(
    `
name: orders
organization: { source: ${source}${source === 'sandbox' ? ', path: organization.yaml' : ''} }
accounts: { shared: "111111111111", monitoring: "222222222222" }
regions: [eu-west-1]
engine: ${engine}
${source === 'aws' ? 'state: s3://bucket/fleet\nbackend: s3://bucket/pulumi\nsecretsProvider: awskms:///alias/fleet\n' : ''}`,
    { path: '/fleet/fleet.yaml' },
  );
const there = async () => ({ version: '7.48.0', source: 'there' }) as const;
const missing = () => Promise.reject(new FleetError('pulumi/plugin-missing', 'the AWS plugin is not installed'));

test.each([
  ['a fleet on AWS has it', config('aws', 'pulumi'), { get: there, fix: false }, 'ok', null],
  ['a fleet on AWS has it not', config('aws', 'pulumi'), { get: missing, fix: false }, 'failed', 'pulumi/plugin-missing'],
  ['a fleet on AWS has no CLI', config('aws', 'pulumi'), { get: null, fix: false }, 'skipped', null],
  ['a sandbox needs none', config('sandbox', 'pulumi'), { get: missing, fix: true }, 'skipped', null],
  ['there is no fleet', null, { get: missing, fix: false }, 'skipped', null],
  ['there is no fleet, and it is to be obtained', null, { get: missing, fix: true }, 'failed', 'pulumi/plugin-missing'],
])('where %s, the check says so', async (_when, fleet, options, status, code) => {
  expect(await checkProvider(fleet, options)).toMatchObject({ name: 'provider', status, code });
});

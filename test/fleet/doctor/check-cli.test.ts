import { parseFleetConfig } from '../../../fleet/config/load-config';
import { checkCli } from '../../../fleet/doctor/check-cli';
import { FleetError } from '../../../fleet/errors';

const yaml = `
name: orders
organization: { source: sandbox, path: organization.yaml }
accounts: { shared: "111111111111", monitoring: "222222222222" }
regions: [eu-west-1]
`;
const config = (engine: string) => parseFleetConfig(`${yaml}engine: ${engine}\n`, { path: '/fleet/fleet.yaml' });
const found = async () => ({ path: '/bin/pulumi', version: '3.259.0', source: 'path' }) as const;
const none = () => Promise.reject(new FleetError('pulumi/cli-missing', 'there is no Pulumi CLI: put one on PATH'));

test.each([
  ['the real engine has its CLI', config('pulumi'), found, 'ok', null],
  ['the real engine has none', config('pulumi'), none, 'failed', 'pulumi/cli-missing'],
  ['there is no fleet and a CLI', null, found, 'ok', null],
  ['there is no fleet and none', null, none, 'failed', 'pulumi/cli-missing'],
  ['the simulated engine needs none', config('sandbox'), none, 'skipped', null],
])('where %s, the check says so', async (_when, fleet, get, status, code) => {
  expect(await checkCli(fleet, get)).toMatchObject({ name: 'engine', status, code });
});

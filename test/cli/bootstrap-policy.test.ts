import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { FleetRunner } from './fleet-runner';

const FLEET = `name: orders
organization: { source: aws }
state: s3://acme-fleet-state/state
backend: s3://acme-fleet-state/pulumi
secretsProvider: awskms://alias/orders-state
accounts: { shared: "111111111111", monitoring: "222222222222" }
regions: [eu-west-1]
tags: { Application: orders, Team: commerce, CostCenter: cc-100, Environment: prod }
`;
const BOOTSTRAP = `control: { roles: [ci/release], operators: [on-call] }
cost: { budgets: { perAccountUsd: 250 }, anomalies: { thresholdUsd: 100 } }
`;
const GITHUB = ['--repository', 'acme/fleet', '--environment', 'production', '--account', '999999999999'];

let fleet: FleetRunner;

beforeEach(() => {
  fleet = new FleetRunner('in process');
  writeFileSync(join(fleet.directory, 'fleet.yaml'), FLEET);
  writeFileSync(join(fleet.directory, 'bootstrap.yaml'), BOOTSTRAP);
});
afterEach(() => fleet.remove());

test.each([
  ['control', []],
  ['operator', []],
  ['ci', GITHUB],
])('bootstrap --print-policy %s prints one JSON document, and asks AWS nothing', async (whose, flags) => {
  const ran = await fleet.run('bootstrap', '--print-policy', whose, ...flags);

  expect([ran.exitCode, ran.err]).toEqual([0, []]);
  expect(JSON.parse(ran.out.join('\n'))).toMatchObject({
    version: 1,
    policy: whose,
    permissions: { Version: '2012-10-17' },
    trust: whose === 'ci' ? { Statement: [{ Action: 'sts:AssumeRoleWithWebIdentity' }] } : null,
  });
});

test.each([
  ['a role that is none of them', ['admin'], /--print-policy admin is none of control, operator, ci/],
  ['a pipeline of nobody', ['ci'], /--print-policy ci: say whose jobs.*--repository OWNER\/REPO --environment NAME --account ID/],
  ['half a subject', ['control', '--repository', 'acme/fleet'], /--environment is missing.*add --environment production/],
  ['a repository without its owner', ['ci', ...GITHUB, '--repository', 'fleet'], /--repository "fleet" must be such as acme\/fleet/],
  ['an environment that is a pattern', ['ci', ...GITHUB, '--environment', '*'], /--environment "\*" must be such as production/],
  ['an account that is none', ['ci', ...GITHUB, '--account', '1'], /--account "1" must be such as 123456789012/],
])('bootstrap --print-policy refuses %s', async (_name, argv, message) => {
  const ran = await fleet.run('bootstrap', '--print-policy', ...argv);

  expect(ran.exitCode).toBe(2);
  expect(ran.err.join('\n')).toMatch(message);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { changeMemory, rollOut, sandboxFleet } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const fleets = sandboxFleet({ accounts: 3, onlyBuilt: true });

/** Names as an account may have them once somebody means harm, each with the sign by which a forged line would be known. */
const names = ['shop\n::error::FORGED', '::add-mask::200000000001', '=HYPERLINK("x")\r##[error]FORGED\u202e\u001b[2J'];

/** What a pipeline would carry out, and what steers a terminal. */
const COMMAND = /^\s*::|##(vso|teamcity)?\[|^FORGED/im;
const STEERING = /[\p{Cf}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u;

test('names of accounts begin no line, give no command and steer nothing, in whatever tells of them', async () => {
  const fleet = fleets.built();
  fleet.organize(({ accounts }) => {
    accounts.filter(({ id }) => String(id).startsWith('2')).forEach((account, index) => (account.name = names[index]));
  });
  expect((await rollOut(fleet)).exitCode).toBe(0);
  changeMemory(fleet, 512);
  fleet.plant({ target: FIRST, kind: 'role-missing' });
  const lines = [
    'plan',
    'rollout --yes',
    'status',
    'status --health',
    'report',
    'report --format csv',
    'report --format junit',
    'report --format html',
    'report --kpi',
    'discover',
    'audit',
    'drift',
    'preflight',
    'verify --no-order',
    'dashboards',
    'cost --by account --csv costs.csv --html costs.html',
    `show ${FIRST}`,
  ];
  for (const line of lines) {
    const { out, err } = await fleet.run(...line.split(' '));
    for (const text of [...out, ...err]) {
      expect({ line, text: COMMAND.exec(text)?.[0] }).toEqual({ line, text: undefined });
      expect({ line, text: STEERING.test(text) }).toEqual({ line, text: false });
    }
  }
  const csv = readFileSync(join(fleet.directory, 'costs.csv'), 'utf8');
  expect(csv).toContain(`'=HYPERLINK`);
  for (const text of [csv.replaceAll('\r\n', '\n'), readFileSync(join(fleet.directory, 'costs.html'), 'utf8')])
    expect(text).not.toMatch(STEERING);
});

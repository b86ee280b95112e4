import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readBootstrapFile } from '../../../fleet/bootstrap/bootstrap-file';
import type { FleetError } from '../../../fleet/errors';

const folder = mkdtempSync(join(tmpdir(), 'fleet-bootstrap-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(text: string) {
  const path = join(folder, 'bootstrap.yaml');
  writeFileSync(path, text);
  return readBootstrapFile(path);
}

function problems(text: string): readonly string[] {
  try {
    read(text);
  } catch (error) {
    return (error as FleetError).problems.map(({ message, at }) => `${at?.line ?? 0}:${at?.column ?? 0} ${message}`);
  }
  return [];
}

const COST = 'cost: { budgets: { perAccountUsd: 10 }, anomalies: { thresholdUsd: 5 } }';

test('needs who runs the fleet and what an account may cost; all else has a default', () => {
  expect(read(`control: { roles: [fleet-control] }\n${COST}`)).toEqual({
    control: { roles: ['fleet-control'], operators: [] },
    units: [],
    bootstrapRole: 'OrganizationAccountAccessRole',
    state: { oldVersionsDays: 365, takeOver: true },
    tagPolicy: { reportRequiredFor: [] },
    cost: {
      budgets: { perAccountUsd: 10 },
      anomalies: { thresholdUsd: 5, accountMonitorArn: null, costCenters: [] },
      emails: [],
      activateTags: false,
    },
  });
});

test('every mistake is told at once, each with its place', () => {
  expect(problems(`control: { roles: ["arn:aws:iam::1:role/x"] }\nunits: [Workloads]\ncosts: {}\n${COST}`)).toEqual([
    expect.stringMatching(/^1:20 .*not an ARN/),
    expect.stringMatching(/^2:9 unit id "Workloads" does not match/),
    expect.stringMatching(/^3:1 .*costs.*did you mean cost\?/),
  ]);
});

test('one that is not there is named', () => {
  expect(() => readBootstrapFile(join(folder, 'none.yaml'))).toThrow(/none\.yaml does not exist/);
});

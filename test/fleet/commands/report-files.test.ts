import { lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openReportFiles } from '../../../fleet/commands/report-files';
import type { Message } from '../../../fleet/ports';
import type { RolloutReport } from '../../../fleet/report/rollout-report';
import { temporaryFolder } from '../../helpers/temporary-folder';

const cwd = temporaryFolder('report-files');
const told: Message[] = [];
const context = { cwd, reporter: { report: (message: Message) => void told.push(message) } };
const report = {
  ...{ version: 1, rollout: '20261103T100000.000-abcd', purpose: 'rollout', release: 'r1', plan: 'p1', outcome: 'succeeded', kept: [] },
  ...{ startedAt: '2026-11-03T10:00:00.000Z', endedAt: '2026-11-03T10:00:03.000Z', waiting: null, until: null, driven: false, next: [] },
  ...{ counts: { total: 0 }, waves: [], targets: [] },
} as unknown as RolloutReport;

beforeEach(() => void told.splice(0));

test('a report is written in every form, into a folder that is made, and nothing else is left there', () => {
  openReportFiles('out/reports', context)(report);

  expect(readdirSync(join(cwd, 'out/reports')).sort()).toEqual(['rollout.csv', 'rollout.html', 'rollout.json', 'rollout.junit.xml']);
  expect(JSON.parse(readFileSync(join(cwd, 'out/reports/rollout.json'), 'utf8'))).toEqual(report);
  expect(readFileSync(join(cwd, 'out/reports/rollout.junit.xml'), 'utf8')).toMatch(/^<\?xml[\s\S]*<\/testsuites>\n$/);
});

test('a link in the place of a file is replaced, and what it leads to is left as it is', () => {
  const folder = join(cwd, 'linked');
  mkdirSync(folder);
  writeFileSync(join(cwd, 'precious'), 'kept');
  symlinkSync(join(cwd, 'precious'), join(folder, 'rollout.json'));
  openReportFiles('linked', context)(report);

  expect(lstatSync(join(folder, 'rollout.json')).isFile()).toBe(true);
  expect(readFileSync(join(cwd, 'precious'), 'utf8')).toBe('kept');
});

test('a folder that cannot be written to is refused before anything is done', () => {
  writeFileSync(join(cwd, 'file'), '');

  expect(() => openReportFiles('file/below', context)).toThrow(/^--report file\/below cannot be written to: .*; name another folder$/);
});

test('what cannot be written at the end is told, with the way to have it again', () => {
  const write = openReportFiles('gone', context);
  rmSync(join(cwd, 'gone'), { recursive: true });
  write(report);

  expect(told).toMatchObject([
    { level: 'warning', code: 'report-lost', message: expect.stringMatching(/^--report gone: the report could not be written: ENOENT.*fleet report 20261103T100000.000-abcd/) as string },
  ]); // prettier-ignore
});

test('without a folder nothing is written', () => {
  openReportFiles(undefined, context)(report);

  expect(told).toEqual([]);
});

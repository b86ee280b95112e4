import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { makeFolders } from '../../sandbox/make-folders';
import { messageOf, userError } from '../errors';
import { rolloutForm, type RolloutForm } from '../report/rollout-forms';
import type { RolloutReport } from '../report/rollout-report';

import type { CommandContext } from './context';

/** Names of the files of `--report`. */
export const REPORT_FILES = {
  json: 'rollout.json',
  html: 'rollout.html',
  junit: 'rollout.junit.xml',
  csv: 'rollout.csv',
} as const satisfies Record<RolloutForm, string>;

/** Writes a rollout's report in every form, each file at once; those of an earlier run are replaced. */
export type WriteReport = (report: RolloutReport) => void;

/**
 * Opens the folder of `--report`, made where it is not there, before anything else is done. Throws `user/report-directory` where nothing can be
 * written to it. What cannot be written at the end is told, and nothing more: the rollout has ended as it has.
 */
export function openReportFiles(directory: string | undefined, { cwd, reporter }: Pick<CommandContext, 'cwd' | 'reporter'>): WriteReport {
  if (directory === undefined) return () => undefined;
  const folder = resolve(cwd, directory);
  try {
    makeFolders(folder);
    writeWhole(folder, '.fleet-report', '');
    rmSync(join(folder, '.fleet-report'));
  } catch (cause) {
    throw userError('report-directory', `--report ${directory} cannot be written to: ${messageOf(cause)}; name another folder`, { cause });
  }
  return (report) => {
    try {
      for (const [form, name] of Object.entries(REPORT_FILES) as [RolloutForm, string][])
        writeWhole(folder, name, `${rolloutForm(report, form)}\n`);
    } catch (error) {
      const again = `fleet report ${report.rollout} --format html prints it again`;
      const message = `--report ${directory}: the report could not be written: ${messageOf(error)}; ${again}`;
      reporter.report({ level: 'warning', code: 'report-lost', message });
    }
  };
}

/** Under another name first, which is new: whoever reads finds a whole file, and a link in its place is replaced, not followed. */
function writeWhole(folder: string, name: string, text: string): void {
  const partial = join(folder, `.${name}.${randomUUID()}`);
  try {
    writeFileSync(partial, text, { flag: 'wx' });
    renameSync(partial, join(folder, name));
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

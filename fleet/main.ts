import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CommandContext } from './commands/context';
import { EXIT_BAD_INPUT, EXIT_FAILED, EXIT_INTERRUPTED } from './commands/exit-codes';
import { parseCommandLine, type Parsed } from './commands/program';
import { codedText, FleetError, formatProblem, isFleetError, messageOf } from './errors';
import type { OutputLoss } from './output';
import type { Clock, Reporter } from './ports';
import { jsonReporter, textReporter, type WriteLine } from './report/reporters';
import { safeLine } from './report/terminal-text';
import { steadyClock } from './steady-clock';

/** The process as main sees it. */
export interface MainDependencies {
  readonly out: WriteLine;
  readonly err: WriteLine;
  /** What of all that went to `out` was not written. @default nothing is ever lost */
  readonly outputLoss?: () => Promise<OutputLoss | undefined>;
  readonly outputClosed?: CommandContext['outputClosed'];
  readonly clock: Clock;
  readonly cwd: string;
  readonly productRoot: string;
  readonly env: CommandContext['env'];
  readonly temporary: string;
  readonly ask: CommandContext['ask'];
  readonly interrupt: AbortSignal;
  readonly cancel: AbortSignal;
  readonly person: string;
  readonly terminal?: CommandContext['terminal'];
  readonly onInterrupt?: CommandContext['onInterrupt'];
  readonly attachProvider?: CommandContext['attachProvider'];
}

/** Runs one command line to its exit code (DESIGN section 6). Never throws. */
export async function main(argv: readonly string[], dependencies: MainDependencies): Promise<number> {
  const { out, err } = dependencies;
  const clock = steadyClock(dependencies.clock);
  const json = argv.includes('--json');
  const reporterFor = (verbose: boolean): Reporter => (json ? jsonReporter : textReporter)({ out, err, clock, verbose });
  let parsed: Parsed;
  try {
    parsed = parseCommandLine(argv, productVersion(dependencies.productRoot));
  } catch (error) {
    return fail(error, { reporter: reporterFor(false), json, err });
  }
  if (parsed.kind === 'print') {
    out(parsed.text);
    const lost = await lostOutput(dependencies);
    return lost ? fail(lost, { reporter: reporterFor(false), json, err }) : 0;
  }
  const { flags, run, result } = parsed.invocation;
  const reporter = reporterFor(flags.verbose);
  try {
    const outcome = await run({ ...dependencies, clock, ...(json && { terminal: undefined }), reporter });
    reporter.report({ level: 'result', code: 'result', message: json ? firstLine(outcome.text) : outcome.text, data: outcome.data });
    const lost = result === 'output' ? await lostOutput(dependencies) : undefined;
    return lost ? fail(lost, { reporter, json, err }) : outcome.exitCode;
  } catch (error) {
    if (!isInterrupt(error, dependencies.interrupt)) return fail(error, { reporter, json, err });
    const message = 'interrupted: nothing further was begun';
    err(message);
    if (json) reporter.report({ level: 'result', code: 'result', message, data: { interrupted: true } });
    return EXIT_INTERRUPTED;
  }
}

/** A reader that goes away has read what it wanted; whoever is left with a part of a file has not. */
async function lostOutput({ outputLoss }: MainDependencies): Promise<FleetError | undefined> {
  const loss = await outputLoss?.();
  if (loss?.kind !== 'failed') return undefined;
  return new FleetError(
    'fleet/output-lost',
    `standard output did not take all of this: ${loss.message}; make room there, then run it again`,
  );
}

/** Whether a verb ended because of Ctrl-C: what was waiting rejects with its reason, or with an error that has it as cause. */
function isInterrupt(error: unknown, { aborted, reason }: AbortSignal): boolean {
  return aborted && (error === reason || (error as { readonly cause?: unknown } | null)?.cause === reason);
}

function fail(error: unknown, to: { readonly reporter: Reporter; readonly json: boolean; readonly err: WriteLine }): number {
  const { code, lines, exitCode } = isFleetError(error) ? known(error) : unknown(error);
  for (const line of lines) to.reporter.report({ level: 'error', code, message: codedText({ code, message: line }) });
  if (to.json) {
    // A person at the terminal sees it as well, and a program's last line is a result in any case.
    lines.forEach((line) => to.err(safeLine(codedText({ code, message: line }))));
    to.reporter.report({ level: 'result', code: 'result', message: lines[0] ?? code, data: { error: { code, messages: lines } } });
  }
  return exitCode;
}

function known(error: FleetError) {
  return { code: error.code, lines: error.problems.map(formatProblem), exitCode: error.source === 'user' ? EXIT_BAD_INPUT : EXIT_FAILED };
}

/** Not one of ours: a defect, told with its place, since a person must report it. */
function unknown(error: unknown) {
  const stack = (error as { readonly stack?: unknown } | null | undefined)?.stack;
  const place = typeof stack === 'string' ? /^ +(at .*)$/m.exec(stack)?.[1] : undefined;
  const defect = `this is a defect of fleet${place === undefined ? '' : `; ${place}`}`;
  return { code: 'fleet/internal', lines: [`${firstLine(messageOf(error))} (${defect})`], exitCode: EXIT_FAILED };
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

function productVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version;
}

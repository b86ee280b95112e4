import type { Clock, Message, Reporter } from '../ports';

import { safeLine, safeText } from './terminal-text';

/** Where a reporter writes; each call is one whole line. */
export type WriteLine = (line: string) => void;

/** How much is told: `debug` adds every resource. */
export interface ReporterOptions {
  readonly out: WriteLine;
  readonly err: WriteLine;
  readonly clock: Pick<Clock, 'now'>;
  readonly verbose: boolean;
}

/** For people: errors and warnings on the error stream. Each is one line whatever it quotes; only a text of the fleet's own has several. */
export function textReporter(options: ReporterOptions): Reporter {
  return {
    report: ({ level, message, isText = level === 'result' }: Message) => {
      if (level === 'debug' && !options.verbose) return;
      if (level === 'error') return options.err(safeLine(message));
      if (level === 'warning') return options.err(`warning: ${safeLine(message)}`);
      const told = isText ? message.split('\n').map(safeText).join('\n') : safeLine(message);
      options.out(level === 'result' ? told : `${options.clock.now().toISOString().slice(11, 19)} ${told}`);
    },
  };
}

/** For programs: one JSON object a line; the last has code `result`. */
export function jsonReporter(options: ReporterOptions): Reporter {
  return {
    report: ({ level, code, message, target, data }: Message) => {
      if (level === 'debug' && !options.verbose) return;
      const time = options.clock.now().toISOString();
      options.out(
        JSON.stringify({
          time,
          level: level === 'result' ? 'info' : level,
          code,
          ...(target ? { target } : {}),
          message,
          ...(data === undefined ? {} : { data }),
        }),
      );
    },
  };
}

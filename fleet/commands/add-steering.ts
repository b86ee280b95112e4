import type { Command } from 'commander';

import { userError } from '../errors';

import { withFilters, type FilterFlags } from './filters';
import { chosen, duration, verb, wholeNumber, type Choose } from './verb';

/** What `--wait` means, wherever it is. */
export const WAIT_SUMMARY = 'leave with exit 3 when only waiting is left and takes longer, as 10m';

/** What `--report` means, wherever it is. */
export const REPORT_FLAG = ['--report <folder>', 'write the report there at the end: json, html, junit, csv'] as const;

/** Adds the verbs on a rollout, the last one by default; and `drift`. */
export function addSteering(program: Command, choose: Choose): void {
  const reference = (config: string, rollout: string | undefined) => ({ config, ...(rollout === undefined ? {} : { rollout }) });

  verb(program, { name: 'resume', result: 'change', summary: 'go on with a rollout that was left, interrupted or paused' })
    .argument('[rollout]')
    .option('--wait <duration>', WAIT_SUMMARY)
    .option('--take-over <holder>', 'follow a holder whose process has ended and whose clock was ahead, as 4711@host')
    .option(...REPORT_FLAG)
    .action(
      chosen<{ wait?: string; takeOver?: string; report?: string }>(
        choose,
        async ({ config, wait, takeOver, report }, context, [rollout]) => {
          const given = {
            ...reference(config, rollout),
            ...(takeOver === undefined ? {} : { takeOver }),
            ...(report === undefined ? {} : { report }),
          };
          return (await import('./resume')).resume({ ...given, waitSeconds: duration('--wait', wait) }, context);
        },
      ),
    );

  verb(program, { name: 'approve', result: 'change', summary: 'approve what a rollout waits for' })
    .argument('[rollout]')
    .option('--wave <name>', 'the wave; the one that waits by default')
    .option('--accept-red', 'start the wave though alarms are red already')
    .option('--plan <digest>', 'the plan that was read: refused where the rollout runs another')
    .option('--expires <duration>', 'how long the approval is good for', '24h')
    .action(
      chosen<{ wave?: string; acceptRed?: boolean; plan?: string; expires: string }>(choose, async (flags, context, [rollout]) => {
        const { wave, acceptRed, plan } = flags;
        const given = {
          ...(wave === undefined ? {} : { wave }),
          ...(acceptRed ? { acceptRed } : {}),
          ...(plan === undefined ? {} : { plan }),
        };
        const expiresSeconds = duration('--expires', flags.expires) ?? 0;
        return (await import('./approve')).approve({ ...reference(flags.config, rollout), ...given, expiresSeconds }, context);
      }),
    );

  verb(program, { name: 'pause', result: 'change', summary: 'let what runs finish and start nothing further' })
    .argument('[rollout]')
    .action(
      chosen(choose, async (flags, context, [rollout]) => (await import('./steer')).pause(reference(flags.config, rollout), context)),
    );

  verb(program, { name: 'abort', result: 'change', summary: 'end a rollout: what runs is let finish, the rest is cancelled' })
    .argument('[rollout]')
    .option('--reason <text>', 'why, for the record')
    .action(
      chosen<{ reason?: string }>(choose, async (flags, context, [rollout]) =>
        (await import('./steer')).abort(
          { ...reference(flags.config, rollout), ...(flags.reason === undefined ? {} : { reason: flags.reason }) },
          context,
        ),
      ),
    );

  verb(program, { name: 'limits', result: 'change', summary: 'lower the limits of a rollout while it runs' })
    .argument('[rollout]')
    .option('--max-concurrent <number>', 'targets that run at once')
    .option('--per-account <number>', 'targets of one account that run at once')
    .option('--per-region <number>', 'targets of one region that run at once')
    .option('--failure-tolerance <number>', 'targets that may fail')
    .action(
      chosen<{ maxConcurrent?: string; perAccount?: string; perRegion?: string; failureTolerance?: string }>(
        choose,
        async (flags, context, [rollout]) => {
          const limits = {
            ...limit('--max-concurrent', 'maxConcurrent', flags),
            ...limit('--per-account', 'perAccount', flags),
            ...limit('--per-region', 'perRegion', flags),
            ...limit('--failure-tolerance', 'failureTolerance', flags),
          };
          if (Object.keys(limits).length === 0) throw userError('invalid-flag', 'no limit is given: pass one such as --max-concurrent 2');
          return (await import('./steer')).limits({ ...reference(flags.config, rollout), limits }, context);
        },
      ),
    );

  verb(program, { name: 'prove', result: 'output', summary: 'prove that nothing of a rollout is otherwise than it was written' })
    .argument('[rollout]')
    .action(
      chosen(choose, async (flags, context, [rollout]) => (await import('./prove')).prove(reference(flags.config, rollout), context)),
    );

  verb(program, { name: 'rollback', result: 'change', summary: 'take a rollout back, as a new rollout' })
    .argument('[rollout]')
    .option('-y, --yes', 'do not ask before the start')
    .option(...REPORT_FLAG)
    .action(
      chosen<{ yes?: boolean; report?: string }>(choose, async (flags, context, [rollout]) =>
        (await import('./rollback')).rollback({ ...flags, ...reference(flags.config, rollout) }, context),
      ),
    );

  withFilters(verb(program, { name: 'drift', result: 'output', summary: 'what differs from what was deployed; nothing is changed' }))
    .option('--detailed-exitcode', 'exit 4 where something differs')
    .action(
      chosen<FilterFlags & { detailedExitcode?: boolean }>(choose, async (flags, context) =>
        (await import('./drift')).drift(flags, context),
      ),
    );
}

/** One limit as typed; none where it is not given. */
function limit<Key extends string>(flag: string, key: Key, flags: Readonly<Partial<Record<Key, string>>>): Partial<Record<Key, number>> {
  const text = flags[key];
  if (text === undefined) return {};
  const value = wholeNumber(flag, text);
  if (value < 1 && key !== 'failureTolerance') throw userError('invalid-flag', `${flag} ${text} is less than 1`);
  return { [key]: value } as Partial<Record<Key, number>>;
}

import type { TargetId } from '../../contracts/target';
import type { Reporter, TargetError } from '../ports';

import type { RolloutCommand, RolloutEvent } from './state';

/** What there is to tell of one target. */
export type TargetNews = { readonly target: TargetId } & (
  | { readonly what: 'unchanged' }
  | {
      readonly what: 'started';
      readonly command: Extract<RolloutCommand, { readonly type: 'run-target' | 'roll-back' }>;
      readonly action: 'up' | 'destroy';
      readonly accountName: string;
    }
  | { readonly what: 'lost'; readonly reason: string }
  | { readonly what: 'ended'; readonly action: 'up' | 'destroy'; readonly event: RolloutEvent; readonly seconds: number | null }
);

/** Tells what happens to one target. */
export function tellTarget(reporter: Reporter, news: TargetNews): void {
  const { target } = news;
  switch (news.what) {
    case 'unchanged':
      reporter.report({ level: 'info', code: 'target-unchanged', message: `${target} unchanged`, target });
      break;
    case 'started':
      tellStart(reporter, news);
      break;
    case 'lost':
      reporter.report({ level: 'warning', code: 'target-lost', message: `${target} is run again: ${news.reason}`, target });
      break;
    case 'ended':
      tellEnd(reporter, news);
      break;
    default:
      throw new Error(`unknown news ${String(news satisfies never)}`);
  }
}

function tellStart(reporter: Reporter, { target, command, action, accountName }: Extract<TargetNews, { readonly what: 'started' }>): void {
  if (command.type === 'roll-back') {
    reporter.report({
      level: 'info',
      code: 'target-rolling-back',
      message: `${target} (${accountName}) goes back to its last good release`,
      target,
    });
    return;
  }
  const doing = {
    full: action === 'destroy' ? 'is being destroyed' : 'started',
    shift: 'started, with a new version on trial beside the one that serves',
    finish: 'gives its new version all the orders',
  };
  const again = command.attempt > 1 && command.phase !== 'finish' ? ` (attempt ${command.attempt})` : '';
  reporter.report({ level: 'info', code: 'target-started', message: `${target} (${accountName}) ${doing[command.phase]}${again}`, target });
}

function tellEnd(reporter: Reporter, { target, action, event, seconds }: Extract<TargetNews, { readonly what: 'ended' }>): void {
  const took = seconds === null ? '' : ` in ${seconds.toFixed(1)} s`;
  switch (event.type) {
    case 'target-shifted':
      reporter.report({
        level: 'info',
        code: 'target-shifted',
        message: `${target} has its new version on trial${took}`,
        target,
        data: event.changes,
      });
      break;
    case 'rollback-ended':
      if (event.outcome === 'rolled_back')
        reporter.report({
          level: 'info',
          code: 'target-rolled-back',
          message: `${target} rolled back${took}`,
          target,
          data: event.changes,
        });
      else
        reporter.report({
          level: 'error',
          code: 'rollback-failed',
          message: `${target} could not be rolled back, somebody must look: ${describe(event.error)}`,
          target,
          data: event.error,
        });
      break;
    case 'target-ended':
      if (event.outcome === 'succeeded' && action === 'destroy') tellDestroyed(reporter, { target, took, event });
      else if (event.outcome === 'succeeded')
        reporter.report({ level: 'info', code: 'target-succeeded', message: `${target} succeeded${took}`, target, data: event.changes });
      else
        reporter.report({
          level: 'error',
          code: 'target-failed',
          message: `${target} ${action === 'destroy' ? 'was not destroyed' : event.outcome}: ${describe(event.error)}`,
          target,
          data: event.error,
        });
      break;
    default:
      break; // Nothing else ends a run.
  }
}

function tellDestroyed(
  reporter: Reporter,
  { target, took, event }: { readonly target: TargetId; readonly took: string; readonly event: EndOfTarget },
): void {
  const kept = event.kept ?? [];
  const left =
    kept.length === 0 ? '' : `, ${kept.length} resource${kept.length === 1 ? ' that holds data is' : 's that hold data are'} kept`;
  reporter.report({ level: 'info', code: 'target-destroyed', message: `${target} destroyed${took}${left}`, target, data: { kept } });
}

type EndOfTarget = Extract<RolloutEvent, { readonly type: 'target-ended' }>;

function describe(error: TargetError | null): string {
  if (error === null) return 'nobody knows why';
  return `${error.message}${error.resource === null ? '' : ` (${error.resource})`}`;
}

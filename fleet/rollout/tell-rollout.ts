import { counted } from '../../contracts/counted';
import type { Reporter } from '../ports';

import type { RolloutCommand, WaveState } from './state';

/** Tells what a command of the core means to a person; commands that only run something tell nothing here. */
export function tellCommand(reporter: Reporter, command: RolloutCommand): void {
  switch (command.type) {
    case 'begin-wave':
      reporter.report({
        level: 'info',
        code: 'wave-started',
        message: `wave ${command.wave}: ${counted(command.targets, 'target')}`,
        data: { wave: command.wave },
      });
      break;
    case 'hold-wave':
      reporter.report({
        level: 'warning',
        code: 'wave-held',
        message: `wave ${command.wave} does not start: ${command.hold.reason}`,
        data: { wave: command.wave, hold: command.hold },
      });
      break;
    case 'bake':
      reporter.report({
        level: 'info',
        code: 'bake-started',
        message: `wave ${command.wave} bakes until ${command.until}, its alarms are watched`,
        data: { wave: command.wave, until: command.until },
      });
      break;
    case 'undecided-wave':
      reporter.report({
        level: 'warning',
        code: 'wave-undecided',
        message: `wave ${command.wave} waits, its gate is ${command.verdict === 'error' ? 'unreadable' : command.verdict}: ${command.reason}`,
        data: { wave: command.wave, verdict: command.verdict },
      });
      break;
    case 'begin-rollback':
      reporter.report({
        level: 'warning',
        code: 'rollback-started',
        message: `wave ${command.wave} failed, ${counted(command.targets, 'target')} ${command.targets === 1 ? 'goes' : 'go'} back: ${command.reason}`,
        data: { wave: command.wave },
      });
      break;
    case 'end-wave':
      tellEnd(reporter, command.wave, command.state);
      break;
    case 'preview-wave':
    case 'ask-gate':
    case 'run-target':
    case 'roll-back':
    case 'promote':
    case 'finish':
      break;
    default:
      throw new Error(`unknown command ${(command satisfies never as RolloutCommand).type}`);
  }
}

function tellEnd(reporter: Reporter, wave: string, state: WaveState): void {
  const reason = 'reason' in state && state.reason !== null ? `: ${state.reason}` : '';
  reporter.report({
    level: state.state === 'passed' ? 'info' : 'warning',
    code: 'wave-ended',
    message: `wave ${wave} ${state.state}${reason}`,
    data: { wave, ...state },
  });
}

import { csvLines } from './csv';
import { guiltyFirst, whyOf } from './rollout-cause';
import type { ReportedTarget, RolloutReport } from './rollout-report';

const COLUMNS = ['rollout', 'target', 'layer', 'account', 'account_name', 'region', 'wave', 'state', 'outcome', 'attempts', 'started_at', 'ended_at', 'create', 'update', 'replace', 'delete', 'same', 'error_code', 'error_message', 'error_resource']; // prettier-ignore

/** A rollout as lines of CSV, one a target, the guilty first. */
export function rolloutCsv({ rollout, targets }: RolloutReport): readonly string[] {
  return csvLines([COLUMNS, ...guiltyFirst(targets).map((target) => [rollout, ...cellsOf(target)])]);
}

function cellsOf(target: ReportedTarget): readonly string[] {
  const { id, layer, account, accountName, region, wave, state, outcome, attempts, startedAt, endedAt, changes } = target;
  const why = whyOf(target);
  const counts = [changes.create, changes.update, changes.replace, changes.delete, changes.same];
  return [
    ...[id, layer, account, accountName, region, wave ?? '', state, outcome ?? ''],
    ...[String(attempts), startedAt ?? '', endedAt ?? '', ...counts.map(String)],
    ...[why?.code, why?.message, why?.resource].map((text) => text ?? ''),
  ];
}

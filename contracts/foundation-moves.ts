import type { Finding } from './finding';
import { foundationSettingsSchema } from './foundation';
import type { TargetConfig } from './target-config';

/** Whether a foundation makes the monitoring account's sink of its region itself. Undefined: its configuration is of another version. */
function makesSink({ settings }: TargetConfig): boolean | undefined {
  const parsed = foundationSettingsSchema.safeParse(settings);
  return parsed.success ? parsed.data.existingSink === null : undefined;
}

/**
 * Why a foundation cannot become, or come beside, another one of its region, so that nothing is begun: an account has one sink a region, and
 * the one that a foundation made is protected, for every link hangs on it. Null: nothing speaks against it. Pure.
 */
export function foundationCannotMove(before: TargetConfig, now: TargetConfig): Finding | null {
  if (makesSink(before) !== true) return null;
  const cannot = (message: string, ...keys: readonly string[][]): Finding => ({ level: 'refused', code: 'cannot-move', message, keys });
  const sameMonitoring = before.accounts.monitoring === now.accounts.monitoring;
  if (before.target === now.target) {
    if (!sameMonitoring)
      return cannot(
        `accounts.monitoring cannot move from ${before.accounts.monitoring} to ${now.accounts.monitoring} alone: the foundation of ${before.account.id} made the sink there, which is protected; give accounts.shared another account in the same change, so that a new foundation comes beside the old one, or leave accounts.monitoring as it was (docs/recovery.md)`,
        ['accounts', 'monitoring'],
      );
    if (makesSink(now) === false)
      return cannot(
        `monitoring.sinks names a sink where the foundation of ${before.account.id} made one itself, which is protected: remove that region from monitoring.sinks`,
        ['monitoring', 'sinks', now.region],
        ['monitoring', 'sinks'],
      );
    return null;
  }
  if (!sameMonitoring || makesSink(now) === false) return null;
  return cannot(
    `accounts.shared cannot move from ${before.account.id} to ${now.account.id} alone: the old foundation made the sink of ${before.accounts.monitoring}, and an account has one a region; set monitoring.sinks of each region to the sinkArn that fleet show foundation/${before.account.id}/<region> tells, or give accounts.monitoring another account in the same change (docs/recovery.md)`,
    ['accounts', 'shared'],
  );
}

/** What of a foundation another one of its region goes on using, though neither reads the other; null: nothing. Pure. */
export function foundationStillUsed(owner: TargetConfig, user: TargetConfig): string | null {
  if (makesSink(owner) !== true || makesSink(user) !== false) return null;
  const same = owner.region === user.region && owner.accounts.monitoring === user.accounts.monitoring;
  return same ? 'the sink that monitoring.sinks names' : null;
}

import { basename } from 'node:path';

/**
 * Whether whoever started this process wanted it to survive a hang-up, as `nohup` does. Node takes inherited dispositions back before the first
 * line of JavaScript runs, so that the one who came before it must tell: the command's own first lines, in `sh` (tools/transpile.mjs), or the
 * shell, by the name of what it ran.
 */
export function ignoresHangUp(env: Readonly<Record<string, string | undefined>>): boolean {
  return env.FLEET_HANGUP === 'ignored' || basename(env._ ?? '') === 'nohup';
}

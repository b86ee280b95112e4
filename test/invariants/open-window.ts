import type { Windows } from '../../fleet/plan/rollout-plan';

const formats = new Map<string, Intl.DateTimeFormat>();
const DAYS = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether a window is open at an instant, by what the platform says that wall clocks show. */
export function isWindowOpen(windows: Windows | null, at: string): boolean {
  if (windows === null) return true;
  const parts = new Map(
    formatOf(windows.timezone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  );
  const day = DAYS.indexOf(parts.get('weekday') ?? '');
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return windows.allow.some((window) => window.days.includes(day) && window.fromMinute <= minute && minute < window.toMinute);
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, made);
  return made;
}

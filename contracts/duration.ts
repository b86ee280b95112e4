import * as z from 'zod';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Text such as `30s`, `45m`, `2h`, `7d` to whole seconds; the bounds are in seconds. */
export function durationSchema(bounds: { readonly min: number; readonly max: number }) {
  return z.string({ error: 'duration must be text such as 30s, 45m, 2h or 7d' }).transform((text, context): number => {
    const refuse = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    const match = /^(\d{1,9})(s|m|h|d)$/.exec(text);
    if (!match) return refuse(`duration ${JSON.stringify(text)} is not a whole number with a unit: write 30s, 45m, 2h or 7d`);
    const seconds = Number(match[1]) * (SECONDS[match[2] ?? ''] ?? Number.NaN);
    if (seconds < bounds.min || seconds > bounds.max) {
      return refuse(`duration ${text} is out of range: ${formatSeconds(bounds.min)} to ${formatSeconds(bounds.max)}`);
    }
    return seconds;
  });
}

/** Seconds as the shortest exact text that {@link durationSchema} reads. */
export function formatSeconds(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    const size = SECONDS[unit] ?? 1;
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${seconds}s`;
}

/** Seconds as a person says them, in the largest unit that they fill: `4d`, `2h`, `90s`. */
export function roundSeconds(seconds: number): string {
  const size = Math.max(1, ...Object.values(SECONDS).filter((unit) => seconds >= 2 * unit));
  return formatSeconds(Math.round(seconds / size) * size);
}

/** An ISO 8601 instant some seconds after another. Pure: no clock is read. */
export function addSeconds(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

/** Seconds from one ISO 8601 instant to another; negative where the second is earlier. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

/**
 * When AWS ends its support of a runtime, as a day (UTC): from then on no security fixes, later no updates of functions. Dates of AWS's table
 * of Lambda runtimes as of September 2026; AWS moves them at times.
 */
export const runtimeEnds: Readonly<Record<string, string>> = {
  'nodejs14.x': '2023-12-04',
  'nodejs16.x': '2024-06-12',
  'nodejs18.x': '2025-09-01',
  'nodejs20.x': '2026-04-30',
  'nodejs22.x': '2027-04-30',
  'nodejs24.x': '2028-04-30',
  'python3.7': '2023-12-04',
  'python3.8': '2024-10-14',
  'python3.9': '2025-12-15',
  'python3.10': '2026-10-31',
  'python3.11': '2027-06-30',
  'python3.12': '2028-10-31',
  'python3.13': '2029-06-30',
  'python3.14': '2029-06-30',
  java8: '2024-01-08',
  'java8.al2': '2027-06-30',
  java11: '2027-06-30',
  java17: '2027-06-30',
  java21: '2029-06-30',
  java25: '2029-06-30',
  dotnet6: '2024-12-20',
  dotnet8: '2026-11-10',
  dotnet10: '2028-11-14',
  'ruby2.7': '2023-12-07',
  'ruby3.2': '2026-03-31',
  'ruby3.3': '2027-03-31',
  'ruby3.4': '2028-03-31',
  'go1.x': '2024-01-08',
  provided: '2024-01-08',
  'provided.al2': '2026-07-31',
  'provided.al2023': '2029-06-30',
};

/** Days before its end at which a runtime is worth a word. */
export const RUNTIME_NOTICE_DAYS = 180;

/** How a runtime stands at an instant (ISO 8601). `unknown`: it is not in the table. */
export type RuntimeStanding =
  | { readonly kind: 'supported' }
  | { readonly kind: 'ending'; readonly on: string }
  | { readonly kind: 'ended'; readonly on: string }
  | { readonly kind: 'unknown' };

/** How a runtime stands at an instant (ISO 8601). */
export function runtimeStanding(runtime: string, now: string): RuntimeStanding {
  const on = Object.hasOwn(runtimeEnds, runtime) ? runtimeEnds[runtime] : undefined;
  if (on === undefined) return { kind: 'unknown' };
  const days = (Date.parse(on) - Date.parse(now)) / 86_400_000;
  if (days <= 0) return { kind: 'ended', on };
  return days <= RUNTIME_NOTICE_DAYS ? { kind: 'ending', on } : { kind: 'supported' };
}

import { BUDGET_DAYS, burnRates, objectives } from '../../contracts/service-objectives';

/** What was counted over a window that ends now. */
export interface ServiceCounts {
  readonly orders: number;
  readonly failed: number;
  readonly slow: number;
  readonly invocations: number;
  readonly errors: number;
  /** Seconds of the window that the metrics reach back. */
  readonly coveredSeconds: number;
}

/** An objective as a share of what is counted that may be bad. */
export interface Objective {
  readonly name: 'success' | 'latency' | 'errors';
  /** For people. */
  readonly says: string;
  readonly budget: number;
  readonly of: (counts: ServiceCounts) => { readonly total: number; readonly bad: number };
}

/** The objectives of the requirements. p99 under a second is the same as at most 1 % of the orders taking a second or more. */
export const serviceObjectives: readonly Objective[] = [
  {
    name: 'success',
    says: 'success >= 99.9 %',
    budget: objectives.failureBudget,
    of: ({ orders, failed }) => ({ total: orders, bad: failed }),
  },
  { name: 'latency', says: 'p99 < 1 s', budget: objectives.slowBudget, of: ({ orders, slow }) => ({ total: orders, bad: slow }) },
  {
    name: 'errors',
    says: 'errors < 0.1 %',
    budget: objectives.errorBudget,
    of: ({ invocations, errors }) => ({ total: invocations, bad: errors }),
  },
];

/** Windows, in seconds, that burn rates are computed over: those that alarm, and the slow burns that no alarm can see (AWS.md A6). The last is the budget's own. */
export const serviceWindows: readonly number[] = [
  ...new Set([
    ...burnRates.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]),
    6 * 3600,
    3 * 86_400,
    BUDGET_DAYS * 86_400,
  ]),
].sort((left, right) => left - right);

/** One objective of the fleet, or of a part of it. */
export interface ServiceLevel {
  readonly objective: Objective['name'];
  readonly says: string;
  /** `no-orders`: nothing was counted, so nothing can be said. */
  readonly state: 'met' | 'missed' | 'no-orders' | 'not-known';
  readonly total: number;
  readonly bad: number;
  /** Share that was bad over the longest window; null where nothing was counted. */
  readonly badShare: number | null;
  /** Share of the budget of what was counted that is left, below 0 where it is overspent; null where nothing was counted. */
  readonly budgetLeft: number | null;
  /** Times the speed that would spend the budget exactly; null where nothing was counted. */
  readonly burn: readonly { readonly windowSeconds: number; readonly coveredSeconds: number; readonly rate: number | null }[];
}

/** Objectives of a set of targets. */
export interface ServiceLevels {
  readonly levels: readonly ServiceLevel[];
  /** Targets that were counted, and those that could not be. */
  readonly counted: number;
  readonly notCounted: readonly { readonly id: string; readonly reason: string }[];
  /** Seconds of the 30 days that the counts reach back. */
  readonly coveredSeconds: number;
  /** The targets that spend the failure budget fastest over the last hour, of those that spend it too fast. */
  readonly worst: readonly { readonly id: string; readonly rate: number }[];
}

/** Counts of a target, one per window of {@link serviceWindows}, or why there are none. */
export type TargetCounts = { readonly id: string } & ({ readonly windows: readonly ServiceCounts[] } | { readonly error: string });

const WORST = 5;
const HOUR = 3600;

/** Sums the targets' counts up to the objectives. Pure. Where no target was counted, every objective is `not-known`; those left out are named. */
export function serviceLevels(targets: readonly TargetCounts[]): ServiceLevels {
  const counted = targets.flatMap((target) => ('windows' in target ? [target] : []));
  const notCounted = targets.flatMap((target) => ('error' in target ? [{ id: target.id, reason: target.error }] : []));
  const sums = serviceWindows.map((_, index) => sumCounts(counted.flatMap(({ windows }) => windows[index] ?? [])));
  const [success] = serviceObjectives;
  const hour = serviceWindows.indexOf(HOUR);
  const rates = counted.flatMap(({ id, windows }) => {
    const rate = success && windows[hour] ? burnOf(success, windows[hour]) : null;
    return rate === null || rate <= 1 ? [] : [{ id, rate }];
  });
  return {
    levels: serviceObjectives.map((objective) => levelOf(objective, sums, counted.length)),
    counted: counted.length,
    notCounted,
    coveredSeconds: sums.at(-1)?.coveredSeconds ?? 0,
    worst: rates.sort((left, right) => right.rate - left.rate || (left.id < right.id ? -1 : 1)).slice(0, WORST),
  };
}

function levelOf(objective: Objective, sums: readonly ServiceCounts[], counted: number): ServiceLevel {
  const whole = sums.at(-1);
  const { total, bad } = whole ? objective.of(whole) : { total: 0, bad: 0 };
  const badShare = total > 0 ? bad / total : null;
  return {
    objective: objective.name,
    says: objective.says,
    state: counted === 0 ? 'not-known' : badShare === null ? 'no-orders' : isMet(objective, badShare) ? 'met' : 'missed',
    total,
    bad,
    badShare,
    budgetLeft: badShare === null ? null : 1 - badShare / objective.budget,
    burn: sums.map((counts, index) => ({
      windowSeconds: serviceWindows[index] ?? 0,
      coveredSeconds: counts.coveredSeconds,
      rate: burnOf(objective, counts),
    })),
  };
}

/** Success may be exactly 99.9 %; the others are to stay under their limit. */
function isMet({ name, budget }: Objective, badShare: number): boolean {
  return name === 'errors' ? badShare < budget : badShare <= budget;
}

function burnOf({ of, budget }: Objective, counts: ServiceCounts): number | null {
  const { total, bad } = of(counts);
  return total > 0 ? bad / total / budget : null;
}

function sumCounts(all: readonly ServiceCounts[]): ServiceCounts {
  const sum = (key: Exclude<keyof ServiceCounts, 'coveredSeconds'>) => all.reduce((total, counts) => total + counts[key], 0);
  return {
    orders: sum('orders'),
    failed: sum('failed'),
    slow: sum('slow'),
    invocations: sum('invocations'),
    errors: sum('errors'),
    coveredSeconds: Math.max(0, ...all.map(({ coveredSeconds }) => coveredSeconds)),
  };
}

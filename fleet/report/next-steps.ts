import { counted } from '../../contracts/counted';
import { runbookPath } from '../../contracts/runbook-path';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetError } from '../ports';

import { guiltyFirst, type ReportedCause } from './rollout-cause';

/** What a rollout's end is read from. */
interface Ended {
  readonly rollout: string;
  readonly outcome: string | null;
  readonly waiting: { readonly action: string } | null;
  readonly driven: boolean;
  readonly counts: Readonly<Record<'succeeded', number>>;
  readonly waves: readonly { readonly red: readonly { readonly alarm: string }[] }[];
  readonly targets: readonly EndedTarget[];
}

interface EndedTarget {
  readonly id: string;
  readonly account: string;
  readonly outcome: string | null;
  readonly error: TargetError | null;
  readonly cause: ReportedCause | null;
}

/** More accounts than these are not named one by one. */
const NAMED = 3;

/**
 * What a person does next, first things first: what each kind of error asks for, the runbooks of alarms that were red, then the verb that
 * goes on. Nothing where nothing is to be done. Pure; every verb named does what is said of it.
 */
export function nextSteps(report: Ended, plan: Pick<RolloutPlan, 'fleet' | 'purpose' | 'rollsBack'>): readonly string[] {
  const { rollout, outcome, waiting, driven, waves, targets } = report;
  if (waiting !== null) return [waiting.action];
  if (outcome === null) return driven ? [] : [`fleet resume ${rollout}`];
  if (outcome === 'succeeded') return [];
  const troubled = guiltyFirst(targets.filter(({ error, outcome: how }) => error !== null && how !== 'cancelled'));
  const alarms = waves.flatMap(({ red }) => red.map(({ alarm }) => alarm));
  return [...mending(troubled), ...runbooks(plan.fleet, alarms), ...goingOn(report, plan)];
}

/** Once for each kind of trouble. */
function mending(troubled: readonly EndedTarget[]): readonly string[] {
  const kinds = new Map<Trouble, EndedTarget[]>();
  for (const target of troubled) {
    const kind = troubleOf(target.error?.code ?? '');
    if (kind !== null) kinds.set(kind, [...(kinds.get(kind) ?? []), target]);
  }
  return [...kinds].map(([kind, members]) => advice[kind](members));
}

type Trouble =
  | 'access'
  | 'credentials'
  | 'wrong-account'
  | 'locked'
  | 'passphrase'
  | 'place'
  | 'backend'
  | 'protected'
  | 'timeout'
  | 'not-known'
  | 'no-good'
  | 'no-way-back'
  | 'gone'
  | 'defect'
  | 'refused';

function troubleOf(code: string): Trouble | null {
  switch (code) {
    case 'fleet/upstream-failed':
    case 'fleet/not-started':
    case 'fleet/still-needed':
    case '':
      return null; // They follow from others.
    case 'aws/wrong-account':
      return 'wrong-account';
    case 'pulumi/locked':
      return 'locked';
    case 'pulumi/wrong-passphrase':
      return 'passphrase';
    case 'pulumi/process-failed':
    case 'pulumi/backend-unreachable':
      return 'place';
    case 'pulumi/backend-damaged':
      return 'backend';
    case 'pulumi/protected':
      return 'protected';
    case 'fleet/timeout':
      return 'timeout';
    case 'fleet/lost':
    case 'fleet/unknown-outcome':
    case 'fleet/wrong-version':
    case 'fleet/cancelled':
    case 'pulumi/crashed':
      return 'not-known';
    case 'fleet/no-good':
      return 'no-good';
    case 'fleet/no-way-back':
      return 'no-way-back';
    case 'fleet/restore-first':
    case 'fleet/stack-lost':
      return 'gone';
    case 'fleet/engine':
    case 'fleet/internal':
      return 'defect';
    default:
      if (/^aws\/.*(AccessDenied|Unauthorized|NotAuthorized|AuthorizationError)/.test(code)) return 'access';
      return /^aws\/.*(Credential|Token|AccessKey|UnrecognizedClient|Signature)/.test(code) ? 'credentials' : 'refused';
  }
}

const advice: Readonly<Record<Trouble, (targets: readonly EndedTarget[]) => string>> = {
  access: (targets) =>
    `${preflight(targets)} tells which role or permission is missing; fleet bootstrap brings the fleet's roles up to date`,
  credentials: () => 'fleet doctor tells what is wrong with the credentials of this environment, or whether a region is switched off',
  'wrong-account': (targets) => `see who owns the deploy role; ${preflight(targets)} tells where it leads`,
  locked: (targets) =>
    `wait until whoever holds the lock of ${first(targets)} has ended; only where it is certain that it has: pulumi cancel of that stack`,
  passphrase: () => 'set PULUMI_CONFIG_PASSPHRASE to what these stacks were encrypted with',
  place: () => 'fleet doctor tells what this machine lacks: the Pulumi CLI, or the way to the backend',
  backend: (targets) => `docs/recovery.md tells how to bring back the backend's versions of ${first(targets)}`,
  protected: (targets) => `give the resource of ${first(targets)} its name and key again; what is to go, goes with fleet destroy`,
  timeout: (targets) => `raise limits.targetTimeout in fleet.yaml where ${first(targets)} needs more time`,
  'not-known': (targets) => `fleet show ${targets[0]?.id ?? ''} tells what stands there: nobody knows how far ${runs(targets)} came`,
  'no-good': (targets) => `${first(targets)} had nothing to go back to: correct the release, or fleet destroy it`,
  'no-way-back': (targets) =>
    `${first(targets)} stands on what it would go back to: see to its alarms; another release goes there with fleet rollout`,
  gone: (targets) => `docs/recovery.md tells how to bring back what is gone of ${first(targets)}`,
  defect: (targets) => `report ${targets[0]?.error?.code ?? ''} of ${first(targets)}: fleet report --json has all that is known`,
  refused: (targets) => `correct what ${targets[0]?.error?.code ?? ''} says of ${first(targets)}`,
};

function runs(targets: readonly EndedTarget[]): string {
  return targets.length === 1 ? 'its run' : `its run and ${counted(targets.length - 1, 'other run')}`;
}

function first(targets: readonly EndedTarget[]): string {
  const more = targets.length - 1;
  return `${targets[0]?.id ?? ''}${more > 0 ? ` and ${more} more` : ''}`;
}

function preflight(targets: readonly EndedTarget[]): string {
  const accounts = [...new Set(targets.map(({ account }) => account))];
  return ['fleet preflight', ...(accounts.length > NAMED ? [] : accounts.map((account) => `--account ${account}`))].join(' ');
}

function runbooks(fleet: string, alarms: readonly string[]): readonly string[] {
  // Those of a region's parts share one: `orders-fleet-critical-2`.
  const kinds = alarms.filter((name) => name.startsWith(`${fleet}-`)).map((name) => name.slice(fleet.length + 1).replace(/-\d+$/, ''));
  // A composite is red since one of its children is, whose page says more.
  const own = [...new Set(kinds)].filter((kind, _, all) => !/(^|-)(critical|warning)$/.test(kind) || all.length === 1);
  return own.length === 0 ? [] : [`read ${own.slice(0, NAMED).map(runbookPath).join(', ')}, and correct what made the alarms red`];
}

/** How it goes on once that is done. */
function goingOn(
  { rollout, outcome, counts, targets }: Ended,
  { purpose, rollsBack }: Pick<RolloutPlan, 'purpose' | 'rollsBack'>,
): readonly string[] {
  const stuck = targets.filter((target) => target.outcome === 'rollback_failed');
  const again = purpose === 'rollback' && rollsBack !== null ? `fleet rollback ${rollsBack}` : `fleet ${purpose}`;
  const back = `fleet rollback ${rollout}`;
  if (stuck.length > 0 || outcome === 'rollback_failed')
    return [
      `fleet show ${stuck[0]?.id ?? ''} tells what stands there${stuck.length > 1 ? `, and so of ${counted(stuck.length - 1, 'other target')}` : ''}`,
      `then ${back} takes back once more what did not go back`,
    ];
  const onward = `${outcome === 'aborted' ? '' : 'then '}${again} goes on with what is not done; what is done stays as it is`;
  return counts.succeeded > 0 && purpose === 'rollout' ? [onward, `or ${back} takes back what was done`] : [onward];
}

import { counted } from '../../contracts/counted';
import type { Footprint, OwnName } from '../../contracts/footprint';
import { MIN_UNRESERVED_CONCURRENCY } from '../../contracts/regional';
import { permissionsBoundary } from '../../contracts/names';
import type { Target } from '../../contracts/target';
import { judged, type Asked } from '../checks/asked';
import { failed, passed, warning, type CheckFinding } from '../checks/check-result';
import type { GateAnswer } from '../ports';

import type { CountedQuota, LambdaFacts, QuotaFacts, RoleFacts, SharedPart } from './preflight-source';

/** What a target's own stack has on record. */
export interface OnRecord {
  readonly names: readonly OwnName[];
  /** Executions that its function has reserved; null: none, or nothing is deployed. */
  readonly reserved: number | null;
  /** An operation was cut off: what it made may stand without being on record. */
  readonly pending: boolean;
}

/** What was asked about one target. What is null does not concern it. */
export interface TargetFacts {
  readonly target: Target;
  /** By path and name: the boundary stands beside it. */
  readonly deployRole: string;
  readonly role: Asked<RoleFacts>;
  readonly boundary: Asked<boolean>;
  readonly footprint: Footprint | null;
  readonly lambda: Asked<LambdaFacts> | null;
  /** Bytes of code that the plan adds to the account and region. */
  readonly newCodeBytes: number;
  /** Quotas that the plan takes something of, and how much in this account and region. */
  readonly quotas: readonly { readonly quota: CountedQuota; readonly adds: number; readonly facts: Asked<QuotaFacts> }[];
  readonly standing: Asked<readonly OwnName[]>;
  readonly onRecord: Asked<OnRecord>;
  readonly shared: Asked<readonly SharedPart[]> | null;
  readonly red: Asked<GateAnswer> | null;
}

/** The checks of one target from what was asked. Pure. */
export function judgeTarget(facts: TargetFacts): readonly CheckFinding[] {
  const { target, red, shared } = facts;
  return [
    ...judged('role', facts.role, (role) => judgeRole(role, target)),
    ...judged(
      'boundary',
      facts.boundary,
      (there) =>
      there
        ? passed('boundary', `policy ${boundaryOf(facts)} is there`)
        : failed('boundary', `policy ${boundaryOf(facts)} is not in account ${target.account}`, '`fleet bootstrap` makes it in every member account'), // prettier-ignore
    ),
    ...judgeLambda(facts),
    ...facts.quotas.flatMap(({ quota, adds, facts: answer }) => judged(QUOTAS[quota].check, answer, (known) => judgeQuota(quota, adds, known))), // prettier-ignore
    ...judgeNames(facts),
    ...(shared === null ? [] : judged('shared-parts', shared, judgeShared)),
    ...(red === null ? [] : judged('alarms-red', red, judgeRed)),
  ];
}

/** What is said of a target that a plan blocks for what its account says. */
export function judgeBlocked(reason: string): CheckFinding {
  return failed('settings', `a rollout leaves the target as it is: ${reason}`, 'nothing else waits for it; preflight asks nothing further');
}

function judgeRole(role: RoleFacts, { account }: Target): CheckFinding {
  if (role.kind === 'refused')
    return failed(
      'role',
      `${role.arn} cannot be assumed: ${role.message}`,
      '`fleet bootstrap` makes it in every member account; see that it is there and trusts these credentials',
    );
  if (role.account === account) return passed('role', `${role.arn} can be assumed`);
  return failed('role', `${role.arn} leads to account ${role.account} in place of ${account}`, 'correct deployRole in fleet.yaml');
}

function judgeLambda({ footprint, lambda, newCodeBytes, onRecord }: TargetFacts): readonly CheckFinding[] {
  const concurrency = footprint?.concurrency ?? null;
  if (concurrency === null || lambda === null) return [];
  const answer: Asked<readonly [LambdaFacts, OnRecord]> =
    'trouble' in lambda ? lambda : 'trouble' in onRecord ? onRecord : { value: [lambda.value, onRecord.value] };
  return [
    ...judged('concurrency', answer, ([known, { reserved }]) => judgeConcurrency(concurrency, known, reserved ?? 0)),
    ...judged('code-storage', lambda, ({ code }) => (code === null ? [] : judgeCode(code, newCodeBytes))),
  ];
}

/** AWS refuses a reservation that would leave less than 100 of the account's executions to its other functions. */
function judgeConcurrency(
  { functionName, reserved, eventSourceMaximum }: NonNullable<Footprint['concurrency']>,
  { limit, unreserved }: LambdaFacts,
  reservedNow: number,
): CheckFinding {
  if (reserved === null) {
    if (limit > MIN_UNRESERVED_CONCURRENCY) return passed('concurrency', `nothing is reserved of ${counted(limit, 'execution')}`);
    return warning(
      'concurrency',
      `the account's limit is ${limit} concurrent executions, of which nothing can be reserved: the queue feeds ${functionName} at most ${eventSourceMaximum} at once, and other functions of the account can take even these`,
      `ask AWS for more than ${MIN_UNRESERVED_CONCURRENCY} (Service Quotas, lambda L-B99A9384), then fleet rollout`,
    );
  }
  const left = unreserved + reservedNow - reserved;
  if (left >= MIN_UNRESERVED_CONCURRENCY)
    return passed('concurrency', `${reserved} of ${limit} executions are reserved, ${left} stay free`);
  return failed(
    'concurrency',
    `${functionName} is to reserve ${reserved}, which would leave ${left} of ${limit} executions unreserved: AWS keeps ${MIN_UNRESERVED_CONCURRENCY}`,
    'lower order.reservedConcurrencyPercent, free what other functions reserve, or ask AWS for a higher limit (Service Quotas, lambda L-B99A9384)',
  );
}

function judgeCode({ limitBytes, usedBytes }: NonNullable<LambdaFacts['code']>, newBytes: number): CheckFinding {
  const free = limitBytes - usedBytes;
  if (newBytes <= free) return passed('code-storage', `${megabytes(newBytes)} are added, ${megabytes(free)} are free`);
  return failed(
    'code-storage',
    `${megabytes(newBytes)} of code are to be added, and ${megabytes(free)} of ${megabytes(limitBytes)} are free`,
    '`fleet prune` removes versions that nothing needs; or ask AWS for more (Service Quotas, lambda L-2ACBD22F)',
  );
}

const QUOTAS = {
  alarms: { check: 'alarm-quota', what: 'CloudWatch alarms', code: 'monitoring L-2FF78D7B' },
  tables: { check: 'table-quota', what: 'DynamoDB tables', code: 'dynamodb L-F98FE922' },
} as const satisfies Readonly<Record<CountedQuota, object>>;

function judgeQuota(quota: CountedQuota, adds: number, { limit, used }: QuotaFacts): CheckFinding {
  const { check, what, code } = QUOTAS[quota];
  if (limit === null)
    return warning(
      check,
      `AWS tells of no quota of ${what} here; ${used} stand and ${adds} are added`,
      `look at Service Quotas (${code}): the rollout would end in mid-way where they do not fit`,
    );
  if (used + adds <= limit) return passed(check, `${used} ${what} stand, ${adds} are added, ${limit} are allowed`);
  return failed(check, `${used} ${what} stand and ${adds} are to be added, and ${limit} are allowed`, `ask AWS for more (Service Quotas, ${code}), or remove some`); // prettier-ignore
}

function judgeNames({ standing, onRecord, footprint }: TargetFacts): readonly CheckFinding[] {
  if (footprint === null || footprint.names.length === 0) return [];
  const answer: Asked<readonly [readonly OwnName[], OnRecord]> =
    'trouble' in standing ? standing : 'trouble' in onRecord ? onRecord : { value: [standing.value, onRecord.value] };
  return judged('names', answer, ([taken, { names, pending }]) => {
    const ours = new Set(names.map(keyOf));
    const foreign = taken.filter((name) => !ours.has(keyOf(name)));
    if (foreign.length === 0) return passed('names', `none of ${footprint.names.length} names is owned by others`);
    if (pending)
      return foreign.map(
        ({ kind, name }) =>
        warning('names', `${kind} ${name} stands and is not in the state of this target, of which an operation was cut off: it may have made it`, 'the next rollout settles that; if it is not the fleet\'s, see whose it is'), // prettier-ignore
      );
    return foreign.map(({ kind, name }) => failed('names', `${kind} ${name} is owned by others: it stands, and is not in the state of this target`, ADVICE[kind])); // prettier-ignore
  });
}

// After a loss of state what stands is the fleet's own: nobody is to be told to remove a table of orders.
const RENAME =
  "see whose it is: after a loss of state it is this fleet's own (docs/recovery.md); otherwise remove or rename it, or give the fleet another name in fleet.yaml";
const OVERWRITTEN = `${RENAME}: AWS would overwrite it without a word`;
const ADOPTED = `${RENAME}: the rollout would take it over`;
const REFUSED = `${RENAME}: AWS would refuse to make it`;

/** What AWS does where a name is taken (AWS.md C1). */
const ADVICE: Readonly<Record<OwnName['kind'], string>> = {
  function: REFUSED,
  queue: ADOPTED,
  table: REFUSED,
  bucket: REFUSED,
  'log group': REFUSED,
  dashboard: OVERWRITTEN,
  alarm: OVERWRITTEN,
  topic: ADOPTED,
  role: REFUSED,
};

/** What a check says of shared topics and keys. */
export function judgeShared(parts: readonly SharedPart[]): readonly CheckFinding[] {
  const wrong = parts.filter(({ state }) => state !== 'there');
  if (wrong.length === 0) return [passed('shared-parts', `${parts.length} topics and keys are there`)];
  return wrong.map(({ arn, state }) =>
    state === 'missing'
      ? failed('shared-parts', `${arn} does not exist: alarms of this region reach nobody`, 'roll out this target again')
      : failed('shared-parts', `key ${arn} is not enabled: alarms of this region reach nobody`, 'enable it, or cancel its deletion'),
  );
}

function judgeRed({ verdict, red, reason }: GateAnswer): readonly CheckFinding[] {
  if (red.length > 0)
    return red.map(
      ({ alarm, since }) =>
      failed('alarms-red', `alarm ${alarm} is red${since === null ? '' : ` since ${since}`}: its wave would not start`, 'follow its runbook; or roll out all the same, with `fleet approve --accept-red`'), // prettier-ignore
    );
  if (verdict === 'pass') return [passed('alarms-red', reason)];
  return [{ check: 'alarms-red', verdict: 'unknown', found: `could not be asked: ${reason}`, advice: 'see to that, and ask again' }];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function keyOf({ kind, name }: OwnName): string {
  return `${kind} ${name}`;
}

function boundaryOf({ deployRole }: TargetFacts): string {
  const { path, name } = permissionsBoundary(deployRole);
  return `${path.slice(1)}${name}`;
}

import { nameOfResource, type OwnName } from '../../contracts/footprint';
import { secretNames } from '../../contracts/secret-reference';
import { findLayer } from '../../contracts/layers';
import type { Target, TargetId } from '../../contracts/target';
import { asked, type Asked } from '../checks/asked';
import { atPlace, failed, passed, type CheckFinding, type CheckResult } from '../checks/check-result';
import { mapBounded } from '../discovery/bounded';
import type { Inventory } from '../discovery/inventory';
import type { PlannedTarget } from '../plan/rollout-plan';
import { lackingSecrets, type KnownSecrets } from '../plan/secret-digests';
import type { TargetRecords } from '../plan/target-record';
import type { Engine, Gates, Inspection, ReleaseManifest } from '../ports';

import { judgeRegion } from './judge-places';
import { judgeBlocked, judgeTarget, type OnRecord, type TargetFacts } from './judge-target';
import type { CountedQuota, PreflightSource, SharedPart } from './preflight-source';

/** What a preflight looks at, and through what. */
export interface PreflightParts {
  /** What a rollout would look at, changed or not. */
  readonly targets: readonly PlannedTarget[];
  readonly records: TargetRecords;
  readonly secrets: KnownSecrets;
  readonly manifest: ReleaseManifest;
  /** As it can be read now: nothing that was only known before. */
  readonly inventory: Inventory;
  readonly source: PreflightSource;
  readonly engine: Pick<Engine, 'inspect'>;
  readonly gates: Pick<Gates, 'ask'>;
  readonly signal: AbortSignal;
}

/** Targets asked about at once: each takes up to some twenty calls. */
const AT_ONCE = 8;

/** Asks everything about every target, and judges it. Changes nothing. */
export async function runPreflight(parts: PreflightParts): Promise<readonly CheckResult[]> {
  const accounts = new Map(parts.inventory.accounts.map((account) => [account.id, account]));
  const regions = parts.targets.map((planned) => ({ planned, region: judgeRegion(planned.target, accounts.get(planned.target.account)) }));
  const reachable = regions.flatMap(({ planned, region }) =>
    region.verdict === 'passed' && planned.blocked === undefined ? [planned] : [],
  );
  const looked = await mapBounded(reachable, AT_ONCE, (planned) => look(planned, parts));
  const facts = await mapBounded(looked, AT_ONCE, (one) => gather(one, { parts, looked }));
  const byId = new Map(facts.map((one) => [one.target.id, one]));
  return regions.flatMap(({ planned, region }) => {
    const { target, accountName, blocked } = planned;
    const found = byId.get(target.id);
    const settings = blocked === undefined ? [] : [judgeBlocked(blocked)];
    const secrets = judgeSecrets(planned, parts.secrets);
    return atPlace(target, accountName, [region, ...settings, ...secrets, ...(found === undefined ? [] : judgeTarget(found))]);
  });
}

/** Nothing is said of a target that refers to no secret. */
function judgeSecrets(planned: PlannedTarget, known: KnownSecrets): readonly CheckFinding[] {
  const names = secretNames(planned.config);
  const lacking = lackingSecrets([planned], known);
  if (lacking.length === 0) return names.length === 0 ? [] : [passed('secrets', `${names.join(', ')}: set`)];
  return lacking.map(({ variable, why, advice }) => failed('secrets', `${variable} ${why}: a rollout is refused`, advice));
}

/** A target, with what its stack has on record. */
interface Looked {
  readonly planned: PlannedTarget;
  readonly inspection: Asked<Inspection | null>;
  readonly onRecord: Asked<OnRecord>;
}

async function look(planned: PlannedTarget, { engine, records, signal }: PreflightParts): Promise<Looked> {
  // Without a record nothing was ever begun: there is no stack to look at.
  const inspect = async () => (records.has(planned.target.id) ? engine.inspect(planned.target) : null);
  const inspection = await asked(signal, inspect);
  return { planned, inspection, onRecord: 'trouble' in inspection ? inspection : { value: onRecordOf(inspection.value) } };
}

function onRecordOf(inspection: Inspection | null): OnRecord {
  const { resources = [], pending = [] } = inspection ?? {};
  const names = resources.flatMap((resource) => nameOfResource(resource) ?? []);
  const reserved = resources
    .filter(({ type }) => type === 'aws:lambda/function:Function')
    .flatMap(({ outputs: { reservedConcurrentExecutions: one } }) => (typeof one === 'number' && one > 0 ? [one] : []));
  return { names, reserved: reserved.length === 0 ? null : reserved.reduce((sum, one) => sum + one, 0), pending: pending.length > 0 };
}

/** Names of these kinds are the account's, whatever the region. */
const OF_THE_ACCOUNT: readonly OwnName['kind'][] = ['dashboard', 'role', 'bucket'];

/** With what the same account has on record in other regions: what one target of the plan gives up for another one is owned by nobody else. */
function withSiblings(
  onRecord: Looked['onRecord'],
  { target, looked }: { readonly target: Target; readonly looked: readonly Looked[] },
): Looked['onRecord'] {
  if ('trouble' in onRecord) return onRecord;
  const given = looked.flatMap(({ planned, onRecord: other }) => {
    const gives = planned.target.account === target.account && planned.target.id !== target.id && planned.reasons.length > 0;
    return gives && 'value' in other ? other.value.names.filter(({ kind }) => OF_THE_ACCOUNT.includes(kind)) : [];
  });
  return { value: { ...onRecord.value, names: [...onRecord.value.names, ...given] } };
}

interface Gathering {
  readonly parts: PreflightParts;
  readonly looked: readonly Looked[];
}

async function gather({ planned, inspection, onRecord }: Looked, { parts, looked }: Gathering): Promise<TargetFacts> {
  const { source, signal } = parts;
  const { target, config } = planned;
  const footprint = findLayer(target.layer)?.footprint(config) ?? null;
  const ask = <Value>(call: (options: { readonly signal: AbortSignal }) => Promise<Value>) => asked(signal, () => call({ signal }));
  const here = looked.filter(({ planned: { target: other } }) => other.account === target.account && other.region === target.region);
  const quotas: TargetFacts['quotas'][number][] = [];
  for (const [quota, kind] of COUNTED) {
    const adds = here.reduce((sum, one) => sum + newNames(one, kind).length, 0);
    if (adds > 0 && (footprint?.names.some((name) => name.kind === kind) ?? false))
      quotas.push({ quota, adds, facts: await ask((options) => source.quota(target, quota, options)) });
  }
  const names = footprint?.names ?? [];
  return {
    target,
    deployRole: config.deployRole,
    role: await ask((options) => source.deployRole(target, options)),
    boundary: await ask((options) => source.boundary(target, options)),
    footprint,
    lambda: footprint?.concurrency ? await ask((options) => source.lambda(target, options)) : null,
    newCodeBytes: here.reduce((sum, one) => sum + newCode(one.planned, parts), 0),
    quotas,
    standing: names.length === 0 ? { value: [] } : await ask((options) => source.standing(target, names, options)),
    onRecord: withSiblings(onRecord, { target, looked }),
    shared: await sharedOf(target, inspection, parts),
    red: await redOf(target.id, parts),
  };
}

const COUNTED: readonly (readonly [CountedQuota, OwnName['kind']])[] = [
  ['alarms', 'alarm'],
  ['tables', 'table'],
];

/** Names of a kind that the plan makes, as far as is known: where the state cannot be read, all of them. */
function newNames({ planned, onRecord }: Looked, kind: OwnName['kind']): readonly OwnName[] {
  const { names: all = [] } = findLayer(planned.target.layer)?.footprint(planned.config) ?? {};
  const standing = new Set('value' in onRecord ? onRecord.value.names.map(({ name }) => name) : []);
  return all.filter((one) => one.kind === kind && !standing.has(one.name));
}

/** Bytes of the bundles whose code is not what the target has. */
function newCode({ target, parts }: PlannedTarget, { manifest, records }: PreflightParts): number {
  const deployed = records.get(target.id)?.current?.parts.lambdas ?? {};
  const changed = Object.keys(parts.lambdas).filter((name) => deployed[name] !== parts.lambdas[name]);
  return changed.reduce((sum, name) => sum + (manifest.lambdas[name]?.bytes ?? 0), 0);
}

async function sharedOf(
  target: Target,
  inspection: Looked['inspection'],
  { records, source, signal }: PreflightParts,
): Promise<Asked<readonly SharedPart[]> | null> {
  const shares = findLayer(target.layer)?.shares ?? null;
  if (shares === null || (records.get(target.id)?.current ?? null) === null) return null;
  if ('trouble' in inspection) return inspection;
  const parts = shares(inspection.value?.outputs ?? null);
  if (parts === null) return { trouble: { code: 'fleet/outputs-unknown', message: `the outputs of ${target.id} do not tell them` } };
  return asked(signal, () => source.shared(target, parts, { signal }));
}

/** The question of the gate before a wave: what is red at deployed targets would hold it. */
async function redOf(id: TargetId, { gates, records, targets, signal }: PreflightParts): Promise<TargetFacts['red']> {
  const health = records.get(id)?.health ?? null;
  const target = targets.find((one) => one.target.id === id)?.target;
  if (health === null || target === undefined) return null;
  const asking = { target, health, alarmsSince: null, redBefore: 'counts', ordersSince: null } as const;
  return asked(signal, () =>
    gates.ask({ demand: 'not-red', targets: [asking], minOrders: 0, countSynthetic: false, accepted: [] }, { signal }),
  );
}

import type { Expectations } from '../../contracts/expectations';
import { findLayer } from '../../contracts/layers';
import { targetSchema, type Target } from '../../contracts/target';
import { asked, judged, type Asked } from '../checks/asked';
import { atPlace, failed, passed, type CheckFinding, type CheckResult } from '../checks/check-result';
import { mapBounded } from '../discovery/bounded';
import { FleetError } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { Clock, Engine } from '../ports';
import { stackLost } from '../stack-lost';

import type { AlarmFacts, DeployedSource } from './deployed-source';
import { judgeDeployed, type DeployedFacts } from './judge-deployed';
import { followOrder } from './synthetic-order';

/** What a verification looks at, and through what. */
export interface VerifyParts {
  /** Deployed targets. */
  readonly records: readonly TargetRecord[];
  readonly source: DeployedSource;
  readonly engine: Pick<Engine, 'inspect'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long an order may take, and alarms may be without data. */
  readonly timeoutSeconds: number;
  /** False: no synthetic order is sent. */
  readonly sendOrders: boolean;
  /** A new order's id at each call. */
  readonly newOrderId: () => string;
}

const AT_ONCE = 8;

/** Asks everything about every deployed target, sends each its order, and judges it. Changes nothing else. */
export async function runVerify(parts: VerifyParts): Promise<readonly CheckResult[]> {
  const results = await mapBounded(parts.records, AT_ONCE, async (record) => {
    const target = targetSchema.parse(record.target);
    return atPlace(target, record.current?.config.account.name ?? null, await verifyTarget(target, record, parts));
  });
  return results.flat();
}

async function verifyTarget(target: Target, record: TargetRecord, parts: VerifyParts): Promise<readonly CheckFinding[]> {
  const answer = await asked(parts.signal, () => expectationsOf(target, record, parts));
  const standing = judged('deployed', answer, () => judgeRecord(record));
  if ('trouble' in answer) return standing;
  const expected = answer.value;
  // Both take their time: neither waits for the other.
  const [order, facts] = await Promise.all([
    expected.order !== null && parts.sendOrders
      ? followOrder({ target, route: expected.order, orderId: parts.newOrderId() }, parts)
      : Promise.resolve([]),
    factsOf(target, { expected, record, parts }),
  ]);
  return [...standing, ...order, ...judgeDeployed(facts)];
}

async function expectationsOf({ id, layer }: Target, { current, target }: TargetRecord, { engine }: VerifyParts): Promise<Expectations> {
  const { exists, outputs } = await engine.inspect(targetSchema.parse(target));
  if (!exists) throw stackLost(id);
  const expected = current === null ? null : (findLayer(layer)?.expects(outputs, current.config) ?? null);
  if (expected === null)
    throw new FleetError(
      'fleet/outputs-unknown',
      `the outputs of ${id} do not tell what should stand: fleet rollout --redeploy makes them anew`,
    );
  return expected;
}

function judgeRecord({ dirty, traffic, good }: TargetRecord): CheckFinding {
  if (dirty) return failed('deployed', 'its last deployment did not succeed: what stands is not known', '`fleet rollout` deploys it again');
  if (traffic === 'shifting') return failed('deployed', 'a version on trial still takes a share of its orders', '`fleet resume` ends the traffic shift'); // prettier-ignore
  return passed('deployed', good === null ? 'deployed, its wave has not passed its gate yet' : 'deployed as recorded');
}

interface Fetching {
  readonly expected: Expectations;
  readonly record: TargetRecord;
  readonly parts: VerifyParts;
}

async function factsOf(target: Target, { expected, record, parts }: Fetching): Promise<DeployedFacts> {
  const { source, signal } = parts;
  const options = { signal };
  const ask = <Value>(call: () => Promise<Value>) => asked(signal, call);
  const { alias, redrive, shares } = expected;
  const functions = new Map<string, Awaited<ReturnType<typeof askFunction>>>();
  const askFunction = (name: string, logGroup: string) =>
    ask(async () => ({
      found: await source.functionOf(target, name, options),
      retention: await source.retention(target, logGroup, options),
    }));
  for (const { name, logGroup } of expected.functions) functions.set(name, await askFunction(name, logGroup));
  const eventSources = new Map<string, Asked<Awaited<ReturnType<DeployedSource['eventSources']>>>>();
  for (const { queueArn } of expected.eventSources) eventSources.set(queueArn, await ask(() => source.eventSources(target, queueArn, options))); // prettier-ignore
  return {
    expected,
    digest: alias === null ? null : (record.current?.parts.lambdas[alias.lambda] ?? null),
    functions,
    eventSources,
    alias: alias === null ? null : await ask(() => source.alias(target, alias, options)),
    redrive: redrive === null ? null : await ask(() => source.redrive(target, redrive.queueUrl, options)),
    dashboards: expected.dashboards.length === 0 ? { value: [] } : await ask(() => source.dashboards(target, expected.dashboards, options)),
    shared: shares === null ? null : await ask(() => source.shared(target, shares, options)),
    alarms: await ask(() => settledAlarms(target, expected.alarms, parts)),
  };
}

/** Alarms as they stand once all have data, or the time is over: a new one has none for some minutes. */
async function settledAlarms(
  target: Target,
  { names, watched }: Expectations['alarms'],
  parts: VerifyParts,
): Promise<readonly AlarmFacts[]> {
  if (names.length === 0) return [];
  const { source, clock, signal, timeoutSeconds } = parts;
  const began = clock.now().getTime();
  for (;;) {
    const alarms = await source.alarms(target, { names, states: watched }, { signal });
    const isOver = clock.now().getTime() - began >= timeoutSeconds * 1000;
    if (!watched || isOver || alarms.every(({ state }) => state !== 'INSUFFICIENT_DATA')) return alarms;
    await clock.sleep(source.pollSeconds * 1000, signal);
  }
}

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import { judgeTarget, type TargetFacts } from '../../../fleet/preflight/judge-target';

const target = targetAt({ layer: 'regional', account: accountIdSchema.parse('200000000001'), region: regionSchema.parse('eu-west-1') });
const arn = 'arn:aws:iam::200000000001:role/fleet/deploy';
const queue = { kind: 'queue', name: 'orders-order-queue' } as const;
const table = { kind: 'table', name: 'orders-order-table' } as const;
const trouble = { trouble: { code: 'aws/ThrottlingException', message: 'Rate exceeded' } };

/** A new target, of which everything is well. */
const sound: TargetFacts = {
  target,
  deployRole: 'fleet/deploy',
  role: { value: { kind: 'assumed', arn, account: '200000000001' } },
  boundary: { value: true },
  footprint: { names: [queue, table], concurrency: { functionName: 'orders-order', reserved: 50, eventSourceMaximum: 50 } },
  lambda: { value: { limit: 1000, unreserved: 1000, code: { limitBytes: 80e9, usedBytes: 1e9 } } },
  newCodeBytes: 700_000,
  quotas: [{ quota: 'alarms', adds: 13, facts: { value: { limit: 5000, used: 4987 } } }],
  standing: { value: [] },
  onRecord: { value: { names: [], reserved: null, pending: false } },
  shared: null,
  red: null,
};

const wrong = (facts: Partial<TargetFacts>) =>
  judgeTarget({ ...sound, ...facts })
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ check, verdict, found }) => `${check} ${verdict}: ${found}`);

test('a sound target passes every check', () => {
  expect(wrong({})).toEqual([]);
  expect(judgeTarget(sound).map(({ check }) => check)).toEqual(['role', 'boundary', 'concurrency', 'code-storage', 'alarm-quota', 'names']);
});

describe('the reservation', () => {
  const withLimit = (limit: number, unreserved: number, reserved: number | null, reservedNow: number | null = null) =>
    wrong({
      footprint: { names: [], concurrency: { functionName: 'orders-order', reserved, eventSourceMaximum: 2 } },
      lambda: { value: { limit, unreserved, code: null } },
      onRecord: { value: { names: [], reserved: reservedNow, pending: false } },
    });

  test.each([
    ['leaves exactly 100', 1000, 150, 50, null],
    ['takes the place of its own', 1000, 100, 50, 50],
    ['is none, by choice', 1000, 1000, null, null],
  ])('that %s passes', (_which, limit, unreserved, reserved, now) => {
    expect(withLimit(limit, unreserved, reserved, now)).toEqual([]);
  });

  test('that leaves 99 is refused, as AWS would', () => {
    expect(withLimit(1000, 149, 50)).toEqual([
      'concurrency failed: orders-order is to reserve 50, which would leave 99 of 1000 executions unreserved: AWS keeps 100',
    ]);
  });

  test.each([10, 100])('is impossible with a limit of %d: a warning that says what comes of it', (limit) => {
    expect(withLimit(limit, limit, null)).toEqual([
      expect.stringMatching(new RegExp(`^concurrency warning: the account's limit is ${limit} .* feeds orders-order at most 2 at once`)),
    ]);
  });
});

test.each([
  [
    'code that does not fit',
    { newCodeBytes: 79_000_000_001 },
    'code-storage failed: 79000.0 MB of code are to be added, and 79000.0 MB of 80000.0 MB are free',
  ],
  [
    'alarms over the quota',
    { quotas: [{ quota: 'alarms', adds: 14, facts: { value: { limit: 5000, used: 4987 } } }] },
    'alarm-quota failed: 4987 CloudWatch alarms stand and 14 are to be added, and 5000 are allowed',
  ],
  [
    'a quota that AWS does not tell',
    { quotas: [{ quota: 'tables', adds: 1, facts: { value: { limit: null, used: 7 } } }] },
    'table-quota warning: AWS tells of no quota of DynamoDB tables here; 7 stand and 1 are added',
  ],
  ['no boundary', { boundary: { value: false } }, 'boundary failed: policy fleet/workload-boundary is not in account 200000000001'],
  [
    'another account',
    { role: { value: { kind: 'assumed', arn, account: '200000000002' } } },
    `role failed: ${arn} leads to account 200000000002 in place of 200000000001`,
  ],
  [
    'a name of others',
    { standing: { value: [queue] } },
    'names failed: queue orders-order-queue is owned by others: it stands, and is not in the state of this target',
  ],
  [
    'a missing topic',
    { shared: { value: [{ arn: 'arn:t', state: 'missing' }] } },
    'shared-parts failed: arn:t does not exist: alarms of this region reach nobody',
  ],
  [
    'a disabled key',
    { shared: { value: [{ arn: 'arn:k', state: 'disabled' }] } },
    'shared-parts failed: key arn:k is not enabled: alarms of this region reach nobody',
  ],
  [
    'a gate that errs',
    { red: { value: { verdict: 'error', reason: 'no answer', red: [], orders: null } } },
    'alarms-red unknown: could not be asked: no answer',
  ],
] as const)('%s is named', (_what, facts, found) => {
  expect(wrong(facts as Partial<TargetFacts>)).toEqual([found]);
});

test('a name that is on record is its own, whatever else stands under another kind', () => {
  const onRecord = { value: { names: [queue], reserved: null, pending: false } };

  expect(wrong({ standing: { value: [queue] }, onRecord })).toEqual([]);
  expect(wrong({ standing: { value: [queue, table] }, onRecord })).toEqual([
    expect.stringContaining('table orders-order-table is owned by others'),
  ]);
});

test('a name that an operation may have made that was cut off is a warning', () => {
  const onRecord = { value: { names: [], reserved: null, pending: true } };

  expect(wrong({ standing: { value: [queue] }, onRecord })).toEqual([
    expect.stringMatching(/^names warning: queue orders-order-queue stands .* cut off/),
  ]);
});

test.each([
  ['role', { role: trouble }, ['role']],
  ['boundary', { boundary: trouble }, ['boundary']],
  ['Lambda', { lambda: trouble }, ['concurrency', 'code-storage']],
  ['a quota', { quotas: [{ quota: 'alarms', adds: 1, facts: trouble }] }, ['alarm-quota']],
  ['what stands', { standing: trouble }, ['names']],
  ['the state', { onRecord: trouble }, ['concurrency', 'names']],
  ['topics', { shared: trouble }, ['shared-parts']],
  ['alarms', { red: trouble }, ['alarms-red']],
] as const)('where %s could not be asked, every check that stands on it is unknown', (_what, facts, checks) => {
  const findings = judgeTarget({ ...sound, ...(facts as Partial<TargetFacts>) });

  expect(findings.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check)).toEqual(checks);
  expect(findings.filter(({ verdict }) => verdict === 'unknown').map(({ found }) => found)).toEqual(
    checks.map(() => 'could not be asked: aws/ThrottlingException: Rate exceeded'),
  );
});

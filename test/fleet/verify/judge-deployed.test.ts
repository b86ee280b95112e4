import { noExpectations, type Expectations } from '../../../contracts/expectations';
import { judgeDeployed, type DeployedFacts } from '../../../fleet/verify/judge-deployed';

const QUEUE = 'arn:aws:sqs:eu-west-1:1:orders-order-queue';
const DLQ = 'arn:aws:sqs:eu-west-1:1:orders-order-dlq';
const digest = 'a'.repeat(64);
const trouble = { trouble: { code: 'aws/AccessDenied', message: 'no' } };
const expected: Expectations = {
  ...noExpectations,
  alarms: { names: ['critical', 'errors'], required: [], composites: ['critical'], watched: true },
  functions: [{ name: 'orders-order', logGroup: '/orders/orders-order', retentionDays: 30, tracing: 'Active' }],
  alias: { functionName: 'orders-order', name: 'live', lambda: 'order' },
  eventSources: [{ queueArn: QUEUE, functionName: 'orders-order:live' }],
  redrive: { queueUrl: 'https://q', deadLetterQueueArn: DLQ, maxReceiveCount: 5 },
  dashboards: ['d'],
};
const alarm = { state: 'OK', actionsEnabled: true } as const;
const critical = { ...alarm, name: 'critical', kind: 'composite', actions: 1 } as const;
const errors = { ...alarm, name: 'errors', kind: 'metric', actions: 0 } as const;
const sound: DeployedFacts = {
  expected,
  digest,
  alarms: { value: [critical, errors] },
  functions: new Map([['orders-order', { value: { found: { tracing: 'Active', logGroup: '/orders/orders-order' }, retention: 30 } }]]),
  alias: { value: { version: '3', others: [], description: `bundle ${digest}` } },
  eventSources: new Map([[QUEUE, { value: [{ functionName: 'orders-order:live', enabled: true }] }]]),
  redrive: { value: { deadLetterQueueArn: DLQ, maxReceiveCount: 5 } },
  dashboards: { value: ['d'] },
  shared: null,
};
const wrong = (facts: Partial<DeployedFacts>) =>
  judgeDeployed({ ...sound, ...facts })
    .filter(({ verdict }) => verdict !== 'passed')
    .map(({ check, verdict, found }) => `${check} ${verdict}: ${found}`);

test('what stands as it should passes; a child alarm needs no action of its own', () => {
  expect(wrong({})).toEqual([]);
});

test('what is not expected is not asked', () => {
  expect(judgeDeployed({ ...sound, expected: noExpectations })).toEqual([]);
});

test.each<[Partial<DeployedFacts>, string]>([
  [{ alarms: { value: [critical] } }, 'alarms-there failed: alarm errors does not exist'],
  [{ alarms: { value: [{ ...critical, actions: 0 }, errors] } }, 'alarms-armed failed: alarm critical has no action: nobody would be told'],
  [{ alarms: { value: [critical, { ...errors, state: 'INSUFFICIENT_DATA' }] } }, 'alarms-data failed: alarm errors has no data'],
  [{ alarms: { value: [critical, { ...errors, state: 'ALARM' }] } }, 'alarms-green failed: alarm errors is red'],
  [{ alias: { value: undefined } }, 'alias failed: alias live of orders-order does not exist'],
  [{ alias: { value: { version: '3', others: [], description: 'bundle b' } } }, 'alias failed: alias live of orders-order serves version 3, made from bundle b in place of bundle aaaaaaaaaaaa'], // prettier-ignore
  [{ digest: null }, 'alias unknown: the recorded release does not tell what alias live of orders-order should serve'],
  [{ eventSources: new Map([[QUEUE, { value: [] }]]) }, 'event-source failed: nothing feeds orders-order:live from queue orders-order-queue: its messages wait'], // prettier-ignore
  [{ eventSources: new Map([[QUEUE, { value: [{ functionName: 'orders-order', enabled: true }] }]]) }, 'event-source failed: nothing feeds orders-order:live from queue orders-order-queue: its messages wait'], // prettier-ignore
  [{ redrive: { value: undefined } }, 'redrive failed: order queue https://q does not exist'],
  [{ redrive: { value: { deadLetterQueueArn: QUEUE, maxReceiveCount: 5 } } }, `redrive failed: the order queue hands what fails to ${QUEUE} in place of ${DLQ}`], // prettier-ignore
  [{ redrive: { value: { deadLetterQueueArn: DLQ, maxReceiveCount: 1 } } }, 'redrive failed: the order queue gives up after 1 receive in place of 5'], // prettier-ignore
  [{ dashboards: { value: [] } }, 'dashboards failed: dashboard d does not exist'],
])('%# is named', (facts, found) => {
  expect(wrong(facts)).toEqual([found]);
});

test.each<[Partial<DeployedFacts>, readonly string[]]>([
  [{ alarms: trouble }, ['alarms-there', 'alarms-armed', 'alarms-data', 'alarms-green']],
  [{ functions: new Map([['orders-order', trouble]]) }, ['logs', 'tracing']],
  [{ functions: new Map() }, ['logs', 'tracing']],
  [{ alias: trouble }, ['alias']],
  [{ eventSources: new Map([[QUEUE, trouble]]) }, ['event-source']],
  [{ redrive: trouble }, ['redrive']],
  [{ dashboards: trouble }, ['dashboards']],
])('%# that could not be asked is unknown in every check that stands on it', (facts, checks) => {
  const findings = judgeDeployed({ ...sound, ...facts }).filter(({ verdict }) => verdict !== 'passed');

  expect(findings.map(({ check, verdict }) => [check, verdict])).toEqual(checks.map((check) => [check, 'unknown']));
});

import type { SQSRecord } from 'aws-lambda';
import fc from 'fast-check';

import { archivedDeadLetterSchema, redrivesOf, shownCause } from '../../contracts/archived-dead-letter';
import { MAX_REDRIVES, REDRIVES_ATTRIBUTE } from '../../contracts/dead-letter';
import { noTracing } from '../../lambda/common/tracing';
import { classifyDeadLetter } from '../../lambda/dead-letter/classify-dead-letter';
import type { ArchivedDeadLetter } from '../../lambda/dead-letter/dead-letter-archive';
import { createDeadLetterHandler } from '../../lambda/dead-letter/handler';
import { lambdaContext, recordingLog, testClock, testSchedule } from '../lambda/fixtures/invocation';
import { deadLetterRecord, failureBody, order } from '../lambda/fixtures/records';

/** What the dead-letter function archives of a message. */
async function archived(record: SQSRecord): Promise<unknown> {
  const put: ArchivedDeadLetter[] = [];
  const handler = createDeadLetterHandler({
    archive: { put: async (_key, letter) => void put.push(letter) },
    clock: testClock(),
    schedule: testSchedule().schedule,
    metrics: () => undefined,
    tracing: noTracing,
    metricNamespace: 'fleet/orders',
    logFor: () => recordingLog().log,
    readableStack: (stack) => stack,
  });
  await handler({ Records: [record] }, lambdaContext());
  return JSON.parse(JSON.stringify(put[0]));
}

const attribute = (stringValue: string | undefined, dataType = 'Number') => ({
  [REDRIVES_ATTRIBUTE]: { stringValue, dataType, stringListValues: [], binaryListValues: [] },
});
const fromLambda = (body: string) => {
  const record = deadLetterRecord({ body });
  const { DeadLetterQueueSourceArn: _source, ...attributes } = record.attributes;
  return { ...record, attributes };
};

describe('an archived letter', () => {
  test('is read as the dead-letter function writes it, with how often its order was sent again', async () => {
    const first = archivedDeadLetterSchema.parse(await archived(deadLetterRecord()));
    const again = archivedDeadLetterSchema.parse(await archived(deadLetterRecord({ messageAttributes: attribute('2') })));

    expect(first).toMatchObject({ class: 'transient', payloads: [deadLetterRecord().body] });
    expect([redrivesOf(first), redrivesOf(again)]).toEqual([0, 2]);
  });

  test.each<[string | undefined, number]>([
    ['0', 0],
    ['1', 1],
    ['3', 3],
    ['17', 17],
    ['', MAX_REDRIVES],
    ['one', MAX_REDRIVES],
    ['-1', MAX_REDRIVES],
    ['0.5', MAX_REDRIVES],
    ['1e9', MAX_REDRIVES],
    [undefined, MAX_REDRIVES],
  ])('whose attribute says %p was sent again %i times: what cannot be read counts as the most', (text, redrives) => {
    expect(redrivesOf({ messageAttributes: attribute(text) })).toBe(redrives);
  });
});

describe('what is shown of a cause', () => {
  const own = [
    deadLetterRecord(),
    deadLetterRecord({ body: '{' }),
    deadLetterRecord({ body: 'x'.repeat(70_000) }),
    deadLetterRecord({ body: JSON.stringify({ ...order(), schemaVersion: 2 }) }),
    deadLetterRecord({ body: JSON.stringify({ ...order(), items: [{ quantity: 0 }], 'a surprise': 1 }) }),
    deadLetterRecord({ body: JSON.stringify({ items: Array.from({ length: 9 }, () => ({})) }) }),
    deadLetterRecord({ body: 'null' }),
    { ...fromLambda(JSON.stringify(order())), attributes: { ...fromLambda('').attributes, ApproximateReceiveCount: '1' } },
  ].map((record) => classifyDeadLetter(record).cause);

  test.each(own.map((cause) => [cause]))('is all of %p, which the function says in its own words', (cause) => {
    expect(shownCause(cause)).toBe(cause);
  });

  test.each([
    [{ errorType: 'TypeError', errorMessage: 'Mrs Canary' }, 'RetriesExhausted, TypeError'],
    [{ errorType: 'Sandbox.Timedout', errorMessage: 'Mrs Canary' }, 'RetriesExhausted, Sandbox.Timedout'],
    [{ errorMessage: 'Mrs Canary, TypeError: (b, C: d' }, 'RetriesExhausted, no error type'],
    [{ errorType: 'Mrs Canary: 17', errorMessage: 'Canary' }, ''],
  ])('of an invocation that failed with %j is %p, and never its message', (responsePayload, shown) => {
    const requestPayload = { Records: [{ body: JSON.stringify(order()) }] };
    const { cause } = classifyDeadLetter(fromLambda(failureBody({ requestPayload, responsePayload })));

    expect(cause).toContain('Canary');
    expect(shownCause(cause)).toBe(shown);
  });

  test('of an invocation with a malformed order is what is wrong with it, and the name of the error', () => {
    const { cause } = classifyDeadLetter(
      fromLambda(failureBody({ requestPayload: { Records: [{ body: 'x' }] }, responsePayload: { errorType: 'Oops', errorMessage: 'Mrs Canary' } })), // prettier-ignore
    );

    expect(shownCause(cause)).toBe('body of 1 bytes is not JSON; RetriesExhausted, Oops');
  });

  test('never holds a text of an order or of an error', () => {
    const CANARY = 'Wren 0711-5551';
    const canary = fc.tuple(fc.string(), fc.string()).map(([before, after]) => `${before}${CANARY}${after}`);
    const text = fc.oneof(canary, fc.constantFrom(CANARY, `: ${CANARY}`, `(RetriesExhausted, Error: ${CANARY}`));
    fc.assert(
      fc.property(text, text, text, text, (body, errorType, errorMessage, customerId) => {
        const records = [
          deadLetterRecord({ body }),
          deadLetterRecord({ body: JSON.stringify({ ...order(), customerId, [body]: body }) }),
          fromLambda(failureBody({ requestPayload: { Records: [{ body }] }, responsePayload: { errorType, errorMessage } })),
          fromLambda(failureBody({ requestPayload: body, requestContext: { condition: errorType }, responsePayload: null })),
        ];
        for (const record of records) expect(shownCause(classifyDeadLetter(record).cause)).not.toMatch(/Wren|0711/);
      }),
    );
  });

  test.each(['Dear Sir, Wren: hello', 'Sir, Wren: hello', 'said RetriesExhausted, Wren: hello', 'Wren (RetriesExhausted, Error: hello'])(
    'of %p, which the function does not say so, is nothing',
    (cause) => {
      expect(shownCause(cause)).toBe('');
    },
  );

  test('of a text that nobody knows is nothing', () => {
    fc.assert(fc.property(fc.string(), (text) => shownCause(`Dear ${text}`) === ''));
  });
});

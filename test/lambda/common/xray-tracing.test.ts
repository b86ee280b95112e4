import { Tracer } from '@aws-lambda-powertools/tracer';

import { RecordError } from '../../../lambda/common/record-error';
import { noTracing } from '../../../lambda/common/tracing';
import { xrayTracing } from '../../../lambda/common/xray-tracing';

const saved = { ...process.env };

beforeEach(() => {
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs24.x';
  delete process.env.POWERTOOLS_TRACE_ENABLED;
});
afterEach(() => {
  process.env = { ...saved };
  jest.restoreAllMocks();
});

/** A tracer whose subsegments are kept instead of sent. */
function recordingTracer() {
  const tracer = new Tracer({ captureHTTPsRequests: false });
  const subsegment = { addAnnotation: jest.fn(), addError: jest.fn(), close: jest.fn() };
  const names: string[] = [];
  jest.spyOn(tracer.provider, 'captureAsyncFunc').mockImplementation((name, work) => {
    names.push(name);
    return work(subsegment as unknown as Parameters<typeof work>[0]);
  });
  return { tracer, subsegment, names };
}

test('a span is a closed subsegment with its annotations', async () => {
  const { tracer, subsegment, names } = recordingTracer();

  await expect(xrayTracing(tracer).span('order', { order_id: 'order-0001' }, async () => 'stored')).resolves.toBe('stored');

  expect(names).toEqual(['order']);
  expect(subsegment.addAnnotation.mock.calls).toEqual([['order_id', 'order-0001']]);
  expect(subsegment.addError).not.toHaveBeenCalled();
  expect(subsegment.close).toHaveBeenCalledTimes(1);
});

test('a failure is recorded and thrown on as it is', async () => {
  const { tracer, subsegment } = recordingTracer();
  const error = new RecordError('transient', 'store-unavailable', 'held back');

  await expect(xrayTracing(tracer).span('order', {}, () => Promise.reject(error))).rejects.toBe(error);

  expect(subsegment.addError).toHaveBeenCalledWith(error);
  expect(subsegment.close).toHaveBeenCalledTimes(1);
});

test('the text of a foreign error stays out of the trace', async () => {
  const { tracer, subsegment } = recordingTracer();

  await expect(xrayTracing(tracer).span('order', {}, () => Promise.reject(new Error('canary-c0ffee')))).rejects.toThrow('canary-c0ffee');

  const [recorded] = subsegment.addError.mock.calls[0] as [Error];
  expect(`${recorded.message}${recorded.stack}`).not.toContain('canary');
});

test('a trace that cannot be sent does not fail the work', async () => {
  const { tracer, subsegment } = recordingTracer();
  subsegment.close.mockImplementation(() => {
    throw new Error('no daemon');
  });

  await expect(xrayTracing(tracer).span('order', {}, async () => 'stored')).resolves.toBe('stored');
});

test('SDK clients are captured', () => {
  const { tracer } = recordingTracer();
  const capture = jest.spyOn(tracer, 'captureAWSv3Client').mockImplementation((client) => client);
  const client = {};

  expect(xrayTracing(tracer).captureClient(client)).toBe(client);

  expect(capture).toHaveBeenCalledWith(client);
});

test.each([
  { why: 'Powertools says so', environment: { POWERTOOLS_TRACE_ENABLED: 'false' } },
  { why: 'it runs outside Lambda', environment: { AWS_EXECUTION_ENV: '' } },
])('nothing is traced when $why', async ({ environment }) => {
  Object.assign(process.env, environment);
  const tracing = xrayTracing(new Tracer({ captureHTTPsRequests: false }));
  const client = {};

  expect(tracing).toBe(noTracing);
  expect(tracing.captureClient(client)).toBe(client);
  await expect(tracing.span('order', {}, async () => 'stored')).resolves.toBe('stored');
});

import { Tracer } from '@aws-lambda-powertools/tracer';

import { RecordError } from '../../../lambda/common/record-error';
import { noTracing, type SdkMiddleware } from '../../../lambda/common/tracing';
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

describe('an SDK client', () => {
  /** A client of which a call only passes its middleware. */
  function clientOf(send: () => Promise<string>) {
    const calls: (() => Promise<string>)[] = [];
    return {
      middlewareStack: { add: (middleware: SdkMiddleware) => void calls.push(middleware(send) as () => Promise<string>) },
      call: () => calls[0]?.(),
    };
  }

  test('is captured', () => {
    const { tracer } = recordingTracer();
    const capture = jest.spyOn(tracer, 'captureAWSv3Client').mockImplementation((client) => client);
    const client = clientOf(async () => 'stored');

    expect(xrayTracing(tracer).captureClient(client)).toBe(client);

    expect(capture).toHaveBeenCalledWith(client);
  });

  test('answers as before', async () => {
    const { tracer } = recordingTracer();
    jest.spyOn(tracer, 'captureAWSv3Client').mockImplementation((client) => client);

    await expect(
      xrayTracing(tracer)
        .captureClient(clientOf(async () => 'stored'))
        .call(),
    ).resolves.toBe('stored');
  });

  test("throws a service's error without its text, which may quote an order, and with all else", async () => {
    const { tracer } = recordingTracer();
    jest.spyOn(tracer, 'captureAWSv3Client').mockImplementation((client) => client);
    const error = Object.assign(new Error('Item canary-c0ffee'), { name: 'ValidationException', $fault: 'client' });

    await expect(
      xrayTracing(tracer)
        .captureClient(clientOf(() => Promise.reject(error)))
        .call(),
    ).rejects.toBe(error);

    expect(error).toMatchObject({ name: 'ValidationException', $fault: 'client' });
    expect(error.stack).toMatch(/^ValidationException: the text of this error is left out[^\n]*\n {4}at /);
    expect(`${error.message}${error.stack}`).not.toContain('canary');
  });

  test('throws what is no error as it is', async () => {
    const { tracer } = recordingTracer();
    jest.spyOn(tracer, 'captureAWSv3Client').mockImplementation((client) => client);
    const aborted: unknown = 'aborted';

    await expect(
      xrayTracing(tracer)
        .captureClient(clientOf(() => Promise.reject(aborted as Error)))
        .call(),
    ).rejects.toBe(aborted);
  });
});

test.each([
  { why: 'Powertools says so', environment: { POWERTOOLS_TRACE_ENABLED: 'false' } },
  { why: 'it runs outside Lambda', environment: { AWS_EXECUTION_ENV: '' } },
])('nothing is traced when $why', async ({ environment }) => {
  Object.assign(process.env, environment);
  const tracing = xrayTracing(new Tracer({ captureHTTPsRequests: false }));
  const client = { middlewareStack: { add: () => undefined } };

  expect(tracing).toBe(noTracing);
  expect(tracing.captureClient(client)).toBe(client);
  await expect(tracing.span('order', {}, async () => 'stored')).resolves.toBe('stored');
});

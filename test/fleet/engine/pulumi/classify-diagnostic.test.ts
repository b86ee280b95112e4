import { classifyDiagnostic, classifyOutput } from '../../../../fleet/engine/pulumi/classify-diagnostic';

const RESOURCE = 'urn:pulumi:s::regional::aws:sqs/queue:Queue::orders';
const STACK = 'urn:pulumi:s::regional::pulumi:pulumi:Stack::regional-s';

describe('an error that the engine tells', () => {
  test.each([
    [
      'what AWS calls its error, behind the provider',
      '1 error occurred:\n\t* creating SQS Queue: operation error SQS: CreateQueue, https response error StatusCode: 400, RequestID: 1, api error QueueDeletedRecently: You must wait 60 seconds',
      { code: 'aws/QueueDeletedRecently', message: 'QueueDeletedRecently: You must wait 60 seconds' },
    ],
    [
      'a modelled error, which the SDK tells without the words',
      'operation error Lambda: CreateFunction, https response error StatusCode: 409, RequestID: 1, ResourceConflictException: Function already exist: orders',
      { code: 'aws/ResourceConflictException', message: 'ResourceConflictException: Function already exist: orders' },
    ],
    ['the name alone', 'InternalFailure: it broke', { code: 'aws/InternalFailure', message: 'InternalFailure: it broke' }],
    ['a provider that is gone', 'error reading from server: EOF', { code: 'pulumi/crashed', message: 'error reading from server: EOF' }],
    [
      'a sandbox without room for its own files',
      'rpc error: code = Unknown desc = NotWritten: /x.ndjson could not be written: ENOSPC',
      { code: 'fleet/sandbox-io', message: 'rpc error: code = Unknown desc = NotWritten: /x.ndjson could not be written: ENOSPC' },
    ],
    ['colours are left out', '<{%fg 1%}>\u001b[31mbroken\u001b[0m', { code: 'pulumi/failed', message: 'broken' }],
  ])('%s', (_what, message, expected) => {
    expect(classifyDiagnostic({ urn: RESOURCE, message })).toEqual({ ...expected, resource: RESOURCE });
  });

  test.each([
    'stream terminated by RST_STREAM with error code: CANCEL',
    'connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:34847: connect: connection refused"',
    'closing transport due to: connection error: desc = "error reading from server: EOF", received prior goaway: code: NO_ERROR',
    'write tcp 127.0.0.1:1->127.0.0.1:2: connection reset by peer',
    'grpc: the client connection is closing',
  ])('a provider that is gone, as gRPC says it: %s', (message) => {
    expect(classifyDiagnostic({ urn: RESOURCE, message })).toEqual({ code: 'pulumi/crashed', message, resource: RESOURCE });
  });

  test.each([null, STACK])('of no resource is the program’s (%s)', (urn) => {
    expect(classifyDiagnostic({ urn, message: 'stack config fleet:target is missing\n  at x' })).toEqual({
      code: 'pulumi/program-failed',
      message: 'stack config fleet:target is missing',
      resource: urn,
    });
  });

  test('is cut to a line that can be read', () => {
    expect(classifyDiagnostic({ urn: null, message: 'x'.repeat(5000) }).message).toHaveLength(603);
  });
});

describe('a CLI that ended before its engine began', () => {
  test.each([
    ['warning: x\nerror: incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE', 'pulumi/wrong-passphrase'],
    ['error: the stack is currently locked by 1 lock(s).', 'pulumi/locked'],
    ['error: unable to open state directory "file:///x": no such file', 'pulumi/failed'],
    ['', 'pulumi/failed'],
  ])('%j is %s', (output, code) => {
    expect(classifyOutput(output)).toMatchObject({ code, resource: null });
  });
});

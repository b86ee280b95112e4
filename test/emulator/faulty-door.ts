import type { ArchiveFault } from '../lambda/runtime/fake-archive';
import type { TableFault } from '../lambda/runtime/fake-orders-table';
import type { WireAnswer, WireRequest } from '../lambda/runtime/wire-server';

/** A service of the emulator, and what goes wrong on the way to it. */
export interface FaultyDoorOptions {
  /** Where the emulator listens. */
  readonly endpoint: string;
  /** What a request is about: attempts are counted by it. */
  readonly keyOf: (request: WireRequest) => string;
  /** Asked at each attempt, counted from 1. */
  readonly faultOf: (key: string, attempt: number) => ArchiveFault | TableFault | undefined;
}

/**
 * Hands requests on to the emulator, except where a fault answers first; what is `lost` is carried out, and its answer is not handed back. One after
 * the other: moto decides a conditional write in several steps.
 */
export function faultyDoor({ endpoint, keyOf, faultOf }: FaultyDoorOptions): (request: WireRequest) => Promise<WireAnswer> {
  const attempts = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (request: WireRequest): Promise<WireAnswer> => {
    const answered = last.then(() => handOn(request, endpoint));
    last = answered.catch(() => undefined);
    return answered;
  };
  return async (request) => {
    const key = keyOf(request);
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    const fault = faultOf(key, attempt);
    switch (fault) {
      case undefined:
        return inTurn(request);
      case 'lost':
        await inTurn(request);
        return { kind: 'reset' };
      case 'throttled':
        return refuseInJson(400, 'ThrottlingException');
      case 'refused':
        return refuseInJson(400, 'ValidationException');
      case 'server-error':
        return refuseInJson(500, 'InternalServerError');
      case 'slow-down':
        return {
          kind: 'answer',
          status: 503,
          headers: { 'content-type': 'application/xml' },
          body: '<Error><Code>SlowDown</Code></Error>',
        };
      case 'reset':
      case 'hang':
        return { kind: fault };
    }
  };
}

async function handOn({ method, url, headers, body }: WireRequest, endpoint: string): Promise<WireAnswer> {
  const { connection: _connection, 'content-length': _length, expect: _expect, 'transfer-encoding': _encoding, ...sent } = headers;
  const answer = await fetch(`${endpoint}${url}`, { method, headers: sent as Record<string, string>, body: new Uint8Array(body) });
  const { 'content-type': type = 'text/plain' } = Object.fromEntries(answer.headers);
  return { kind: 'answer', status: answer.status, headers: { 'content-type': type }, body: await answer.text() };
}

function refuseInJson(status: number, name: string): WireAnswer {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name });
  return { kind: 'answer', status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body };
}

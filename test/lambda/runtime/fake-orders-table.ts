import { signatureProblem, type WireAnswer, type WireRequest } from './wire-server';

/** A value in DynamoDB's own notation. */
export type WireValue = Readonly<Record<string, unknown>>;
/** An item in DynamoDB's own notation. */
export type WireItem = Readonly<Record<string, WireValue>>;

/** What goes wrong with one attempt to write. `lost`: it is written, and the answer does not arrive. `refused`: with a message that quotes the item. */
export type TableFault = 'throttled' | 'refused' | 'server-error' | 'reset' | 'lost' | 'hang';

interface PutItem {
  readonly TableName: string;
  readonly Item: WireItem;
  readonly ConditionExpression?: string;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

const TYPES = new Set(['S', 'N', 'BOOL', 'NULL', 'M', 'L', 'B', 'SS', 'NS', 'BS']);

/** The orders table behind DynamoDB's wire protocol: PutItem, with the one condition that the function sets. */
export class FakeOrdersTable {
  readonly items = new Map<string, WireItem>();
  /** Writes that were carried out, by order id. */
  readonly written = new Map<string, number>();
  readonly #attempts = new Map<string, number>();
  readonly #name: string;
  readonly #faultOf: (orderId: string, attempt: number) => TableFault | undefined;

  /** `faultOf` is asked at each attempt of an order, counted from 1. */
  constructor(name: string, faultOf: (orderId: string, attempt: number) => TableFault | undefined = () => undefined) {
    this.#name = name;
    this.#faultOf = faultOf;
  }

  readonly handle = (request: WireRequest): WireAnswer => {
    const problem = signatureProblem(request, 'dynamodb');
    if (problem !== undefined) return refuse(400, 'MissingAuthenticationTokenException', problem);
    const operation = String(request.headers['x-amz-target']);
    if (operation !== 'DynamoDB_20120810.PutItem') return refuse(400, 'UnknownOperationException', operation);
    const put = JSON.parse(request.body.toString('utf8')) as PutItem;
    if (put.TableName !== this.#name) return refuse(400, 'ResourceNotFoundException', 'Requested resource not found');
    const orderId = put.Item.orderId?.S;
    const mistyped = mistypedValue({ M: put.Item });
    if (typeof orderId !== 'string' || mistyped !== undefined)
      return refuse(400, 'ValidationException', `the item has no key of type S, or an attribute of no type: ${mistyped}`);
    return this.#attempt(orderId, put);
  };

  #attempt(orderId: string, put: PutItem): WireAnswer {
    const attempt = (this.#attempts.get(orderId) ?? 0) + 1;
    this.#attempts.set(orderId, attempt);
    const fault = this.#faultOf(orderId, attempt);
    switch (fault) {
      case undefined:
        return this.#put(orderId, put);
      case 'lost':
        this.#put(orderId, put);
        return { kind: 'reset' };
      case 'throttled':
        return refuse(400, 'ThrottlingException', 'Throughput exceeds the current capacity of your table or index.');
      case 'refused':
        return refuse(400, 'ValidationException', `Item ${JSON.stringify(put.Item)} is not what this table takes`);
      case 'server-error':
        return refuse(500, 'InternalServerError', 'The request processing has failed because of an unknown error.');
      case 'reset':
      case 'hang':
        return { kind: fault };
    }
  }

  #put(orderId: string, put: PutItem): WireAnswer {
    const { ConditionExpression: condition, Item } = put;
    if (condition !== undefined && condition !== 'attribute_not_exists(orderId)')
      return refuse(400, 'ValidationException', `this table knows no condition ${condition}`);
    const standing = this.items.get(orderId);
    if (condition !== undefined && standing) {
      const old = put.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? { Item: standing } : {};
      return refuse(400, 'ConditionalCheckFailedException', 'The conditional request failed', old);
    }
    this.items.set(orderId, Item);
    this.written.set(orderId, (this.written.get(orderId) ?? 0) + 1);
    return answer(200, {});
  }
}

/** The first value that is not of exactly one type of DynamoDB; undefined where all are. */
function mistypedValue(value: WireValue): string | undefined {
  const [type = '', ...others] = Object.keys(value);
  const inner = value[type];
  if (others.length > 0 || !TYPES.has(type) || (type === 'N' && typeof inner !== 'string')) return JSON.stringify(value);
  if (type !== 'M' && type !== 'L') return undefined;
  for (const part of Object.values(inner as Readonly<Record<string, WireValue>>)) {
    const found = mistypedValue(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function refuse(status: number, name: string, message: string, more: object = {}): WireAnswer {
  return answer(status, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message, ...more });
}

function answer(status: number, body: object): WireAnswer {
  return { kind: 'answer', status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}

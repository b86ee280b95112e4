import { policyDocument, type PolicyDocument, type PolicyStatement } from '../layer-kit/policy-document';

import { functionCalls, serviceCalls } from './function-calls';

/** What every function of the order system touches. */
export interface FunctionAccess {
  readonly logGroupArn: string;
  /** The queue it is fed from. */
  readonly sourceQueueArn: string;
  readonly tracing: 'active' | 'passThrough';
  /** The target's own key; null where AWS's keys encrypt. */
  readonly keyArn: string | null;
}

/** What the order function may do: take orders, store them, and hand failures to the dead-letter queue. */
export function orderFunctionPolicy(
  access: FunctionAccess & { readonly deadLetterQueueArn: string; readonly tableArn: string },
): PolicyDocument {
  return policyDocument(
    ...commonStatements(access),
    allow('HandFailuresOver', serviceCalls.handOver, access.deadLetterQueueArn),
    allow('StoreOrders', Object.values(functionCalls.order), access.tableArn),
  );
}

/** What the dead-letter function may do: take dead letters and archive them. It can never write to the order queue. */
export function deadLetterFunctionPolicy(access: FunctionAccess & { readonly archiveArn: string }): PolicyDocument {
  const archived = `${access.archiveArn}/dead-letters/*`;
  return policyDocument(...commonStatements(access), allow('ArchiveDeadLetters', Object.values(functionCalls['dead-letter']), archived));
}

/** What the heartbeat's schedule may do: put its synthetic order on the queue. */
export function heartbeatPolicy(access: { readonly queueArn: string; readonly keyArn: string | null }): PolicyDocument {
  return policyDocument(allow('SendSyntheticOrder', ['sqs:SendMessage'], access.queueArn), ...useKey(access.keyArn));
}

function commonStatements(access: FunctionAccess): readonly PolicyStatement[] {
  return [
    allow('WriteLogs', serviceCalls.log, `${access.logGroupArn}:*`),
    allow('TakeMessages', serviceCalls.poll, access.sourceQueueArn),
    ...(access.tracing === 'active' ? [allow('SendTraces', serviceCalls.trace, '*')] : []),
    ...useKey(access.keyArn),
  ];
}

function useKey(keyArn: string | null): readonly PolicyStatement[] {
  return keyArn === null ? [] : [allow('UseDataKey', serviceCalls.dataKey, keyArn)];
}

function allow(sid: string, actions: readonly string[], resource: string): PolicyStatement {
  return { Sid: sid, Effect: 'Allow', Action: actions, Resource: resource };
}

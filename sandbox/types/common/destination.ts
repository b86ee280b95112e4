import type { Place, Refusal, WorldView } from '../../resource-type';

import { parseArn } from './arn';
import { findFunction } from './function-reference';
import { refusal } from './refusal';
import { roleAllows } from './role-permissions';

/** Services that Lambda and EventBridge Scheduler can deliver to: the action it takes, and the service's name as AWS's messages write it. */
const DELIVERIES: Readonly<Record<string, { readonly action: string; readonly title: string }>> = {
  sqs: { action: 'sqs:SendMessage', title: 'SQS' },
  sns: { action: 'sns:Publish', title: 'SNS' },
  lambda: { action: 'lambda:InvokeFunction', title: 'Lambda' },
  events: { action: 'events:PutEvents', title: 'EventBridge' },
  s3: { action: 's3:PutObject', title: 'S3' },
};

/** Does the resource of an ARN exist, as seen from a place. The default event bus of an account always does. */
export function arnExists(text: string, place: Place, world: WorldView): boolean {
  const arn = parseArn(text);
  if (arn?.service === 'events' && arn.resource === 'event-bus/default') return world.isMember(place.account);
  if (arn?.service === 'lambda') return findFunction(text, place, world) !== undefined;
  return world.byArn(text) !== undefined;
}

/** The action that delivering to an ARN takes, as `sqs:SendMessage`; undefined for services that cannot be delivered to. */
export function deliveryAction(text: string): string | undefined {
  return DELIVERIES[parseArn(text)?.service ?? '']?.action;
}

/** What Lambda says of a function's dead-letter target: it must exist, and the function's role must be able to send to it. */
export function refuseDeadLetter(
  target: string,
  request: { readonly roleArn: string; readonly place: Place },
  world: WorldView,
): Refusal | undefined {
  const delivery = DELIVERIES[parseArn(target)?.service ?? ''];
  if (!delivery || !arnExists(target, request.place, world)) {
    return refusal('InvalidParameterValueException', `The provided dead letter target does not exist: ${target}`);
  }
  if (roleAllows(request.roleArn, { action: delivery.action, resource: target, place: request.place }, world)) return undefined;
  const call = delivery.action.split(':')[1] ?? delivery.action;
  return refusal(
    'InvalidParameterValueException',
    `The provided execution role does not have permissions to call ${call} on ${delivery.title}`,
  );
}

/** What Lambda says of a destination of asynchronous invocations. */
export function refuseDestination(
  destination: string,
  request: { readonly roleArn: string; readonly place: Place },
  world: WorldView,
): Refusal | undefined {
  const delivery = DELIVERIES[parseArn(destination)?.service ?? ''];
  if (!delivery || !arnExists(destination, request.place, world)) {
    return refusal('InvalidParameterValueException', `The destination ARN ${destination} is invalid.`);
  }
  // S3 permissions are of objects, not of the bucket.
  const resource = parseArn(destination)?.service === 's3' ? `${destination}/*` : destination;
  if (roleAllows(request.roleArn, { action: delivery.action, resource, place: request.place }, world)) return undefined;
  const call = delivery.action.split(':')[1] ?? delivery.action;
  return refusal(
    'InvalidParameterValueException',
    `The function's execution role does not have permissions to call ${call} on ${destination}`,
  );
}

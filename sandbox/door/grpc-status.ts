import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import * as errors from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { Any } from 'google-protobuf/google/protobuf/any_pb';

import { NotWritten, StaleWriter } from '../append-log';
import { isAwsError } from '../aws-error';
import type { Properties } from '../resource-type';

import { toStruct } from './wire';

/** An operation that took effect and then went wrong: the engine records the resource and that it is not ready. */
export class InitFailed extends Error {
  readonly made: { readonly id: string; readonly outputs: Properties; readonly inputs: Properties };

  constructor(made: InitFailed['made'], cause: unknown) {
    super('', { cause });
    this.made = made;
  }
}

/** What was stopped because the engine, or its process, gave up. */
export class Cancelled extends Error {}

/** An error in the form of a gRPC status, of AWS `api error <name>: <message>`; secrets are taken out by `redact`. */
export function statusOf(error: unknown, redact: (text: string) => string = (text) => text): Partial<ServiceError> {
  if (error instanceof InitFailed) return initFailure(error, redact(wordsOf(error.cause)));
  const code = error instanceof Cancelled ? status.CANCELLED : status.UNKNOWN;
  return { code, details: redact(wordsOf(error)) };
}

function wordsOf(error: unknown): string {
  // In the AWS SDK's words, as the real provider passes them on.
  if (isAwsError(error)) return `api error ${error.name}: ${error.message}`;
  if (error instanceof Cancelled) return `cancelled: ${error.message}`;
  if (error instanceof StaleWriter || error instanceof NotWritten) return `${error.name}: ${error.message}`;
  return `InternalError: ${error instanceof Error ? error.message : String(error)}`;
}

function initFailure({ made }: InitFailed, reason: string): Partial<ServiceError> {
  const detail = new errors.ErrorResourceInitFailed();
  detail.setId(made.id);
  detail.setProperties(toStruct(made.outputs));
  detail.setInputs(toStruct(made.inputs));
  detail.setReasonsList([reason]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const whole = new Status();
  whole.setCode(status.UNKNOWN);
  whole.setMessage(reason);
  whole.addDetails(packed);
  const metadata = new Metadata();
  metadata.add('grpc-status-details-bin', Buffer.from(whole.serializeBinary()));
  return { code: status.UNKNOWN, details: reason, metadata };
}

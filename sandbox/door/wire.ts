import * as pulumi from '@pulumi/pulumi';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';

import type { Properties } from '../resource-type';

// Exported by the SDK's runtime at run time and left out of its typings.
const { unknownValue: UNKNOWN } = pulumi.runtime as unknown as { readonly unknownValue: string };

/** Properties as the engine sent them, secrets and assets with their signatures; none where it sent none. */
export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** Properties for the engine. */
export function toStruct(properties: Properties): Struct {
  // Protobuf's Struct knows no undefined.
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, never>);
}

/** True where a preview does not know a value yet, at any depth. */
export function holdsUnknown(value: unknown): boolean {
  return value === UNKNOWN || (typeof value === 'object' && value !== null && Object.values(value).some(holdsUnknown));
}

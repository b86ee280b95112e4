import type { EngineChoice, FleetConfig } from '../config/fleet-config';
import { userError } from '../errors';

/** Where the organisation's project keeps its state. */
export interface BootstrapPlace {
  readonly choice: Extract<EngineChoice, { readonly kind: 'pulumi' }>;
  readonly bucket: string;
}

/** The one bucket of fleet.yaml. Throws a user error where there is no real organisation to prepare, or no such bucket. */
export function bootstrapPlace({ organization, engine, state }: FleetConfig): BootstrapPlace {
  if (organization.source !== 'aws')
    throw userError('not-bootstrapped', `organization.source ${organization.source} needs no bootstrap: only aws has accounts to prepare`);
  if (engine.kind !== 'pulumi')
    throw userError('not-bootstrapped', `engine ${engine.kind} cannot prepare an organisation: set engine pulumi`);
  const bucket = /^s3:\/\/([^/?]+)/.exec(engine.backend)?.[1];
  if (bucket === undefined)
    throw userError(
      'not-bootstrapped',
      `backend ${engine.backend} is no bucket: set \`backend\` to one such as s3://acme-fleet-state/pulumi, which bootstrap makes`,
    );
  if (state.kind === 's3' && state.bucket !== bucket)
    throw userError(
      'not-bootstrapped',
      `state is in bucket ${state.bucket} and backend in bucket ${bucket}: bootstrap makes one for both; put both in one, such as s3://${bucket}/state and s3://${bucket}/pulumi`,
    );
  return { choice: engine, bucket };
}

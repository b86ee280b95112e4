import { controlPrincipals } from '../../contracts/control-principals';
import type { OrganizationConfig } from '../../contracts/organization';
import * as policy from '../../contracts/state-bucket-policy';

/** Policy of the state bucket from its first minute; the organisation's program puts the same in place and keeps it so. */
export function stateBucketPolicy({
  control,
  organization,
  state,
}: Pick<OrganizationConfig, 'control' | 'organization' | 'state'>): policy.BucketPolicy {
  return policy.stateBucketPolicy({ bucket: state.bucket, organizationId: organization.id, control: controlPrincipals(control) });
}

import { createOrganization } from './create-organization';
import { readOrganizationConfig } from './read-organization-config';

/** The organisation program: what the fleet needs before its first rollout. Nothing is made before the function is called. */
export = async function organization() {
  return createOrganization(readOrganizationConfig());
};

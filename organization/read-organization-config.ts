import * as pulumi from '@pulumi/pulumi';

import { ORGANIZATION_CONFIG_KEY, organizationConfigSchema, type OrganizationConfig } from '../contracts/organization';
import { describeIssues } from '../layer-kit/read-config';

/** Reads and checks the configuration of the running program. Throws a `RunError` that names every wrong value. */
export function readOrganizationConfig(): OrganizationConfig {
  const [namespace = '', name = ''] = ORGANIZATION_CONFIG_KEY.split(':');
  const text = new pulumi.Config(namespace).get(name);
  if (text === undefined) throw new pulumi.RunError(`stack config ${ORGANIZATION_CONFIG_KEY} is missing: let \`fleet bootstrap\` set it`);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new pulumi.RunError(`stack config ${ORGANIZATION_CONFIG_KEY} is not JSON`);
  }
  const result = organizationConfigSchema.safeParse(given);
  if (result.success) return result.data;
  throw new pulumi.RunError(`stack config ${ORGANIZATION_CONFIG_KEY}: ${describeIssues(result.error)}`);
}

import { organizationSchema, type Organization } from '../../sandbox/organization';
import { readYamlFile } from '../config/yaml-file';

/** 10,000 accounts written out take about 3 MB. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads organization.yaml. Throws one `user/organization-file` {@link FleetError} with every problem, each with its position. */
export function readOrganizationFile(path: string): Organization {
  return readYamlFile(path, { schema: organizationSchema, what: 'organization-file', maxBytes: MAX_BYTES }).data;
}

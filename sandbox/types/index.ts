import type { ResourceType } from '../resource-type';

import { computeTypes } from './compute';
import { monitoringTypes } from './monitoring';

/** Every resource type of the simulated AWS. */
export const resourceTypes: readonly ResourceType[] = [...computeTypes, ...monitoringTypes];

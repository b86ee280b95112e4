import { observabilitySettingsSchema } from '../contracts/observability';
import { readConfig } from '../layer-kit/read-config';
import { createObservability } from './create-observability';

/** The observability program: dashboards and alarms over the targets of one region. Nothing is made before the function is called. */
export = async function observability() {
  return createObservability(readConfig('observability', observabilitySettingsSchema));
};

import { foundationSettingsSchema } from '../contracts/foundation';
import { readConfig } from '../layer-kit/read-config';
import { createFoundation } from './create-foundation';

/** The foundation program: what every target of one region shares. Nothing is made before the function is called. */
export = async function foundation() {
  return createFoundation({ ...readConfig('foundation', foundationSettingsSchema), environment: process.env });
};

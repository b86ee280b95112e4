import { regionalSettingsSchema } from '../contracts/regional';
import { lambdaBundle } from '../layer-kit/lambda-bundle';
import { readConfig } from '../layer-kit/read-config';
import { createRegional } from './create-regional';

/** The regional program: the order system of one account and region. Nothing is made before the function is called. */
export = async function regional() {
  return createRegional({ ...readConfig('regional', regionalSettingsSchema), bundle: (name) => lambdaBundle(__dirname, name) });
};

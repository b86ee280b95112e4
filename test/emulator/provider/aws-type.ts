import type { Place, Properties } from '../../../sandbox/resource-type';

import type { ServiceClients } from './service-clients';

/** Where a call lands, and with which clients: those of the assumed role. */
export interface AwsCall {
  readonly place: Place;
  readonly clients: ServiceClients;
}

/** A resource as it is to be, defaults filled in. `urn` is whose it is. */
export interface Wanted {
  readonly urn: string;
  readonly inputs: Properties;
}

/** A resource that the engine has a record of. */
export interface Standing extends Wanted {
  readonly id: string;
  readonly outputs: Properties;
}

/** One resource type, carried out through the SDK. Inputs and outputs are named as `@pulumi/aws` names them. */
export interface AwsType {
  /** Pulumi type token, as `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** Makes it and gives its id. */
  create(wanted: Wanted, call: AwsCall): Promise<string>;
  /** Brings it from `outputs` to `inputs`. Left out: every change replaces. */
  update?(standing: Standing, call: AwsCall): Promise<void>;
  /** What AWS tells of it; undefined where it is not there. What AWS does not tell is left out. */
  read(standing: Pick<Standing, 'id' | 'inputs' | 'urn'>, call: AwsCall): Promise<Properties | undefined>;
  delete(standing: Standing, call: AwsCall): Promise<void>;
}

import { Table } from '@pulumi/aws/dynamodb/table';
import * as pulumi from '@pulumi/pulumi';

import { EXPIRY_ATTRIBUTE } from '../contracts/order-message';

/** What the table is made of. */
export interface OrdersTableArgs {
  readonly tableName: string;
  /** AWS itself refuses to delete the table while this is on. */
  readonly deletionProtection: boolean;
  readonly keyArn: pulumi.Output<string> | null;
  /** Against deletion and replacement. */
  readonly protect: boolean;
}

/** The orders table: one item an order, so that an order is stored once however often its message comes. */
export class OrdersTable extends pulumi.ComponentResource {
  readonly table: Table;

  constructor(name: string, args: OrdersTableArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:OrdersTable', name, {}, options);
    this.table = new Table(
      'orders-table',
      {
        name: args.tableName,
        billingMode: 'PAY_PER_REQUEST',
        hashKey: 'orderId',
        attributes: [{ name: 'orderId', type: 'S' }],
        pointInTimeRecovery: { enabled: true },
        ttl: { enabled: true, attributeName: EXPIRY_ATTRIBUTE },
        deletionProtectionEnabled: args.deletionProtection,
        // Left out, DynamoDB encrypts with a key of its own, at no cost.
        ...(args.keyArn === null ? {} : { serverSideEncryption: { enabled: true, kmsKeyArn: args.keyArn } }),
      },
      { parent: this, protect: args.protect },
    );
    this.registerOutputs({ tableName: this.table.name });
  }
}

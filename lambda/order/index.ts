import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { orderEnvironmentSchema } from '../../contracts/telemetry';
import { systemClock, systemSchedule } from '../common/clock';
import { streamSink } from '../common/emf';
import { powertoolsLog } from '../common/log';
import { readEnvironment } from '../common/read-environment';
import { readableStack } from '../common/readable-stack';
import { sdkDefaults } from '../common/sdk-defaults';
import { xrayTracing } from '../common/xray-tracing';
import { createOrderHandler } from './handler';
import { dynamoOrderStore } from './order-store';

const environment = readEnvironment(orderEnvironmentSchema, process.env);
const logger = new Logger();
// SDK clients are captured below; capturing HTTP too would show every call twice.
const tracing = xrayTracing(new Tracer({ captureHTTPsRequests: false }));
const client = tracing.captureClient(new DynamoDBClient(sdkDefaults));

/** Entry point of the order function. */
export const handler = createOrderHandler({
  store: dynamoOrderStore({ client: DynamoDBDocumentClient.from(client), tableName: environment.ORDERS_TABLE }),
  clock: systemClock,
  schedule: systemSchedule,
  metrics: streamSink(process.stdout),
  tracing,
  metricNamespace: environment.POWERTOOLS_METRICS_NAMESPACE,
  slowOrderMs: environment.SLOW_ORDER_MS,
  readableStack: readableStack(__filename),
  logFor: (context) => {
    logger.addContext(context);
    return powertoolsLog(logger);
  },
});

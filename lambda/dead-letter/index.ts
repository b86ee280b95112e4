import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { S3Client } from '@aws-sdk/client-s3';

import { deadLetterEnvironmentSchema } from '../../contracts/telemetry';
import { systemClock, systemSchedule } from '../common/clock';
import { streamSink } from '../common/emf';
import { powertoolsLog } from '../common/log';
import { readEnvironment } from '../common/read-environment';
import { readableStack } from '../common/readable-stack';
import { sdkDefaults } from '../common/sdk-defaults';
import { xrayTracing } from '../common/xray-tracing';
import { s3DeadLetterArchive } from './dead-letter-archive';
import { createDeadLetterHandler } from './handler';

const environment = readEnvironment(deadLetterEnvironmentSchema, process.env);
const logger = new Logger();
// SDK clients are captured below; capturing HTTP too would show every call twice.
const tracing = xrayTracing(new Tracer({ captureHTTPsRequests: false }));

/** Entry point of the dead-letter function. */
export const handler = createDeadLetterHandler({
  archive: s3DeadLetterArchive({ client: tracing.captureClient(new S3Client(sdkDefaults)), bucket: environment.ARCHIVE_BUCKET }),
  clock: systemClock,
  schedule: systemSchedule,
  metrics: streamSink(process.stdout),
  tracing,
  metricNamespace: environment.POWERTOOLS_METRICS_NAMESPACE,
  readableStack: readableStack(__filename),
  logFor: (context) => {
    logger.addContext(context);
    return powertoolsLog(logger);
  },
});

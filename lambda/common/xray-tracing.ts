import type { Tracer } from '@aws-lambda-powertools/tracer';

import { toRecordError } from './record-error';
import { noTracing, type Tracing } from './tracing';

/** Traces through X-Ray; {@link noTracing} where Powertools finds tracing switched off (`POWERTOOLS_TRACE_ENABLED`) or is outside Lambda. */
export function xrayTracing(tracer: Tracer): Tracing {
  if (!tracer.isTracingEnabled()) return noTracing;
  return {
    captureClient: (client) => tracer.captureAWSv3Client(client),
    // captureAsyncFunc gives each call its own context: setSegment would mix up records that are processed side by side.
    span: (name, annotations, work) =>
      tracer.provider.captureAsyncFunc(name, async (subsegment) => {
        for (const [key, value] of Object.entries(annotations)) subsegment?.addAnnotation(key, value);
        try {
          return await work();
        } catch (error) {
          subsegment?.addError(toRecordError(error));
          throw error;
        } finally {
          closeQuietly(subsegment);
        }
      }) as ReturnType<typeof work>,
  };
}

/** A trace that cannot be sent must not fail the order it is about. */
function closeQuietly(subsegment: { close(): void } | undefined): void {
  try {
    subsegment?.close();
  } catch {
    // The order's own result stands; X-Ray shows the gap as an unfinished subsegment.
  }
}

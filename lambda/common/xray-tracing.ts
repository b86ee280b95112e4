import type { Tracer } from '@aws-lambda-powertools/tracer';

import { hideText, toRecordError } from './record-error';
import { noTracing, type SdkMiddleware, type Tracing } from './tracing';

/** Traces through X-Ray; {@link noTracing} where Powertools finds tracing switched off (`POWERTOOLS_TRACE_ENABLED`) or is outside Lambda. */
export function xrayTracing(tracer: Tracer): Tracing {
  if (!tracer.isTracingEnabled()) return noTracing;
  return {
    captureClient: (client) => {
      // X-Ray's own middleware stands at `build`, before this one: what it sees of an error has passed here.
      client.middlewareStack.add(withoutErrorTexts, { name: 'withoutErrorTexts', step: 'build', priority: 'low' });
      return tracer.captureAWSv3Client(client);
    },
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

const withoutErrorTexts: SdkMiddleware = (next) => async (args) => {
  try {
    return await next(args);
  } catch (error) {
    if (error instanceof Error) hideText(error);
    throw error;
  }
};

/** A trace that cannot be sent must not fail the order it is about. */
function closeQuietly(subsegment: { close(): void } | undefined): void {
  try {
    subsegment?.close();
  } catch {
    // The order's own result stands; X-Ray shows the gap as an unfinished subsegment.
  }
}

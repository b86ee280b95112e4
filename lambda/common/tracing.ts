/** What the functions ask of a tracer; the seam where X-Ray can give way to OpenTelemetry. */
export interface Tracing {
  /** Runs `work` as one step of the trace, found by its annotations. An error is recorded and thrown on as it is. */
  span<T>(name: string, annotations: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T>;
  /** An AWS SDK client whose calls show in the trace. */
  captureClient<T>(client: T): T;
}

/** Traces nothing. */
export const noTracing: Tracing = {
  span: (_name, _annotations, work) => work(),
  captureClient: (client) => client,
};

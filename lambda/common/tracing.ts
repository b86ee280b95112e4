/** A step around the rest of an SDK call. */
export type SdkMiddleware = <Args, Output>(next: (args: Args) => Promise<Output>) => (args: Args) => Promise<Output>;

/** An AWS SDK client, as far as tracing knows it. */
export interface SdkClient {
  readonly middlewareStack: {
    add(middleware: SdkMiddleware, options: { readonly name: string; readonly step: 'build'; readonly priority: 'low' }): void;
  };
}

/** What the functions ask of a tracer; the seam where X-Ray can give way to OpenTelemetry. */
export interface Tracing {
  /** Runs `work` as one step of the trace, found by its annotations. An error is recorded and thrown on as it is. */
  span<T>(name: string, annotations: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T>;
  /** An AWS SDK client whose calls show in the trace; the text of a service's error does not, since it may quote an order. */
  captureClient<T extends SdkClient>(client: T): T;
}

/** Traces nothing. */
export const noTracing: Tracing = {
  span: (_name, _annotations, work) => work(),
  captureClient: (client) => client,
};

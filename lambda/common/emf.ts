/** One value for each of some metrics, under one or more sets of dimensions. */
export interface EmfRecord {
  readonly namespace: string;
  /** Milliseconds since 1970. */
  readonly epochMs: number;
  /** Values of all dimensions used in `dimensionSets`. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Each set is one series a metric. */
  readonly dimensionSets: readonly (readonly string[])[];
  /** Counts by metric name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Takes one line of CloudWatch embedded metric format. */
export type MetricSink = (line: string) => void;

/**
 * One line of embedded metric format. Written here since the Powertools class adds its default dimension (`service`) to every set and
 * keeps what it was given until it is flushed: neither fits two exact sets a metric and orders that are processed side by side.
 */
export function emfLine(record: EmfRecord): string {
  return JSON.stringify({
    _aws: {
      Timestamp: record.epochMs,
      CloudWatchMetrics: [
        {
          Namespace: record.namespace,
          Dimensions: record.dimensionSets,
          Metrics: Object.keys(record.counts).map((name) => ({ Name: name, Unit: 'Count' })),
        },
      ],
    },
    ...record.dimensions,
    ...record.counts,
  });
}

/** A sink to a stream: CloudWatch Logs takes the metrics out of a function's standard output. */
export function streamSink(stream: { write(text: string): unknown }): MetricSink {
  return (line) => {
    stream.write(`${line}\n`);
  };
}

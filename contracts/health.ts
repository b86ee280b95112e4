/** A metric that counts orders: its sample count over a time is the number of orders. */
export interface OrderCount {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What a deployed target's gate reads, in the target's account and region. */
export interface Health {
  /** Names of composite alarms; every one and every child is read (AWS.md A1). */
  readonly composites: readonly string[];
  /** Names of metric alarms. */
  readonly children: readonly string[];
  /** Orders of customers; null: the target takes none. */
  readonly orders: OrderCount | null;
  /** Synthetic orders; null: none are sent. */
  readonly synthetic: OrderCount | null;
}

/** Versions of the code behind a target that can shift its traffic (AWS.md B2). */
export interface CodeVersions {
  /** Name of the function whose versions these are. */
  readonly functionName: string;
  /** The newest published one. */
  readonly published: string;
  /** The one that serves. */
  readonly live: string;
  /** The one to switch back to, as the target names it: `live` itself before there is another; null where the target names none. */
  readonly previous: string | null;
  /** Identity of the code that `live` was made from; null where the target does not tell. */
  readonly liveDigest: string | null;
}

/** What an alarm of a target means to who is on call. */
export interface AlarmMeaning {
  readonly kind: string;
  /** `critical` wakes somebody, `warning` waits for working hours. */
  readonly severity: 'critical' | 'warning';
  /** It is red because nothing is heard of the target, not because of what is heard. */
  readonly silence: boolean;
  /** Path of the page with what to do. */
  readonly runbook: string;
}

/** Metrics of 0 or 1 that the service objectives are computed from: the sum of each over its sample count is a share. */
export interface ServiceMetrics {
  /** Per order: it failed. */
  readonly failed: OrderCount;
  /** Per order: it took at least a second. */
  readonly slow: OrderCount;
  /** Per invocation: it crashed or timed out. */
  readonly errors: OrderCount;
}

/** What else a layer tells of a deployed target's health: what its alarms mean, and its service metrics (null: it takes no orders). */
export interface HealthSignals {
  /** Null for a name that is no alarm of the layer. */
  readonly alarm: (name: string, fleet: string) => AlarmMeaning | null;
  readonly service: (health: Health) => ServiceMetrics | null;
}

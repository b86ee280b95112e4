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

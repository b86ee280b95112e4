import type { OrderCount } from '../../contracts/health';
import type { OrderRoute } from '../../contracts/expectations';
import type { SharedParts } from '../../contracts/footprint';
import type { Target } from '../../contracts/target';
import type { AlarmState } from '../gates/health-reader';
import type { AskOptions, SharedPart } from '../preflight/preflight-source';

/** An alarm as it stands. */
export interface AlarmFacts {
  readonly name: string;
  readonly kind: 'metric' | 'composite';
  /** Null: it was not asked for. */
  readonly state: AlarmState | null;
  readonly actionsEnabled: boolean;
  /** How many actions it takes when it turns red. */
  readonly actions: number;
}

/** Which alarms are asked about, and whether their states are as well. */
export interface AskedAlarms {
  readonly names: readonly string[];
  readonly states: boolean;
}

/** A function as it stands. */
export interface FunctionFacts {
  /** As Lambda names it: `Active` or `PassThrough`. */
  readonly tracing: string;
  /** Null: AWS did not tell. */
  readonly logGroup: string | null;
}

/** An alias as it stands. */
export interface AliasFacts {
  readonly version: string;
  /** Other versions that get a share of the invocations. */
  readonly others: readonly string[];
  /** Description of the version, which carries the digest of its bundle. */
  readonly description: string;
}

/** An event source of a queue. `functionName` with its qualifier, where it has one. */
export interface EventSourceFacts {
  readonly functionName: string;
  readonly enabled: boolean;
}

/** What a queue does with what fails. */
export interface RedriveFacts {
  readonly deadLetterQueueArn: string;
  readonly maxReceiveCount: number;
}

/** What became of an order: `waiting` is on its way, `dead` will not arrive. */
export type OrderFate = 'waiting' | 'stored' | 'dead';

/** A synthetic order that was sent. */
export interface SentOrder {
  readonly orderId: string;
  readonly sentAt: Date;
}

/**
 * What stands after a rollout, asked where each target is. Undefined: there is none. Every call rejects with a FleetError that names what was
 * refused, and where: what could not be asked is never an answer.
 */
export interface DeployedSource {
  /** Seconds between two looks at what takes its time. */
  readonly pollSeconds: number;
  alarms(target: Target, asked: AskedAlarms, options: AskOptions): Promise<readonly AlarmFacts[]>;
  functionOf(target: Target, name: string, options: AskOptions): Promise<FunctionFacts | undefined>;
  /** Days that a log group keeps its events; null: for ever. */
  retention(target: Target, logGroup: string, options: AskOptions): Promise<number | null | undefined>;
  alias(target: Target, of: { readonly functionName: string; readonly name: string }, options: AskOptions): Promise<AliasFacts | undefined>;
  eventSources(target: Target, queueArn: string, options: AskOptions): Promise<readonly EventSourceFacts[]>;
  /** Null: the queue hands nothing over. */
  redrive(target: Target, queueUrl: string, options: AskOptions): Promise<RedriveFacts | null | undefined>;
  /** Those of the dashboards that exist. */
  dashboards(target: Target, names: readonly string[], options: AskOptions): Promise<readonly string[]>;
  shared(target: Target, parts: SharedParts, options: AskOptions): Promise<readonly SharedPart[]>;
  /** Puts a message on the order queue. */
  send(target: Target, message: { readonly queueUrl: string; readonly body: string }, options: AskOptions): Promise<void>;
  fate(target: Target, order: SentOrder & { readonly route: OrderRoute }, options: AskOptions): Promise<OrderFate>;
  /** Synthetic orders that were counted since the period in which this one was sent. */
  counted(target: Target, of: { readonly count: OrderCount; readonly order: SentOrder }, options: AskOptions): Promise<number>;
  close(): Promise<void>;
}

import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

import type { Region } from '../../contracts/ids';
import type { Target } from '../../contracts/target';
import { AccountSessions } from '../aws/account-sessions';
import type { Clock } from '../ports';

/** Archive and queue of a target, asked with a role of its account. */
export interface LetterClients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** How AWS is reached. */
export interface AwsLetterClientsOptions {
  /** Where roles are assumed. */
  readonly homeRegion: Region;
  /** Role that reads archives and sends orders, by path and name below `role/`. @default fleet/operate */
  readonly role?: string;
  readonly clock: Clock;
  /** Keys that assume the role. @default those of the environment */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Address that answers for every service instead of AWS, as an emulator does. */
  readonly endpoint?: string;
  /** Times one request is sent before its failure counts. @default 5 */
  readonly maxAttempts?: number;
  /** Milliseconds that one request may take. @default 15000 */
  readonly requestTimeoutMs?: number;
}

const CONNECT_MS = 5000;

/** Clients by account and region, one session an account. */
export class AwsLetterClients {
  readonly #common: object;
  readonly #sts: STSClient;
  readonly #sessions: AccountSessions;
  readonly #clients = new Map<string, LetterClients>();

  constructor(options: AwsLetterClientsOptions) {
    const timeout = options.requestTimeoutMs ?? 15_000;
    this.#common = {
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      // Adaptive mode slows all calls of a client down when AWS throttles one.
      retryMode: 'adaptive',
      maxAttempts: options.maxAttempts ?? 5,
      // The SDK waits without end unless told otherwise: for headers (it would only warn), and for a body that stalls.
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: timeout, throwOnRequestTimeout: true, socketTimeout: timeout },
    };
    const keys = options.credentials === undefined ? {} : { credentials: options.credentials };
    this.#sts = new STSClient({ region: options.homeRegion, ...this.#common, ...keys });
    const role = options.role ?? 'fleet/operate';
    this.#sessions = new AccountSessions({ sts: this.#sts, role, sessionName: 'fleet-dlq', clock: options.clock });
  }

  /** Clients of a place, made when they are first asked for. */
  at({ account, region }: Pick<Target, 'account' | 'region'>): LetterClients {
    const place = `${account}/${region}`;
    const settings = { region, ...this.#common, credentials: () => this.#sessions.of(account) };
    const clients = this.#clients.get(place) ?? {
      s3: new S3Client(settings),
      // Otherwise the host of the queue's URL is asked, past an endpoint that the environment names.
      sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
    };
    this.#clients.set(place, clients);
    return clients;
  }

  /** Ends all connections. */
  close(): void {
    this.#sts.destroy();
    for (const { s3, sqs } of this.#clients.values()) {
      s3.destroy();
      sqs.destroy();
    }
    this.#clients.clear();
  }
}

import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Json = Readonly<Record<string, unknown>>;

/** A call that moto does not answer, with the account that asks. */
interface Call {
  readonly body: Json;
  readonly account: string;
  readonly region: string;
}

const QUOTAS = 'ServiceQuotasV20190624.';
const CLOUDWATCH = 'GraniteServiceVersion20100801.';
const REGION = /Credential=([^/]+)\/\d+\/([^/]+)\//;

/**
 * AWS as the fleet asks it: moto, and in front of it answers to what moto lacks, by the wire protocol. Composite alarms are kept here, by account
 * and region; nothing evaluates them, as moto evaluates no alarm.
 */
export class MotoGaps {
  /** Address of the whole. */
  endpoint = '';
  readonly #moto: URL;
  readonly #server = createServer((asked, reply) => void this.#answer(asked, reply));
  /** By account, region and name. */
  readonly #composites = new Map<string, Json>();
  readonly #accounts = new Map<string, Promise<string>>();
  readonly #answered = new Set<string>();

  constructor(
    moto: string,
    readonly regions: readonly string[],
  ) {
    this.#moto = new URL(moto);
  }

  /** Operations that were answered here, as `service:Operation`. */
  get answered(): readonly string[] {
    return [...this.#answered].sort();
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { url = '', headers } = asked;
    const target = String(headers['x-amz-target'] ?? '');
    if (url.endsWith('/account-settings') || url.endsWith('/account-settings/')) {
      asked.resume();
      return this.#give(reply, 'lambda:GetAccountSettings', {
        AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000, TotalCodeSize: 80_530_636_800 },
        AccountUsage: { FunctionCount: 0, TotalCodeSize: 0 },
      });
    }
    if (url === '/listRegions') {
      asked.resume();
      const Regions = this.regions.map((RegionName) => ({ RegionName, RegionOptStatus: 'ENABLED_BY_DEFAULT' }));
      return this.#give(reply, 'account:ListRegions', { Regions });
    }
    if (target.startsWith(QUOTAS)) return this.#quota(target.slice(QUOTAS.length), await text(asked), reply);
    if (!target.startsWith(CLOUDWATCH)) return this.#pass(asked, reply);
    const body = await text(asked);
    return this.#alarms(target.slice(CLOUDWATCH.length), { headers, body }, reply);
  }

  /** As Service Quotas does: of a quota that nobody changed only the default is told. */
  #quota(operation: string, body: string, reply: ServerResponse): void {
    const { QuotaCode } = JSON.parse(body) as Json;
    const isApplied = QuotaCode === 'L-2FF78D7B';
    if (operation === 'GetServiceQuota' && !isApplied) {
      reply.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      return void reply.end(JSON.stringify({ __type: 'NoSuchResourceException', message: 'The request failed because the specified quota does not exist' })); // prettier-ignore
    }
    return this.#give(reply, `servicequotas:${operation}`, { Quota: { QuotaCode, Value: isApplied ? 5000 : 2500 } });
  }

  async #alarms(
    operation: string,
    { headers, body }: { readonly headers: IncomingHttpHeaders; readonly body: string },
    reply: ServerResponse,
  ): Promise<void> {
    const [, key = '', region = ''] = REGION.exec(String(headers.authorization)) ?? [];
    const call: Call = { body: JSON.parse(body) as Json, account: await this.#accountOf(key, headers), region };
    const here = `${call.account}/${call.region}/`;
    switch (operation) {
      case 'PutCompositeAlarm':
        this.#composites.set(here + String(call.body.AlarmName), compositeOf(call));
        return this.#give(reply, 'cloudwatch:PutCompositeAlarm', {});
      case 'DescribeAlarmHistory':
        return this.#give(reply, 'cloudwatch:DescribeAlarmHistory', { AlarmHistoryItems: [] });
      case 'ListTagsForResource': {
        const composite = this.#composites.get(here + (String(call.body.ResourceARN).split(':').at(-1) ?? ''));
        if (composite) return this.#give(reply, 'cloudwatch:ListTagsForResource (composites)', { Tags: composite.Tags });
        break;
      }
      case 'DeleteAlarms':
        for (const name of call.body.AlarmNames as readonly string[]) this.#composites.delete(here + name);
        break;
      case 'DescribeAlarms': {
        const told = JSON.parse((await this.#forward('POST', '/', headers, body)).body) as Json;
        const names = call.body.AlarmNames as readonly string[] | undefined;
        const CompositeAlarms = [...this.#composites]
          .filter(([place, { AlarmName }]) => place.startsWith(here) && (names?.includes(String(AlarmName)) ?? true))
          .map(([, { Tags: _tags, ...alarm }]) => alarm);
        return send(reply, { ...told, CompositeAlarms });
      }
    }
    const { status, type, body: answer } = await this.#forward('POST', '/', headers, body);
    reply.writeHead(status, { 'content-type': type }).end(answer);
  }

  #give(reply: ServerResponse, operation: string, answer: Json): void {
    this.#answered.add(operation);
    send(reply, answer);
  }

  /** Whose keys these are: moto knows. */
  #accountOf(key: string, headers: IncomingHttpHeaders): Promise<string> {
    const known = this.#accounts.get(key) ?? this.#askAccount(headers);
    this.#accounts.set(key, known);
    return known;
  }

  async #askAccount({ authorization, ...headers }: IncomingHttpHeaders): Promise<string> {
    const { body } = await this.#forward(
      'POST',
      '/',
      {
        host: headers.host,
        'x-amz-security-token': headers['x-amz-security-token'],
        authorization: String(authorization).replace('/monitoring/', '/sts/'),
        'content-type': 'application/x-www-form-urlencoded',
      },
      'Action=GetCallerIdentity&Version=2011-06-15',
    );
    return /<Account>(\d{12})<\/Account>/.exec(body)?.[1] ?? '';
  }

  #pass(asked: IncomingMessage, reply: ServerResponse): void {
    const passed = request(this.#moto, { method: asked.method, path: asked.url, headers: asked.headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    passed.on('error', () => reply.destroy());
    asked.pipe(passed);
  }

  async #forward(method: string, path: string, headers: IncomingHttpHeaders, body: string) {
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...kept } = headers;
    const whole = { ...kept, 'content-length': String(Buffer.byteLength(body)) };
    const passed = request(this.#moto, { method, path, headers: Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) }); // prettier-ignore
    passed.end(body);
    const [answer] = (await once(passed, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 502, type: answer.headers['content-type'] ?? '', body: await text(answer) };
  }
}

function compositeOf({ body, account, region }: Call): Json {
  const now = Date.now() / 1000;
  return {
    ActionsEnabled: true,
    ...body,
    AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:${String(body.AlarmName)}`,
    StateValue: 'OK',
    StateTransitionedTimestamp: now,
    StateUpdatedTimestamp: now,
  };
}

function send(reply: ServerResponse, answer: Json): void {
  reply.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
}

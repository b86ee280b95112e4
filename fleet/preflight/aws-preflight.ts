import { paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { paginateListTables } from '@aws-sdk/client-dynamodb';
import { GetPolicyCommand, type IAMClient } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

import { nameKinds, type OwnName } from '../../contracts/footprint';
import { deployRoleArn, permissionsBoundaryArn } from '../../contracts/names';
import type { Target } from '../../contracts/target';
import type { AccountClients } from '../aws/account-clients';
import { askAt, orAbsent } from '../aws/ask-at';
import { isFleetError } from '../errors';

import { nameQuestions } from './aws-names';
import { keyState, topicState } from './aws-shared';
import type { ReadClients } from './aws-preflight-clients';
import type { AskOptions, CountedQuota, LambdaFacts, PreflightSource, QuotaFacts, RoleFacts, SharedPart } from './preflight-source';

/** Through what AWS is asked. */
export interface AwsPreflightParts {
  /** Of the role that reads. */
  readonly clients: AccountClients<ReadClients>;
  /** Of the role that deploys: only asked who it is. */
  readonly deployers: AccountClients<STSClient>;
  /** Role that deploys, by path and name below `role/`. */
  readonly deployRole: string;
}

/** What AWS has before a rollout. What is the same in all regions of an account is asked once. Throttled calls are repeated by the SDK. */
export function awsPreflight({ clients, deployers, deployRole }: AwsPreflightParts): PreflightSource {
  const roles = new Map<string, Promise<RoleFacts>>();
  const boundaries = new Map<string, Promise<boolean>>();
  const at = <Value>(target: Target, { signal }: AskOptions, [operation, call]: Question<Value>) =>
    askAt({ operation, at: target, signal, role: clients.role, call: (abort) => call(clients.at(target), abort) });
  return {
    deployRole: (target, options) =>
      once(roles, target.account, () => askRole(target, { client: deployers.at(target), role: deployRole, ...options })),
    boundary: (target, options) =>
      once(boundaries, target.account, () =>
        at(target, options, [
          'iam:GetPolicy',
          ({ iam }, abort) => hasBoundary(iam, { policy: permissionsBoundaryArn(target.account, deployRole), abort }),
        ]),
      ),
    lambda: (target, options) => at(target, options, ['lambda:GetAccountSettings', lambdaFacts]),
    quota: async (target, quota, options) => {
      const { operation, count, code } = QUOTAS[quota];
      const limit = await at(target, options, ['servicequotas:GetServiceQuota', (asked, abort) => quotaValue(asked, code, abort)]);
      return { limit, used: await at(target, options, [operation, (asked, abort) => count(asked, abort.abortSignal)]) };
    },
    standing: async (target, names, options) => {
      const taken: OwnName[] = [];
      for (const kind of nameKinds) {
        const asked = names.filter((one) => one.kind === kind).map(({ name }) => name);
        if (asked.length === 0) continue;
        const { operation, ask } = nameQuestions[kind];
        const found = await at(target, options, [operation, (known, abort) => ask(known, asked, { target, abort })]);
        taken.push(...found.map((name) => ({ kind, name })));
      }
      return taken;
    },
    shared: async (target, { topics, keys }, options) => [
      ...(await each(topics, (arn) => at(target, options, ['sns:GetTopicAttributes', (asked, abort) => topicState(asked, arn, abort)]))),
      ...(await each(keys, (arn) => at(target, options, ['kms:DescribeKey', (asked, abort) => keyState(asked, arn, abort)]))),
    ],
    close: async () => {
      clients.close();
      deployers.close();
    },
  };
}

interface Abort {
  readonly abortSignal: AbortSignal;
}

type Question<Value> = readonly [operation: string, call: (clients: ReadClients, abort: Abort) => Promise<Value>];

/** One answer an account, also for those who ask at the same time. What failed is asked again. */
function once<Value>(known: Map<string, Promise<Value>>, account: string, ask: () => Promise<Value>): Promise<Value> {
  const answer = known.get(account) ?? ask();
  known.set(account, answer);
  answer.catch(() => known.delete(account));
  return answer;
}

async function each(arns: readonly string[], ask: (arn: string) => Promise<SharedPart>): Promise<readonly SharedPart[]> {
  const parts: SharedPart[] = [];
  for (const arn of arns) parts.push(await ask(arn));
  return parts;
}

interface AskingRole extends AskOptions {
  readonly client: STSClient;
  readonly role: string;
}

/** AWS says the same of a role that is not there and of one that does not trust the caller; everything else leaves it open. */
async function askRole(target: Target, { client, role, signal }: AskingRole): Promise<RoleFacts> {
  const arn = deployRoleArn(target.account, role);
  try {
    const call = (abort: Abort) => client.send(new GetCallerIdentityCommand({}), abort);
    const { Account } = await askAt({ operation: 'sts:GetCallerIdentity', at: target, signal, role, call });
    if (Account === undefined) throw new Error(`sts:GetCallerIdentity named no account for ${arn}`);
    return { kind: 'assumed', arn, account: Account };
  } catch (error) {
    if (!isFleetError(error) || !/^aws\/(AccessDenied|AccessDeniedException)$/.test(error.code)) throw error;
    return { kind: 'refused', arn, message: error.message };
  }
}

async function hasBoundary(iam: IAMClient, { policy, abort }: { readonly policy: string; readonly abort: Abort }): Promise<boolean> {
  const input = { PolicyArn: policy };
  return (await orAbsent(['NoSuchEntity', 'NoSuchEntityException'], () => iam.send(new GetPolicyCommand(input), abort))) !== undefined;
}

async function lambdaFacts({ lambda }: ReadClients, abort: Abort): Promise<LambdaFacts> {
  const { AccountLimit = {}, AccountUsage = {} } = await lambda.send(new GetAccountSettingsCommand({}), abort);
  const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved, TotalCodeSize: limitBytes } = AccountLimit;
  if (limit === undefined || unreserved === undefined) throw new Error('the answer lacks ConcurrentExecutions or UnreservedConcurrentExecutions'); // prettier-ignore
  const usedBytes = AccountUsage.TotalCodeSize;
  if (limitBytes === undefined || usedBytes === undefined) throw new Error('the answer lacks TotalCodeSize');
  return { limit, unreserved, code: { limitBytes, usedBytes } };
}

interface QuotaCode {
  readonly ServiceCode: string;
  readonly QuotaCode: string;
}

const QUOTAS: Readonly<
  Record<CountedQuota, { readonly code: QuotaCode; readonly operation: string; readonly count: (clients: ReadClients, signal: AbortSignal) => Promise<number> }> // prettier-ignore
> = {
  alarms: {
    code: { ServiceCode: 'monitoring', QuotaCode: 'L-2FF78D7B' },
    operation: 'cloudwatch:DescribeAlarms',
    count: ({ cloudwatch }, signal) =>
      countPages(
        paginateDescribeAlarms({ client: cloudwatch, pageSize: 100 }, { AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
        ({ MetricAlarms = [], CompositeAlarms = [] }) => MetricAlarms.length + CompositeAlarms.length,
        signal,
      ),
  },
  tables: {
    code: { ServiceCode: 'dynamodb', QuotaCode: 'L-F98FE922' },
    operation: 'dynamodb:ListTables',
    count: ({ dynamodb }, signal) =>
      countPages(paginateListTables({ client: dynamodb, pageSize: 100 }, {}), ({ TableNames = [] }) => TableNames.length, signal),
  },
};

async function countPages<Page>(pages: AsyncIterable<Page>, count: (page: Page) => number, signal: AbortSignal): Promise<number> {
  let sum = 0;
  for await (const page of pages) {
    signal.throwIfAborted();
    sum += count(page);
  }
  return sum;
}

/** The value that holds in the account: of a quota that nobody ever changed AWS tells the default one, by a call of its own. */
async function quotaValue({ quotas }: ReadClients, code: QuotaCode, abort: Abort): Promise<QuotaFacts['limit']> {
  const none = ['NoSuchResourceException'];
  const applied = await orAbsent(none, () => quotas.send(new GetServiceQuotaCommand(code), abort));
  const answer = applied ?? (await orAbsent(none, () => quotas.send(new GetAWSDefaultServiceQuotaCommand(code), abort)));
  return answer?.Quota?.Value ?? null;
}

import {
  DeleteFunctionCommand,
  LambdaClient,
  paginateListAliases,
  paginateListVersionsByFunction,
  type AliasConfiguration,
} from '@aws-sdk/client-lambda';

import { accountClients, type AccountClients, type AccountClientsOptions } from '../aws/account-clients';
import { sdkErrorName, sdkFailure } from '../aws/sdk-error';
import { isFleetError } from '../errors';
import type { FunctionOfTarget, FunctionVersions, StandingVersions } from '../ports';

/** How Lambda is reached. */
export interface LambdaVersionsOptions extends AccountClientsOptions {
  /** Role that may delete versions, by path and name below `role/`. */
  readonly role: string;
}

/** Versions of functions in Lambda, with the role that deploys. Loads the AWS SDK: import it late. */
export function openLambdaVersions(options: LambdaVersionsOptions): FunctionVersions {
  const clients = accountClients((settings) => new LambdaClient(settings), { ...options, sessionName: 'fleet-prune' });
  return lambdaVersions(clients);
}

/** {@link openLambdaVersions} over clients that are there. */
export function lambdaVersions(clients: AccountClients<LambdaClient>): FunctionVersions {
  return {
    look: (of) => asked('lambda:ListVersionsByFunction', of, () => look(clients.at(of.target), of.functionName)),
    remove: (of, version) => asked('lambda:DeleteFunction', of, () => remove(clients.at(of.target), { name: of.functionName, version })),
    close: () => Promise.resolve(clients.close()),
  };
}

async function look(client: LambdaClient, FunctionName: string): Promise<StandingVersions> {
  const published: string[] = [];
  for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName }))
    published.push(...Versions.flatMap(({ Version }) => (Version === undefined || Version === '$LATEST' ? [] : [Version])));
  const aliases: AliasConfiguration[] = [];
  for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName })) aliases.push(...Aliases);
  return {
    published: published.sort((one, other) => Number(one) - Number(other)),
    aliases: aliases.map(({ Name = '', FunctionVersion, RoutingConfig }) => ({
      name: Name,
      versions: [
        ...(FunctionVersion === undefined ? [] : [FunctionVersion]),
        ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
      ],
    })),
  };
}

async function remove(client: LambdaClient, { name, version }: { readonly name: string; readonly version: string }): Promise<void> {
  // Without a qualifier the same call deletes the function with all that it has.
  if (!/^\d+$/.test(version)) throw new Error(`${JSON.stringify(version)} is no version of ${name}: nothing is deleted`);
  try {
    await client.send(new DeleteFunctionCommand({ FunctionName: name, Qualifier: version }));
  } catch (error) {
    if (sdkErrorName(error) !== 'ResourceNotFoundException') throw error;
  }
}

/** What a refusal that is not about credentials asks for. */
const SEE_TO_THE_ROLE = 'see what AWS says, and that the deploy role may do it (`fleet bootstrap` brings its policies up to date)';

async function asked<Value>(call: string, { functionName, target }: FunctionOfTarget, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (cause) {
    if (isFleetError(cause)) throw cause;
    const what = `${call} of ${functionName} in ${target.account} ${target.region}`;
    throw sdkFailure(cause, { what, refused: SEE_TO_THE_ROLE });
  }
}

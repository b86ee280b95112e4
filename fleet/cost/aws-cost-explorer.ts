import {
  CostExplorerClient,
  GetCostAndUsageCommand,
  ListCostAllocationTagsCommand,
  UpdateCostAllocationTagsStatusCommand,
} from '@aws-sdk/client-cost-explorer';

import { regionSchema, type AccountId } from '../../contracts/ids';
import { accountClients, type AccountClientsOptions } from '../aws/account-clients';
import { clientLimits } from '../aws/client-limits';
import { sdkFailure } from '../aws/sdk-error';

import type { CallOptions, CostExplorer } from './cost-explorer';

/** Cost Explorer has one endpoint for the whole partition. */
const REGION = regionSchema.parse('us-east-1');

/** Cost Explorer takes seconds for a month of a large organisation. */
const REQUEST_MS = 60_000;

/** How the payer's Cost Explorer is reached. */
export interface AwsCostExplorerOptions extends AccountClientsOptions {
  /** The organisation's management account: only there are the costs of all accounts. */
  readonly payer: AccountId;
  /** Role in it, by path and name below `role/`; null: the credentials are the payer's own. */
  readonly role: string | null;
}

/** Cost Explorer of the payer. Nothing is asked before the first call. Loads the AWS SDK: import it late. */
export function awsCostExplorer({ payer, role, requestTimeoutMs = REQUEST_MS, ...options }: AwsCostExplorerOptions): CostExplorer {
  const { client, close } = role === null ? ownClient({ ...options, requestTimeoutMs }) : roleClient();
  const as = role === null ? 'the credentials of this environment' : `role ${role} in account ${payer}`;
  const refused = `see that ${as} may call it, and that Cost Explorer is enabled`;
  const ask = async <Output>(operation: string, call: () => Promise<Output>): Promise<Output> => {
    try {
      return await call();
    } catch (cause) {
      throw sdkFailure(cause, { what: `ce:${operation} in account ${payer}`, refused });
    }
  };
  const abort = ({ signal }: CallOptions) => ({ abortSignal: signal });
  return {
    getCostAndUsage: (input, at) => ask('GetCostAndUsage', () => client.send(new GetCostAndUsageCommand(input), abort(at))),
    listCostAllocationTags: (input, at) =>
      ask('ListCostAllocationTags', () => client.send(new ListCostAllocationTagsCommand(input), abort(at))),
    updateCostAllocationTagsStatus: (input, at) =>
      ask('UpdateCostAllocationTagsStatus', () => client.send(new UpdateCostAllocationTagsStatusCommand(input), abort(at))),
    close: async () => close(),
  };

  function roleClient() {
    const clients = accountClients((settings) => new CostExplorerClient(settings), {
      ...options,
      requestTimeoutMs,
      role: role ?? '',
      sessionName: 'fleet-cost',
    });
    return { client: clients.at({ account: payer, region: REGION }), close: clients.close };
  }
}

function ownClient({ endpoint, credentials, ...options }: AccountClientsOptions) {
  const client = new CostExplorerClient({
    region: REGION,
    ...clientLimits(options),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
  });
  return { client, close: () => client.destroy() };
}

import { counted } from '../../contracts/counted';
import type { Region } from '../../contracts/ids';
import type { Target } from '../../contracts/target';
import { failed, passed, type CheckFinding, type CheckResult } from '../checks/check-result';
import type { FleetConfig } from '../config/fleet-config';
import { makeInventory, type Discovery, type Inventory, type InventoryAccount } from '../discovery/inventory';
import { accountReason, isUnknown } from '../discovery/select-targets';
import { CANNOT_MOVE } from '../plan/moves';
import type { PlanWarning } from '../plan/rollout-plan';
import { warningText } from '../plan/settings-review';

/** An inventory in which every region of every account is opted in: a plan over it has the targets that fleet.yaml asks for. */
export function asIfOptedIn({ accounts, departed, organizationId, source, takenAt }: Inventory, regions: readonly Region[]): Inventory {
  return makeInventory({
    organizationId,
    source,
    departed,
    takenAt: new Date(takenAt),
    accounts: accounts.map((account) => ({
      ...account,
      regions: Object.fromEntries(regions.map((region) => [region, 'enabled' as const])),
    })),
  });
}

/** What is said of a target's region; whether anything else can be asked there. */
export function judgeRegion({ account, region }: Target, known: InventoryAccount | undefined): CheckFinding {
  switch (known?.regions[region] ?? 'unknown') {
    case 'enabled':
      return passed('region', 'opted in');
    case 'disabled':
      return failed(
        'region',
        `region ${region} is not opted in, in account ${account}: nothing can be deployed there`,
        `enable it in the account (account:EnableRegion), or take ${region} out of regions, or the account out of workloads, in fleet.yaml`,
      );
    case 'unknown':
      return {
        check: 'region',
        verdict: 'unknown',
        found: `whether region ${region} is opted in, in account ${account}, could not be read`,
        advice: 'see what discovery warns of (account:ListRegions), and ask again',
      };
  }
}

/**
 * Accounts of which it is not known whether they are workloads: a plan leaves them out without a word. Those that fleet.yaml leaves out
 * whatever is known of them are none of it.
 */
export function judgeAccounts(config: FleetConfig, { inventory, warnings }: Discovery): readonly CheckResult[] {
  const reasonOf = accountReason(config);
  const results = inventory.accounts.flatMap((account): readonly CheckResult[] => {
    const reason = reasonOf(account);
    if (reason === null || !isUnknown(reason)) return [];
    const said = warnings.find((one) => one.account === account.id)?.message;
    return [
      {
        ...{ target: null, account: account.id, accountName: account.name, region: null },
        ...{ check: 'inventory', verdict: 'unknown', found: `${reason}${said === undefined ? '' : `: ${said}`}` },
        advice: 'a plan goes by what was known of it before, or leaves it out: see what discovery may read (`fleet doctor`), and ask again',
      },
    ];
  });
  const whole = warnings
    .filter(({ account }) => account === null)
    .map(({ message }): CheckResult => ({
      ...{ target: null, account: null, accountName: null, region: null },
      ...{ check: 'inventory', verdict: 'unknown', found: message, advice: 'see what discovery may read (`fleet doctor`), and ask again' },
    }));
  if (results.length + whole.length > 0) return [...whole, ...results];
  return [
    {
      ...{ target: null, account: null, accountName: null, region: null },
      ...passed('inventory', `${counted(inventory.accounts.length, 'account')} of organisation ${inventory.organizationId} known`),
    },
  ];
}

/** What a plan says that cannot be carried out, whatever AWS answers; where nothing moves, nothing is said. */
export function judgeMoves(warnings: readonly PlanWarning[]): readonly CheckResult[] {
  return warnings
    .filter(({ code }) => code === CANNOT_MOVE)
    .map((warning) => ({
      ...{ target: null, account: null, accountName: null, region: null },
      ...failed('moves', warningText(warning), 'change fleet.yaml as it says: the rollout would not begin'),
    }));
}

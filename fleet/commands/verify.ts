import { randomUUID } from 'node:crypto';

import { checkReport, isClear } from '../checks/check-result';
import { checksText } from '../report/checks-text';
import { runVerify } from '../verify/run-verify';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { deployedQuery, deployedTargets, inLayerOrder } from './deployed-targets';
import { EXIT_FAILED } from './exit-codes';
import type { FilterFlags } from './filters';
import { openVerify } from './open-checks';
import { duration } from './verb';

/** Flags of `verify`. */
export interface VerifyFlags extends FilterFlags {
  readonly config: string;
  /** How long an order may take, and alarms may be without data. */
  readonly timeout?: string;
  /** False: no synthetic order is sent. */
  readonly order?: boolean;
}

/** Metrics of a function come minutes after its work. */
const TIMEOUT_SECONDS = 300;

/** The sandbox's clock runs 300 times as fast. */
const SANDBOX_TIMEOUT_SECONDS = 5;

/** Whether what is deployed works: one synthetic order a target, and all that a person would look at. Exit 1 where a check failed or could not be asked. */
export async function verify(flags: VerifyFlags, context: CommandContext): Promise<CommandOutcome> {
  const given = duration('--timeout', flags.timeout);
  const fleet = await openFleet(flags.config);
  const chosen = deployedTargets(await fleet.store.loadRecords(), await deployedQuery(flags, fleet));
  const records = [...chosen].sort((left, right) => inLayerOrder(left.target, right.target));
  const sendOrders = flags.order !== false;
  const ports = await openVerify(fleet, context);
  try {
    const results = await runVerify({
      records,
      ...ports,
      clock: context.clock,
      signal: context.interrupt,
      timeoutSeconds: given ?? (fleet.config.organization.source === 'sandbox' ? SANDBOX_TIMEOUT_SECONDS : TIMEOUT_SECONDS),
      sendOrders,
      newOrderId: () => `verify-${randomUUID()}`,
    });
    const notChecked = sendOrders ? [] : ['that orders arrive: --no-order sends none'];
    const report = checkReport(results, { targets: records.length, notChecked });
    return { exitCode: isClear(report) ? 0 : EXIT_FAILED, text: checksText('verify', report), data: report };
  } finally {
    await ports.close();
  }
}

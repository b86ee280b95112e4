import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { regionSchema } from '../../contracts/ids';
import { planText } from '../report/plan-text';

import type { CommandContext, CommandOutcome } from './context';
import { discover } from './discover';
import { init } from './init';
import { makePlan } from './plan';
import { carryOut } from './rollout';

const ACCOUNTS = 12;
const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'].map((region) => regionSchema.parse(region));

/** Flags of `demo`. */
export interface DemoFlags {
  /** Leaves the demo's folder, to go on from. */
  readonly keep?: boolean;
}

/** A whole rollout on a simulated organisation in a folder of its own, told step by step. */
export async function demo(flags: DemoFlags, context: CommandContext): Promise<CommandOutcome> {
  const directory = mkdtempSync(join(context.temporary, 'fleet-demo-'));
  const config = join(directory, 'fleet.yaml');
  const tell = (message: string) => context.reporter.report({ level: 'info', code: 'demo', message });
  try {
    tell(`a simulated organisation of ${ACCOUNTS} workload accounts in ${REGIONS.length} regions, no AWS account needed`);
    init({ directory, options: { name: 'orders', sandbox: true, accounts: ACCOUNTS, regions: REGIONS } }, context);
    tell((await discover(config, context)).text);

    const first = await makePlan({ config }, context);
    tell(planText(first.plan));
    const outcome = await carryOut(first, context);
    tell(outcome.text);
    if (outcome.exitCode !== 0) return outcome;

    tell('the same again: nothing changed, so nothing may run');
    const second = await makePlan({ config }, context);
    const again = await carryOut(second, context);
    tell(again.text);

    const where =
      flags.keep === true
        ? `the fleet is in ${directory}: try fleet status, fleet show and fleet destroy there`
        : 'fleet init starts one of your own';
    return { exitCode: again.exitCode, text: `demo done; ${where}`, data: { first: outcome.data, second: again.data } };
  } finally {
    if (flags.keep !== true) rmSync(directory, { recursive: true, force: true });
  }
}

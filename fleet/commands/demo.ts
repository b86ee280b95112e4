import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { regionSchema } from '../../contracts/ids';
import { planText } from '../report/plan-text';
import type { RolloutReport } from '../report/rollout-report';

import type { CommandContext, CommandOutcome } from './context';
import { discover } from './discover';
import { init } from './init';
import { makePlan } from './plan';
import { carryOut } from './rollout';
import { show } from './show';

const ACCOUNTS = 12;
const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'].map((region) => regionSchema.parse(region));

/** Memory of the order function before and with the bad release. */
const MEMORY = { good: 1024, bad: 512 };

/** A defect that the simulated orders meet in everything deployed from now on, and in nothing that is deployed already. */
const DEFECT = `
faults:
  - target: regional/**
    kind: alarm
    release: new
`;

/** Flags of `demo`. */
export interface DemoFlags {
  /** Leaves the demo's folder, to go on from. */
  readonly keep?: boolean;
}

/**
 * Two rollouts on a simulated organisation in a folder of its own, told step by step: a good release reaches every target; one whose canary
 * turns its alarms red is stopped and taken back before its second wave. Exit 1 where either went another way.
 */
export async function demo(flags: DemoFlags, context: CommandContext): Promise<CommandOutcome> {
  const directory = mkdtempSync(join(context.temporary, 'fleet-demo-'));
  const config = join(directory, 'fleet.yaml');
  const tell = (message: string) => context.reporter.report({ level: 'info', code: 'demo', isText: true, message });
  try {
    tell(`a simulated organisation of ${ACCOUNTS} workload accounts in ${REGIONS.length} regions, no AWS account needed`);
    init({ directory, options: { name: 'orders', sandbox: true, accounts: ACCOUNTS, regions: REGIONS } }, context);
    tell((await discover(config, context)).text);

    tell('a good release: one target first, then a tenth of them, then region by region; after each wave its alarms decide');
    const first = await makePlan({ config }, context);
    tell(planText(first.plan));
    const good = await carryOut(first, context);
    tell(good.text);
    if (good.exitCode !== 0) return good;

    tell('the same again: nothing changed, so nothing may run');
    const again = await carryOut(await makePlan({ config }, context), context);
    tell(again.text);

    tell(`a bad release: less memory for the order function, and a defect in it that fails orders`);
    writeFileSync(config, readFileSync(config, 'utf8').replace(`memoryMb: ${MEMORY.good}`, `memoryMb: ${MEMORY.bad}`));
    appendFileSync(join(directory, 'organization.yaml'), DEFECT);
    const second = await makePlan({ config }, context);
    tell(planText(second.plan));
    const bad = await carryOut(second, context);
    tell(bad.text);

    const canary = second.plan.waves.find((wave) => wave.stage === 'waves')?.targets[0] ?? '';
    const memory = memoryOf((await show({ config, target: canary }, context)).data);
    tell(`${canary} serves again with ${String(memory)} MB, as before; no other target was touched`);

    const stopped = isTakenBackEarly(bad.data as RolloutReport) && memory === MEMORY.good;
    const where =
      flags.keep === true
        ? `the fleet is in ${directory}: try fleet status, fleet plan, fleet show and fleet rollback there`
        : 'fleet init starts one of your own';
    return {
      exitCode: stopped && again.exitCode === 0 ? 0 : 1,
      text: `demo done: the good release is everywhere, the bad one was taken back before its second wave; ${where}`,
      data: { good: good.data, again: again.data, bad: bad.data },
    };
  } finally {
    if (flags.keep !== true) rmSync(directory, { recursive: true, force: true });
  }
}

/** The canary went back, and nothing of the later waves was started. */
function isTakenBackEarly({ outcome, counts, targets }: RolloutReport): boolean {
  const started = targets.filter((target) => target.layer === 'regional' && target.attempts > 0);
  return outcome === 'rolled_back' && counts.rolled_back === 1 && started.every((target) => target.outcome === 'rolled_back');
}

function memoryOf(shown: unknown): unknown {
  const { resources } = shown as {
    readonly resources: readonly { readonly type: string; readonly name: string; readonly inputs: Readonly<Record<string, unknown>> }[];
  };
  return resources.find(({ type, name }) => type === 'aws:lambda/function:Function' && name === 'order-function')?.inputs.memorySize;
}

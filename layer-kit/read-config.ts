import * as pulumi from '@pulumi/pulumi';
import * as z from 'zod';

import { stackName, targetSchema } from '../contracts/target';
import {
  RUN_INPUTS_KEY,
  TARGET_CONFIG_KEY,
  runInputsSchema,
  targetConfigSchema,
  type RunInputs,
  type TargetConfig,
} from '../contracts/target-config';

/** What a layer's program is given. */
export interface ProgramInput<Settings = unknown> {
  readonly config: TargetConfig<Settings>;
  readonly run: RunInputs;
}

/**
 * Reads and checks the stack configuration of the running program. Throws a `RunError` (a message without a stack trace) that names every
 * wrong value. Also refuses a configuration of another layer or stack, which would move this stack's resources elsewhere.
 */
export function readConfig<Schema extends z.ZodType>(layer: string, settingsSchema: Schema): ProgramInput<z.output<Schema>> {
  const given = readKey(TARGET_CONFIG_KEY);
  if (given === undefined) {
    throw new pulumi.RunError(`stack config ${TARGET_CONFIG_KEY} is missing: let the fleet set it, or copy it from \`fleet show\``);
  }
  const common = parse(TARGET_CONFIG_KEY, targetConfigSchema(z.unknown()), given);
  const settings = parse(`${TARGET_CONFIG_KEY} settings`, settingsSchema, common.settings);
  const run = parse(RUN_INPUTS_KEY, runInputsSchema, readKey(RUN_INPUTS_KEY) ?? {});
  refuseOtherStack(layer, common);
  return { config: { ...common, settings }, run };
}

function refuseOtherStack(layer: string, config: TargetConfig): void {
  const target = targetSchema.parse(config.target);
  if (target.layer !== layer)
    throw new pulumi.RunError(`stack config ${TARGET_CONFIG_KEY} is of layer ${target.layer}, this program is ${layer}`);
  if (target.account !== config.account.id || target.region !== config.region || target.part !== config.part) {
    throw new pulumi.RunError(
      `stack config ${TARGET_CONFIG_KEY}: target ${target.id} does not stand in account ${config.account.id}, region ${config.region}, part ${config.part}`,
    );
  }
  const stack = pulumi.getStack();
  if (stack !== stackName(target))
    throw new pulumi.RunError(`stack config ${TARGET_CONFIG_KEY} is of stack ${stackName(target)}, this stack is ${stack}`);
}

function readKey(key: string): unknown {
  const [namespace = '', name = ''] = key.split(':');
  const text = new pulumi.Config(namespace).get(name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new pulumi.RunError(`stack config ${key} is not JSON`);
  }
}

function parse<Schema extends z.ZodType>(key: string, schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new pulumi.RunError(`stack config ${key}: ${describeIssues(result.error)}`);
}

/** Every issue of a zod error as `path: message`, in one line. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => (issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`)).join('; ');
}

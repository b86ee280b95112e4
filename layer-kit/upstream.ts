import * as pulumi from '@pulumi/pulumi';
import type * as z from 'zod';

import { stackReferenceName, targetSchema, type LayerName, type Target } from '../contracts/target';
import { describeIssues, type ProgramInput } from './read-config';

/** One stack above this one. Only a present one may be referenced: a reference to a stack that does not exist fails the program. */
export interface Upstream {
  readonly target: Target;
  readonly accountName: string;
  readonly present: boolean;
}

/** The upstream targets of one layer, in the order of the configuration. */
export function upstreamOf(input: ProgramInput, layer: LayerName): readonly Upstream[] {
  return input.config.upstream
    .map(({ target: id, accountName }) => ({ target: targetSchema.parse(id), accountName, present: !input.run.missing.includes(id) }))
    .filter(({ target }) => target.layer === layer);
}

/** The one upstream target of a layer that this program cannot do without. */
export function requireUpstream(input: ProgramInput, layer: LayerName): Upstream {
  const [first, ...more] = upstreamOf(input, layer);
  if (!first) throw new pulumi.RunError(`${input.config.target} needs a ${layer} target upstream, and its configuration names none`);
  if (more.length > 0) throw new pulumi.RunError(`${input.config.target} has ${more.length + 1} ${layer} targets upstream, it takes one`);
  if (!first.present) throw new pulumi.RunError(`${first.target.id} has no stack yet: deploy it before ${input.config.target}`);
  return first;
}

/** Outputs of a present upstream stack, checked by its layer's contract; the program fails when they do not fit. */
export function readUpstream<Schema extends z.ZodType>(upstream: Upstream, schema: Schema): pulumi.Output<z.output<Schema>> {
  return referToStack(upstream.target).apply((outputs) => {
    const parsed = schema.safeParse(outputs);
    if (parsed.success) return parsed.data;
    throw new pulumi.RunError(
      `outputs of ${upstream.target.id} do not fit their contract, deploy it again: ${describeIssues(parsed.error)}`,
    );
  });
}

/** As {@link readUpstream}, but undefined for a stack that is missing or stopped before it had its outputs. */
export function tryUpstream<Schema extends z.ZodType>(upstream: Upstream, schema: Schema): pulumi.Output<z.output<Schema> | undefined> {
  if (!upstream.present) return pulumi.output(undefined);
  return referToStack(upstream.target).apply((outputs) => {
    const parsed = schema.safeParse(outputs);
    return parsed.success ? parsed.data : undefined;
  });
}

function referToStack(target: Target): pulumi.Output<unknown> {
  return new pulumi.StackReference(target.id, { name: stackReferenceName(target) }).outputs;
}

import { FleetError } from '../../../errors';
import type { Clock } from '../../../ports';
import { systemClock } from '../../../system-clock';

import { lookAtNamed, lookInCache, lookOnPath, type Look, type LookOptions } from './look-for-cli';
import { MINIMUM_VERSION, NAMED_BY, type Environment, type PulumiCli } from './pulumi-cli';

/** How a CLI is looked for. */
export interface FindPulumiCliOptions {
  readonly env: Environment;
  /** @default that of this machine */
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/**
 * A CLI that is there: the one that `FLEET_PULUMI` names, else the first on PATH, else the one obtained earlier. Downloads nothing. Errors:
 * `pulumi/cli-missing`, `pulumi/cli-too-old`.
 */
export async function findPulumiCli({ env, clock = systemClock, signal }: FindPulumiCliOptions): Promise<PulumiCli> {
  const options: LookOptions = { env, clock, signal };
  const named = await lookAtNamed(options);
  if (named) return cliOf(named);
  const onPath = await lookOnPath(options);
  if (onPath.kind === 'found') return onPath.cli;
  const cached = await lookInCache(options);
  if (cached.kind === 'found') return cached.cli;
  const why = `${onPath.why}; ${cached.why}: run \`fleet doctor --fix\`, or put one of ${MINIMUM_VERSION} or newer on PATH`;
  throw onPath.kind === 'too-old'
    ? new FleetError('pulumi/cli-too-old', `the Pulumi CLI is too old: ${why}`)
    : new FleetError('pulumi/cli-missing', `there is no Pulumi CLI: ${why}`);
}

/** What `FLEET_PULUMI` names, and nothing else: it was named for a reason. */
export function cliOf(named: Look): PulumiCli {
  switch (named.kind) {
    case 'found':
      return named.cli;
    case 'too-old':
      throw new FleetError('pulumi/cli-too-old', `the Pulumi CLI of ${NAMED_BY} is too old: ${named.why}; name a newer one, or unset it`);
    case 'missing':
    case 'broken':
      throw new FleetError('pulumi/cli-missing', `the Pulumi CLI of ${NAMED_BY} cannot be used: ${named.why}; correct it, or unset it`);
    default:
      throw new Error(`unknown look ${String(named satisfies never)}`);
  }
}

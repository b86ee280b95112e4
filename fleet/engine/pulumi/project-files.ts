import { stringify } from 'yaml';

import { RUN_INPUTS_KEY, TARGET_CONFIG_KEY } from '../../../contracts/target-config';
import type { EngineJob } from '../../ports';

import type { Deployment } from './stack-files';

/** How a stack's secrets are encrypted, as Pulumi.<stack>.yaml says it. */
export interface StackSecrets {
  readonly secretsprovider?: string;
  readonly encryptionsalt?: string;
  readonly encryptedkey?: string;
}

/** Pulumi.yaml of a layer. The program comes to the CLI over a connection, so there is no `main`. */
export function projectFile(layer: string): string {
  return stringify({ name: layer, runtime: 'nodejs' });
}

/** What a layer's program reads: the target's config and the run's inputs. */
export function targetStackConfig({ config, run }: EngineJob): Readonly<Record<string, string>> {
  return { [TARGET_CONFIG_KEY]: JSON.stringify(config), [RUN_INPUTS_KEY]: JSON.stringify(run) };
}

/** Pulumi.<stack>.yaml of one run. Every resource must name its provider: the default one would deploy with the manager's own credentials. */
export function stackFile(config: Readonly<Record<string, string>>, secrets: StackSecrets): string {
  return stringify({ ...secrets, config: { 'pulumi:disable-default-providers': ['*'], ...config } }, { lineWidth: 0 });
}

/**
 * What the stack's checkpoint itself says of its encryption: the salt or the wrapped key is kept there, so no second copy can get lost.
 * Undefined: nothing is encrypted yet.
 */
export function secretsOf(deployment: Deployment | null | undefined): StackSecrets | undefined {
  const provider = deployment?.secrets_providers;
  const state = provider?.state ?? {};
  if (provider?.type === 'passphrase' && typeof state.salt === 'string') return { encryptionsalt: state.salt };
  if (provider?.type === 'cloud' && typeof state.url === 'string' && typeof state.encryptedkey === 'string')
    return { secretsprovider: state.url, encryptedkey: state.encryptedkey };
  return undefined;
}

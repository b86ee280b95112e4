import { readFileSync } from 'node:fs';

import type { EngineChoice, FleetConfig } from '../config/fleet-config';
import { messageOf, userError } from '../errors';

import { failed, ok, skipped, warning, type Check } from './check';

const PASSPHRASE = 'PULUMI_CONFIG_PASSPHRASE';
const FILE = 'PULUMI_CONFIG_PASSPHRASE_FILE';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether there is what secrets are encrypted with. What it is, is told to nobody. */
export function checkSecrets({ engine, organization }: Pick<FleetConfig, 'engine' | 'organization'>, env: Environment): Check {
  if (engine.kind === 'sandbox') return skipped('secrets', 'engine sandbox keeps none');
  if (organization.source === 'sandbox') return skipped('secrets', 'a simulated organisation has none to keep');
  return checkProvider(engine, env);
}

function checkProvider({ secretsProvider }: Extract<EngineChoice, { readonly kind: 'pulumi' }>, env: Environment): Check {
  if (secretsProvider !== 'passphrase') return ok('secrets', `${secretsProvider}: the first run asks for its key`);
  if (env[PASSPHRASE] !== undefined) return checkPassphrase(PASSPHRASE, env[PASSPHRASE]);
  const file = env[FILE];
  if (file === undefined)
    return failed('secrets', userError('passphrase-missing', `secretsProvider passphrase needs ${PASSPHRASE} or ${FILE}: set one of them`));
  try {
    return checkPassphrase(`${FILE} ${file}`, readFileSync(file, 'utf8').trim());
  } catch (cause) {
    return failed('secrets', userError('passphrase-missing', `${FILE} cannot be read: ${messageOf(cause)}: correct it`, { cause }));
  }
}

function checkPassphrase(where: string, passphrase: string): Check {
  if (passphrase !== '') return ok('secrets', `passphrase: ${where} is set`);
  return warning('secrets', {
    detail: `passphrase: ${where} is empty, which encrypts nothing`,
    advice: 'set a long one before the first rollout, or `secretsProvider: awskms://<key>`',
  });
}

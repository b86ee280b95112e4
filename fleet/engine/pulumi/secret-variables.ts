import { secretNames } from '../../../contracts/secret-reference';
import { MASK } from '../../../sandbox/secrets';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of the environment that a target's configuration refers to as secrets (`{ env: NAME }`), with their values where they are set. */
export function secretVariables(config: unknown, env: Environment): Readonly<Record<string, string>> {
  return Object.fromEntries(secretNames(config).flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Credentials that a run is given; nothing that is told of it may hold them. */
const CREDENTIALS = [
  'PULUMI_CONFIG_PASSPHRASE',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
] as const;

/** Shorter ones would be found in every other word. */
const MIN_LENGTH = 6;

/** Takes the secrets of a run out of what is told of it. */
export function redactor(variables: Readonly<Record<string, string>>, env: Environment): (text: string) => string {
  const secrets = [...Object.values(variables), ...CREDENTIALS.flatMap((name) => env[name] ?? [])]
    .filter((secret) => secret.length >= MIN_LENGTH)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    // A secret may hold another.
    .sort((one, other) => other.length - one.length);
  return (text) => secrets.reduce((told, secret) => told.replaceAll(secret, MASK), text);
}

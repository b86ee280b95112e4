import { secretNames } from '../../contracts/secret-reference';
import type { TargetId } from '../../contracts/target';

import type { PlannedTarget, PlanWarning } from './rollout-plan';

/** Keyed digests of the secrets that something is deployed with, by the variable that holds them. Never a value. */
export type SecretDigests = Readonly<Record<string, string>>;

/** What is known of a secret where a plan is made: the keyed digest of its value, or why there is none and what to do. */
export type KnownSecret = { readonly digest: string } | { readonly unknown: string; readonly advice: string };

/** Asks for a secret by its variable. */
export type KnownSecrets = (variable: string) => KnownSecret;

/** Digests of what a configuration refers to, as far as they are known; undefined where it refers to nothing that is. */
export function secretsOf(config: unknown, known: KnownSecrets): SecretDigests | undefined {
  const digests = secretNames(config).flatMap((variable) => {
    const secret = known(variable);
    return 'digest' in secret ? [[variable, secret.digest] as const] : [];
  });
  return digests.length === 0 ? undefined : Object.fromEntries(digests);
}

/** Variables whose value is known to be another one. Of what one side does not know nobody can tell. */
export function changedSecrets(before: SecretDigests | undefined, now: SecretDigests | undefined): readonly string[] {
  return Object.keys(now ?? {}).filter((variable) => before?.[variable] !== undefined && before[variable] !== now?.[variable]);
}

const notPlanned: KnownSecret = { unknown: 'was not known when it was planned', advice: 'plan again' };

/** A deployment as it comes to stand with the values that are there now, which may not be those it once stood with. */
export function withSecretsOf<Deployed extends { readonly config: unknown; readonly secrets?: SecretDigests | undefined }>(
  deployment: Deployed,
  now: SecretDigests | undefined,
): Deployed {
  const { secrets: _former, ...rest } = deployment;
  const secrets = secretsOf(deployment.config, (variable) => {
    const digest = now?.[variable];
    return digest === undefined ? notPlanned : { digest };
  });
  return { ...rest, ...(secrets && { secrets }) } as Deployed;
}

/** A secret that some targets need and that is not known. */
export interface LackingSecret {
  readonly variable: string;
  readonly why: string;
  readonly advice: string;
  readonly targets: readonly TargetId[];
}

/** Secrets that targets refer to and that are not known, by variable. */
export function lackingSecrets(
  targets: readonly { readonly target: Pick<PlannedTarget['target'], 'id'>; readonly config: unknown }[],
  known: KnownSecrets,
): readonly LackingSecret[] {
  const needing = new Map<string, TargetId[]>();
  for (const { target, config } of targets)
    for (const variable of secretNames(config)) needing.set(variable, [...(needing.get(variable) ?? []), target.id]);
  return [...needing].sort(byName).flatMap(([variable, ids]) => {
    const secret = known(variable);
    return 'digest' in secret ? [] : [{ variable, why: secret.unknown, advice: secret.advice, targets: ids }];
  });
}

/** What a plan says of secrets that are not known: it cannot tell whether they changed. */
export function secretWarnings(lacking: readonly LackingSecret[]): readonly PlanWarning[] {
  return lacking.map(({ variable, why, advice, targets }) => ({
    code: 'secret-not-known',
    message: `secret: not known: ${variable} ${why}, so this plan cannot tell whether it changed, and a rollout is refused; ${advice}`,
    at: null,
    targets: targets.length,
    example: targets[0] ?? null,
  }));
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

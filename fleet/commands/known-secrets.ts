import { secretNames } from '../../contracts/secret-reference';
import { messageOf, userProblems } from '../errors';
import type { PlannedTarget, RolloutPlan } from '../plan/rollout-plan';
import { changedSecrets, lackingSecrets, secretsOf, type KnownSecrets, type LackingSecret } from '../plan/secret-digests';
import { readSecretKey } from '../state/secret-key';

import type { CommandContext, OpenFleet } from './context';

/** Secrets of the environment as plans know them. */
export interface FleetSecrets {
  readonly known: KnownSecrets;
  /** Keeps the key of their digests, where it is new; see `SecretKey`. */
  readonly keep: () => Promise<void>;
}

/** Digests the secrets that data refers to. Values stay here. Where there is none to digest, the key is not even read. Nothing is written. */
export async function knownSecrets(
  { store }: Pick<OpenFleet, 'store'>,
  data: unknown,
  { env }: Pick<CommandContext, 'env'>,
): Promise<FleetSecrets> {
  const nothing = () => Promise.resolve();
  const values = new Map(secretNames(data).flatMap((name) => (isSet(env[name]) ? [[name, env[name]] as const] : [])));
  const unset = { unknown: 'is not set', advice: 'set it in the environment of fleet' };
  if (values.size === 0) return { known: () => unset, keep: nothing };
  try {
    const key = await readSecretKey(store.objects);
    const digests = new Map([...values].map(([name, value]) => [name, { digest: key.digest(name, value) }]));
    return { known: (name) => digests.get(name) ?? unset, keep: () => key.keep() };
  } catch (error) {
    const unread = {
      unknown: `cannot be compared, as the key of its digest cannot be read (${messageOf(error)})`,
      advice: 'use credentials that may read secrets/ of the state',
    };
    return { known: (name) => (values.has(name) ? unread : unset), keep: nothing };
  }
}

/** Refuses to begin where a target would find a secret of its missing: `user/secret-missing`, with every variable. */
export function refuseLackingSecrets(targets: readonly Pick<PlannedTarget, 'target' | 'config'>[], known: KnownSecrets): void {
  const lacking = lackingSecrets(targets, known);
  if (lacking.length > 0)
    throw userProblems(
      'secret-missing',
      lacking.map((one) => ({ message: lackingText(one) })),
    );
}

/**
 * Refuses to go on with a rollout whose secrets are missing, or are not those it was planned and approved with: `user/secret-missing`,
 * `user/secret-changed`.
 */
export async function refuseOtherSecrets(
  { fleet, plan }: { readonly fleet: OpenFleet; readonly plan: RolloutPlan },
  context: CommandContext,
): Promise<void> {
  const changing = plan.targets.filter(({ wave }) => wave !== null);
  const { known } = await knownSecrets(
    fleet,
    changing.map(({ config }) => config),
    context,
  );
  refuseLackingSecrets(changing, known);
  const others = changing.flatMap(({ target, config, secrets }) =>
    changedSecrets(secrets, secretsOf(config, known)).map((variable) => ({ variable, target: target.id })),
  );
  const variables = [...new Set(others.map(({ variable }) => variable))];
  if (variables.length === 0) return;
  throw userProblems(
    'secret-changed',
    variables.map((variable) => {
      const targets = others.filter((one) => one.variable === variable).map(({ target }) => target);
      return {
        message: `${variable}, a secret of ${listed(targets)}, has another value than the rollout was planned with: set it back to go on, or end the rollout with fleet abort and plan again`,
      };
    }),
  );
}

/** A secret that is lacking, on one line with what to do. */
export function lackingText({ variable, why, advice, targets }: LackingSecret): string {
  const needing = targets.length === 0 ? 'fleet.yaml' : listed(targets);
  return `${variable}, a secret of ${needing}, ${why}: ${advice}`;
}

function listed(targets: readonly string[]): string {
  const [first = ''] = targets;
  return targets.length > 1 ? `${first} and ${targets.length - 1} more` : first;
}

/** An empty one is what a pipeline gives for a secret that it does not know. */
function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

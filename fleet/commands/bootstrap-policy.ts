import { dirname, join, resolve } from 'node:path';

import { accountIdSchema } from '../../contracts/ids';
import { readBootstrapFile, type BootstrapFile } from '../bootstrap/bootstrap-file';
import { bootstrapPlace } from '../bootstrap/bootstrap-place';
import { githubTrust, policyKinds, printedPolicy, type GithubSubject, type PolicyKind } from '../bootstrap/printed-policies';
import { loadFleetConfig } from '../config/load-config';
import { userError } from '../errors';

import type { CommandContext, CommandOutcome } from './context';

/** Flags of `bootstrap --print-policy`. */
export interface PrintPolicyFlags {
  readonly config: string;
  readonly settings?: string;
  readonly printPolicy?: string;
  readonly repository?: string;
  readonly environment?: string;
  readonly account?: string;
}

/** bootstrap.yaml: beside fleet.yaml where `--settings` names no other. */
export function bootstrapSettings(
  { settings }: { readonly settings?: string },
  at: { readonly file: string; readonly cwd: string },
): BootstrapFile {
  return readBootstrapFile(settings === undefined ? join(dirname(at.file), 'bootstrap.yaml') : resolve(at.cwd, settings));
}

/**
 * Prints what a role of the management account is made of, as JSON: its permissions, for IAM or as a permission set's inline policy, and whom
 * it trusts, where that is GitHub. Asks AWS nothing.
 */
export function printPolicy(flags: PrintPolicyFlags & { readonly printPolicy: string }, context: CommandContext): CommandOutcome {
  const kind = kindOf(flags.printPolicy);
  const subject = subjectOf(flags);
  if (kind === 'ci' && subject === null)
    throw userError('invalid-flag', '--print-policy ci: say whose jobs it is for, with --repository OWNER/REPO --environment NAME --account ID of the management account'); // prettier-ignore
  const config = loadFleetConfig(flags.config);
  const { bucket } = bootstrapPlace(config);
  const file = bootstrapSettings(flags, { file: config.file, cwd: context.cwd });
  const printed = {
    version: 1,
    policy: kind,
    permissions: printedPolicy(kind, { config, file, bucket }),
    // IAM Identity Center writes the trust of its roles itself.
    trust: subject && githubTrust(subject),
  };
  return { exitCode: 0, text: JSON.stringify(printed, null, 2), data: printed };
}

function kindOf(text: string): PolicyKind {
  const kind = policyKinds.find((one) => one === text);
  if (kind === undefined) throw userError('invalid-flag', `--print-policy ${text} is none of ${policyKinds.join(', ')}`);
  return kind;
}

/** Names of GitHub; a subject has colons of its own. */
const REPOSITORY = /^[A-Za-z0-9-]+\/[\w.-]+$/;
const ENVIRONMENT = /^[^\p{Cc}:*?]{1,255}$/u;

function subjectOf({ repository, environment, account }: PrintPolicyFlags): GithubSubject | null {
  if (repository === undefined && environment === undefined && account === undefined) return null;
  const refuse = (flag: string, value: string | undefined, such: string) =>
    userError('invalid-flag', value === undefined ? `${flag} is missing: GitHub's jobs are told by repository, environment and account; add ${flag} ${such}` : `${flag} ${JSON.stringify(value)} must be such as ${such}`); // prettier-ignore
  if (repository === undefined || !REPOSITORY.test(repository)) throw refuse('--repository', repository, 'acme/fleet');
  if (environment === undefined || !ENVIRONMENT.test(environment)) throw refuse('--environment', environment, 'production');
  if (account === undefined || !accountIdSchema.safeParse(account).success) throw refuse('--account', account, '123456789012');
  return { repository, environment, account };
}

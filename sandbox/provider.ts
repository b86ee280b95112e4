import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type * as z from 'zod';

import { accountIdSchema, regionSchema, type AccountId } from '../contracts/ids';
import { knownRegions } from '../contracts/regions';
import type { Tags } from '../contracts/tags';

import { AwsError } from './aws-error';
import type { FaultBook } from './fault-book';
import type { Account } from './organization';
import type { Place, Properties, Refusal, RenderContext, ResourceType, WorldResource } from './resource-type';
import type { SimulatedClock } from './simulated-clock';
import { keyedDigest, type SecretDigest } from './secrets';
import type { World } from './world';

/** What the simulated AWS is made of. */
export interface ProviderParts {
  readonly types: ReadonlyMap<string, ResourceType>;
  readonly world: World;
  readonly organizationId: string;
  readonly managementAccount: AccountId;
  readonly accounts: ReadonlyMap<AccountId, Account>;
  readonly clock: SimulatedClock;
  readonly faults: FaultBook;
  /** @default under a key of this process: what another one kept is not known again */
  readonly digestSecret?: SecretDigest | undefined;
}

/** A configured `aws.Provider`: where its calls land and the tags it adds. */
export interface ProviderConfiguration {
  readonly place: Place;
  readonly roleArn: string;
  readonly defaultTags: Tags;
}

/** One resource after check and render: what it will be, before anything is done. */
export interface PlannedResource {
  readonly id: string;
  readonly key: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A change to carry out, and for whom. */
export interface Change {
  readonly op: 'create' | 'update' | 'delete';
  readonly type: string;
  readonly urn: string;
  readonly place: Place;
  /** As AWS gets it. */
  readonly planned: PlannedResource;
  /** As it is kept: secrets are digests. */
  readonly kept: { readonly inputs: Properties; readonly outputs: Properties };
  readonly prior: { readonly inputs: Properties; readonly outputs: Properties } | undefined;
  readonly target: string;
  readonly purpose: 'forward' | 'rollback';
  readonly fingerprint: string;
  readonly signal: AbortSignal;
  readonly onRetry: (message: string) => void;
}

/** Thrown where a planted `crash` ends the target's process in mid-operation. */
export class ProviderCrash extends Error {}

/** The provider gives up on throttling after this many tries, as the real one's default `maxRetries`. */
const MAX_TRIES = 25;
const MAX_BACKOFF_SECONDS = 20;

/** Between two tries of what is waited out. */
const RETRY_SECONDS = 10;

/** The simulated AWS provider: the same code behind direct calls and, later, behind gRPC. */
export class SandboxProvider {
  /** Of what it is to keep in place of secrets. */
  readonly digestSecret: SecretDigest;
  readonly #parts: ProviderParts;

  constructor(parts: ProviderParts) {
    this.#parts = parts;
    this.digestSecret = parts.digestSecret ?? keyedDigest();
  }

  /** Reads an `aws.Provider`'s inputs, whose nested values travel as JSON text. Throws {@link AwsError}. */
  configure(inputs: Properties, target: string): ProviderConfiguration {
    const roleArn = roleArnOf(inputs);
    if (!roleArn)
      throw new AwsError('InvalidConfiguration', 'the provider has no assumeRoles: every deployment goes through an assumed role');
    const account = accountIdSchema.safeParse(accountOf(roleArn));
    if (!account.success) throw new AwsError('ValidationError', `${roleArn} is not the ARN of a role`);
    const region = regionSchema.safeParse(inputs.region);
    if (!region.success) throw new AwsError('InvalidConfiguration', `invalid AWS Region: ${String(inputs.region)}`);

    const member = this.#parts.accounts.get(account.data);
    const denied = `User: arn:aws:sts::${this.#parts.managementAccount}:assumed-role/fleet/control is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    if (member?.state !== 'ACTIVE' || this.#parts.faults.stands('role-missing', target)) throw new AwsError('AccessDenied', denied);
    const allowed = parseNested(inputs.allowedAccountIds) as readonly string[] | undefined;
    if (allowed && !allowed.includes(account.data))
      throw new AwsError('InvalidConfiguration', `AWS account ID not allowed: ${account.data}`);
    // As AWS does while a region is being enabled or disabled, too.
    const status = member.regions[region.data] ?? (knownRegions.get(region.data) === 'default' ? 'ENABLED_BY_DEFAULT' : 'DISABLED');
    if (status !== 'ENABLED' && status !== 'ENABLED_BY_DEFAULT')
      throw new AwsError(
        'InvalidClientTokenId',
        `The security token included in the request is invalid (region ${region.data} is not enabled in account ${account.data})`,
      );

    const defaultTags = (parseNested(inputs.defaultTags) as { readonly tags?: Tags } | undefined)?.tags ?? {};
    return { place: { account: account.data, region: region.data, organizationId: this.#parts.organizationId }, roleArn, defaultTags };
  }

  /** The type's definition; throws for a type that the sandbox does not simulate. */
  type(token: string): ResourceType {
    const type = this.#parts.types.get(token);
    if (!type)
      throw new AwsError(
        'UnsupportedResourceType',
        `the sandbox does not simulate ${token}; it knows ${this.#parts.types.size} types, listed in docs/sandbox.md`,
      );
    return type;
  }

  /** Inputs with default tags merged, held against AWS's published shape. Throws {@link AwsError}. */
  check(token: string, inputs: Properties, defaultTags: Tags): Properties {
    const type = this.type(token);
    const own = (inputs.tags ?? {}) as Tags;
    const merged = type.taggable ? { ...inputs, tags: { ...defaultTags, ...own } } : inputs;
    const result = type.inputs.safeParse(merged);
    if (!result.success) throw new AwsError(type.invalid, describeIssues(result.error));
    return merged;
  }

  /** Input keys that differ, and whether one of them forces a replacement. */
  diff(token: string, olds: Properties, news: Properties): { readonly keys: readonly string[]; readonly replace: boolean } {
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])]
      .filter((key) => !isDeepStrictEqual(olds[key], news[key]))
      .sort();
    const { replaceOn } = this.type(token);
    return { keys, replace: keys.some((key) => replaceOn.includes(key)) };
  }

  /** What a resource will be. Nothing is done: the same instance (urn and generation) and inputs give the same ids. */
  plan(
    token: string,
    inputs: Properties,
    instance: { readonly urn: string; readonly generation: number; readonly place: Place; readonly prior: RenderContext['prior'] },
  ): PlannedResource {
    const type = this.type(token);
    const seed = `${instance.place.organizationId}|${instance.place.account}|${instance.place.region}|${instance.urn}|${instance.generation}`;
    const context: RenderContext = {
      place: instance.place,
      prior: instance.prior,
      random: (purpose, length) => hex(`${seed}|${purpose}`, length),
    };
    const key = type.key(inputs, context);
    const deleted = instance.prior === undefined ? this.#parts.world.lastDeleted(token, key, instance.place) : undefined;
    const { id, outputs } = type.render(inputs, { ...context, key, deleted });
    return { id, key, inputs, outputs };
  }

  /** Carries a change out: faults, AWS's refusals, simulated time, then the world. Throws {@link AwsError} or {@link ProviderCrash}. */
  async apply(change: Change): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const throttled = await this.#strike(change);
      if (!throttled) break;
      if (attempt === MAX_TRIES) throw new AwsError('ThrottlingException', `Rate exceeded (gave up after ${MAX_TRIES} tries)`);
      change.onRetry(`ThrottlingException: Rate exceeded (try ${attempt} of ${MAX_TRIES})`);
      await this.#parts.clock.wait(Math.min(2 ** (attempt - 1), MAX_BACKOFF_SECONDS), change.signal);
    }
    const type = this.type(change.type);
    await this.#refuse(type, change);
    const resource = {
      type: change.type,
      account: change.place.account,
      region: change.place.region,
      key: change.planned.key,
      id: change.planned.id,
      inputs: change.kept.inputs,
      outputs: change.kept.outputs,
      owner: ownerOf(change),
    };
    this.#parts.world.noteDeployment({ target: change.target, account: change.place.account, fingerprint: change.fingerprint });
    if (change.op === 'delete') this.#parts.world.remove(resource);
    else this.#parts.world.put(resource);
    // As on AWS, the call takes effect at once and the provider then waits for it: whoever dies here leaves a resource nobody recorded.
    await this.#parts.clock.wait(type.seconds[change.op], change.signal);
  }

  /** The resource of this name where this very stack and URN made it: what a controller that died may have left unrecorded. */
  madeBefore(change: Pick<Change, 'type' | 'urn' | 'place' | 'target'> & { readonly key: string }): WorldResource | undefined {
    const there = this.#parts.world.find(change.type, change.key, change.place);
    return there?.owner === ownerOf(change) ? there : undefined;
  }

  /** Resolves to true where the call was throttled; throws for the other faults. */
  async #strike(change: Change): Promise<boolean> {
    const faults = this.#parts.faults.strikes({
      target: change.target,
      type: change.type,
      op: change.op,
      purpose: change.purpose,
      fingerprint: change.fingerprint,
    });
    let throttled = false;
    for (const fault of faults) {
      if (fault.seconds !== undefined) await this.#parts.clock.waitReal(fault.seconds, change.signal);
      switch (fault.kind) {
        case 'create-fails':
        case 'update-fails':
        case 'delete-fails':
          throw new AwsError(
            'InternalFailure',
            `The request processing has failed because of an unknown error, exception or failure. (sandbox fault ${fault.kind})`,
          );
        case 'throttle':
          throttled = true;
          break;
        case 'hang':
          await never(change.signal);
          break;
        case 'crash':
          throw new ProviderCrash(`the target's process ended in mid-${change.op} of ${change.urn} (sandbox fault crash)`);
        case 'slow':
          break;
        case 'alarm':
        case 'gate-error':
        case 'no-traffic':
        case 'role-missing':
          throw new Error(`fault ${fault.kind} is no fault of an operation`);
        default:
          throw new Error(`unknown fault ${String(fault.kind satisfies never)}`);
      }
    }
    return throttled;
  }

  async #refuse(type: ResourceType, change: Change): Promise<void> {
    for (let waited = 0; ; waited += RETRY_SECONDS) {
      const refusal = this.#refusal(type, change);
      if (!refusal) return;
      if (refusal.name !== type.waitsOut?.name || waited >= type.waitsOut.seconds) throw new AwsError(refusal.name, refusal.message);
      change.onRetry(`${refusal.name}: ${refusal.message}`);
      await this.#parts.clock.wait(RETRY_SECONDS, change.signal);
    }
  }

  #refusal(type: ResourceType, change: Change): Refusal | undefined {
    const { world } = this.#parts;
    const { key, inputs, outputs } = change.planned;
    if (change.op === 'create' && typeof type.onTaken === 'object' && world.find(change.type, key, change.place)) {
      return { name: type.onTaken.refuse, message: `${key} already exists` };
    }
    return type.refuse?.({ op: change.op, place: change.place, inputs, outputs, prior: change.prior, key }, world);
  }
}

/** Who made a resource, as the world notes it. */
export function ownerOf(change: Pick<Change, 'target' | 'urn'>): string {
  return `${change.target} ${change.urn}`;
}

/** Where a provider's inputs lead, unchecked: moving to another place replaces all that the provider made. */
export function destinationOf(inputs: Properties): { readonly account: string | undefined; readonly region: unknown } {
  return { account: accountOf(roleArnOf(inputs) ?? ''), region: inputs.region };
}

function roleArnOf(inputs: Properties): string | undefined {
  const roles = parseNested(inputs.assumeRoles) as readonly { readonly roleArn?: string }[] | undefined;
  return roles?.at(-1)?.roleArn;
}

function accountOf(roleArn: string): string | undefined {
  return /^arn:aws:iam::(\d{12}):role\/.+$/.exec(roleArn)?.[1];
}

function parseNested(value: unknown): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
}

function hex(seed: string, length: number): string {
  let text = '';
  for (let block = 0; text.length < length; block += 1) text += createHash('sha256').update(`${seed}|${block}`).digest('hex');
  return text.slice(0, length);
}

function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ${issue.message}` : issue.message))
    .join('; ');
}

/** Waits until the signal aborts. */
function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { isAsset } from '../../../sandbox/asset-hash';
import { AwsError } from '../../../sandbox/aws-error';
import type { ProviderConfiguration, SandboxProvider } from '../../../sandbox/provider';
import type { MonitorAnswers, ResourceRequest } from '../../../sandbox/recording-monitor';
import { holdsStored, takeSecrets, type Secrets } from '../../../sandbox/secrets';
import { urnOfProvider } from '../../../sandbox/urn';
import type { EngineStep } from '../../ports';

import type { StackResource } from './checkpoint';
import { ResourceFailure } from './resource-failure';

/** One resource of the program: what it was, what it will be, and what that takes. */
export interface PlannedStep extends EngineStep {
  readonly op: 'create' | 'update' | 'replace' | 'same';
  readonly prior: StackResource | undefined;
  readonly next: StackResource;
  /** A replacement whose physical name stays: the old one must go first. */
  readonly deleteFirst: boolean;
  /** What AWS is told, secrets included; undefined where nothing is behind the resource. Never kept. */
  readonly call: ResourceCall | undefined;
}

/** The side of a step that holds secrets. */
export interface ResourceCall {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Takes the resource's secrets out of a text. */
  redact(this: void, text: string): string;
}

/** What a planner works from. */
export interface StackPlannerOptions {
  readonly target: string;
  readonly provider: SandboxProvider;
  readonly prior: ReadonlyMap<string, StackResource>;
  readonly hashAssets: (value: unknown) => unknown;
  /** Outputs of the stack that a reference names. */
  readonly stackOutputs: (this: void, reference: string) => Readonly<Record<string, unknown>> | undefined;
}

/** Type of an explicit AWS provider. */
export const PROVIDER_TYPE = 'pulumi:providers:aws';

/**
 * Stands behind the monitor while a program runs: answers each resource with what it will be, computed from the earlier state and the
 * inputs alone, and notes the step. Nothing is carried out here.
 */
export class StackPlanner implements MonitorAnswers {
  readonly steps: PlannedStep[] = [];
  readonly #options: StackPlannerOptions;
  readonly #providers = new Map<string, ProviderConfiguration>();

  constructor(options: StackPlannerOptions) {
    this.#options = options;
  }

  stackOutputs(reference: string): Readonly<Record<string, unknown>> | undefined {
    return this.#options.stackOutputs(reference);
  }

  register(request: ResourceRequest): { readonly id: string; readonly outputs: Readonly<Record<string, unknown>> } {
    try {
      if (request.unsupported.length > 0) {
        throw new AwsError(
          'UnsupportedOption',
          `the sandbox engine does not carry out the resource option ${request.unsupported.join(', ')}`,
        );
      }
      if (request.type.startsWith('pulumi:providers:')) return this.#registerProvider(request);
      return this.#registerResource(request);
    } catch (error) {
      throw ResourceFailure.from(error, { urn: request.urn, redact: takeSecrets(request.inputs).redact });
    }
  }

  #registerProvider(request: ResourceRequest) {
    if (request.type !== PROVIDER_TYPE)
      throw new AwsError('UnsupportedProvider', `the sandbox simulates the aws provider, not ${request.type}`);
    const secrets = takeSecrets(request.inputs, this.#options.provider.digestSecret);
    const { revealed } = secrets;
    this.#providers.set(request.urn, this.#options.provider.configure(revealed, this.#options.target));
    const prior = this.#priorOf(request);
    const id = prior?.id ?? uuidFrom(request.urn);
    const inputs = secrets.conceal(revealed);
    this.#note({
      request,
      prior,
      next: { ...bare(request), origin: prior?.origin ?? request.urn, generation: 0, id, key: '', place: null, inputs, outputs: inputs },
      keys: changedKeys(prior?.inputs, inputs),
      call: undefined,
    });
    return { id, outputs: secrets.mark(revealed, []) };
  }

  #registerResource(request: ResourceRequest) {
    const { provider, hashAssets } = this.#options;
    const configured = this.#providers.get(providerUrn(request) ?? '');
    if (!configured) {
      throw new AwsError(
        'DefaultProviderDisabled',
        `Default provider for 'aws' disabled. '${request.type}' must use an explicit provider.`,
      );
    }
    const secrets = takeSecrets(hashAssets(request.inputs) as Record<string, unknown>, provider.digestSecret);
    const prior = this.#priorOf(request);
    const { wanted, unknown } = ignoringChanges(request, secrets, prior);
    const checked = provider.check(request.type, wanted, configured.defaultTags);
    const inputs = { ...secrets.conceal(checked), ...pick(prior?.inputs, unknown) };
    const difference = prior ? provider.diff(request.type, prior.inputs, inputs) : { keys: [], replace: false };
    const moved = prior !== undefined && !isDeepStrictEqual(prior.place, configured.place);
    const replace =
      prior !== undefined && (difference.replace || moved || difference.keys.some((key) => request.replaceOnChanges.includes(key)));
    const generation = (prior?.generation ?? 0) + (replace ? 1 : 0);
    const origin = prior?.origin ?? request.urn;
    const planned = provider.plan(request.type, checked, {
      urn: origin,
      generation,
      place: configured.place,
      // As it stands on AWS: a secret that did not change must not look changed.
      prior:
        prior && !replace ? { id: prior.id, inputs: secrets.restore(prior.inputs), outputs: secrets.restore(prior.outputs) } : undefined,
    });
    const next: StackResource = {
      ...bare(request),
      origin,
      generation,
      id: secrets.hide(planned.id),
      key: secrets.hide(planned.key),
      place: configured.place,
      inputs,
      outputs: { ...secrets.conceal(planned.outputs), ...pick(prior?.outputs, unknown) },
    };
    const keys = moved ? [...difference.keys, 'provider'] : difference.keys;
    const call = { inputs: checked, outputs: planned.outputs, redact: secrets.redact };
    this.#note({ request, prior, next, keys, replace, call });
    // The program gets its own assets back: a hash alone is none on the wire.
    const assets = Object.fromEntries(Object.entries(request.inputs).filter(([, value]) => isAsset(value)));
    return { id: planned.id, outputs: { ...secrets.mark(planned.outputs, request.additionalSecretOutputs), ...assets } };
  }

  #priorOf(request: ResourceRequest): StackResource | undefined {
    const { prior } = this.#options;
    return [request.urn, ...request.aliases].map((urn) => prior.get(urn)).find((resource) => resource !== undefined);
  }

  #note(step: {
    readonly request: ResourceRequest;
    readonly prior: StackResource | undefined;
    readonly next: StackResource;
    readonly keys: readonly string[];
    readonly replace?: boolean;
    readonly call: ResourceCall | undefined;
  }): void {
    const { request, prior, next, keys, replace = false, call } = step;
    const op = prior === undefined ? 'create' : replace ? 'replace' : keys.length > 0 ? 'update' : 'same';
    this.steps.push({
      op,
      urn: request.urn,
      type: request.type,
      name: request.name,
      keys,
      prior,
      next,
      deleteFirst:
        op === 'replace' && (request.deleteBeforeReplace || (prior?.key === next.key && isDeepStrictEqual(prior.place, next.place))),
      call,
    });
  }
}

/** Inputs with what `ignoreChanges` holds as it was. `unknown`: held inputs whose earlier value is a secret that is not known any more. */
function ignoringChanges(request: ResourceRequest, secrets: Secrets, prior: StackResource | undefined) {
  const wanted: Record<string, unknown> = { ...secrets.revealed };
  const before = prior && secrets.restore(prior.inputs);
  const unknown: string[] = [];
  for (const path of request.ignoreChanges) {
    if (/[.[*]/.test(path))
      throw new AwsError('UnsupportedOption', `the sandbox engine carries out ignoreChanges for whole inputs only, not ${path}`);
    if (!before) continue;
    if (!(path in before)) delete wanted[path];
    else if (holdsStored(before[path])) unknown.push(path);
    else wanted[path] = before[path];
  }
  return { wanted, unknown };
}

function pick(from: Readonly<Record<string, unknown>> | undefined, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keys.flatMap((key) => (from && key in from ? [[key, from[key]]] : [])));
}

function bare(request: ResourceRequest) {
  return {
    urn: request.urn,
    type: request.type,
    name: request.name,
    custom: request.custom,
    parent: request.parent,
    provider: providerUrn(request),
    protect: request.protect,
    retainOnDelete: request.retainOnDelete,
    dependencies: request.dependencies,
    secretOutputs: request.additionalSecretOutputs,
  };
}

function providerUrn(request: ResourceRequest): string | null {
  return request.provider === null ? null : urnOfProvider(request.provider);
}

function changedKeys(olds: Readonly<Record<string, unknown>> | undefined, news: Readonly<Record<string, unknown>>): readonly string[] {
  if (!olds) return [];
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => !isDeepStrictEqual(olds[key], news[key])).sort();
}

function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

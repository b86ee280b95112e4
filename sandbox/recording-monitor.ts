import * as pulumi from '@pulumi/pulumi';
import * as resources from '@pulumi/pulumi/proto/resource_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';

/** Marks a secret on Pulumi's wire: `{ [SIGNATURE]: SECRET, value }`. */
export const SIGNATURE = pulumi.runtime.specialSigKey;
export const SECRET = '1b47061264138c4ac30d75fd1eb44270';

/** One `new Resource(...)` as the program asked for it, before any provider saw it. */
export interface ResourceRequest {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** URN of the parent; null for the stack itself. */
  readonly parent: string | null;
  /** `urn::id` of the explicit provider; null where there is none. */
  readonly provider: string | null;
  readonly protect: boolean;
  /** URNs of explicit and implicit dependencies. */
  readonly dependencies: readonly string[];
  /** As sent: secrets and assets keep their signatures. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly retainOnDelete: boolean;
  /** URNs this resource had before, own and inherited from its parents' aliases: a resource found under one of them is this one. */
  readonly aliases: readonly string[];
  /** Options set by the program that no part of this product carries out. */
  readonly unsupported: readonly string[];
}

/** A {@link ResourceRequest} with its answer. */
export interface RecordedResource extends ResourceRequest {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What stands behind the monitor: a provider, or a test's table. */
export interface MonitorAnswers {
  /** Id and outputs of a resource. Throwing refuses the program. */
  register(request: ResourceRequest): { readonly id: string; readonly outputs: Readonly<Record<string, unknown>> };
  /** Outputs of the stack that a StackReference names; undefined where there is no such stack. */
  stackOutputs(reference: string): Readonly<Record<string, unknown>> | undefined;
}

/** How a program is to be run. */
export interface RenderOptions {
  readonly project: string;
  readonly stack: string;
  /** Stack configuration by full key, as `fleet:target`. */
  readonly config: Readonly<Record<string, string>>;
  readonly preview?: boolean;
  readonly answers: MonitorAnswers;
}

/** A program's resources in the order they were registered, and its stack outputs (secrets keep their signatures). */
export interface Rendering {
  readonly resources: readonly RecordedResource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

type Reply<Response> = (error: Error | null, response?: Response) => void;
type Plain = Record<string, unknown>;

const STACK_TYPE = 'pulumi:pulumi:Stack';

// Exported by the SDK's runtime at run time and left out of its typings; without it the SDK takes the monitor for one that knows no secrets.
const { awaitFeatureSupport } = pulumi.runtime as unknown as { awaitFeatureSupport: () => Promise<void> };

/**
 * Runs a Pulumi program in this process against a monitor of our own and returns what it registered. The SDK keeps its run in process-wide
 * state, so callers run one program at a time. Rejects with the first thing that went wrong: a refused resource, a rejected promise
 * that nobody awaited, an error of the program.
 */
export async function renderProgram(program: () => Promise<unknown>, options: RenderOptions): Promise<Rendering> {
  const failure = firstFailure();
  const monitor = new RecordingMonitor(options, failure.fail);
  const restoreStackTraces = withoutStackTraces();
  process.on('unhandledRejection', failure.fail);
  try {
    pulumi.runtime.setMockOptions(monitor, options.project, options.stack, options.preview ?? false, 'organization');
    pulumi.runtime.setAllConfig({ ...options.config });
    await awaitFeatureSupport();
    // An output of a refused resource never resolves: the first failure ends the wait.
    await Promise.race([runAndSettle(program).catch(failure.fail), failure.failed]);
    failure.rethrow();
    return { resources: monitor.recorded, outputs: monitor.stackOutputs };
  } finally {
    restoreStackTraces();
    // What a failed program leaves pending is let go here, so that it rejects now and not during the next render.
    pulumi.runtime.disconnectSync();
    await turn();
    process.off('unhandledRejection', failure.fail);
  }
}

/**
 * Each registration captures two stack traces that nobody here reads: four fifths of a render's time. The SDK raises the limit itself for one
 * of them, hence a property that cannot be set. Returns what puts it back.
 */
function withoutStackTraces(): () => void {
  const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
  Object.defineProperty(Error, 'stackTraceLimit', { get: () => 0, set: () => undefined, configurable: true });
  return () => {
    if (before) Object.defineProperty(Error, 'stackTraceLimit', before);
  };
}

async function runAndSettle(program: () => Promise<unknown>): Promise<void> {
  await pulumi.runtime.runInPulumiStack(program);
  await pulumi.runtime.disconnect();
  // Rejections of this run are reported on the next turn of the loop; wait for it, or they would be charged to the next program.
  await turn();
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

function firstFailure() {
  let failed: { readonly error: unknown } | undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  promise.catch(() => undefined); // Observed again by the race; a late one must not count as unhandled.
  return {
    failed: promise,
    fail: (error: unknown) => {
      failed ??= { error };
      reject(error);
    },
    rethrow: () => {
      if (failed) throw failed.error instanceof Error ? failed.error : new Error(String(failed.error));
    },
  };
}

class RecordingMonitor {
  readonly recorded: RecordedResource[] = [];
  stackOutputs: Plain = {};
  readonly #options: RenderOptions;
  readonly #fail: (error: unknown) => void;
  readonly #urns = new Set<string>();
  readonly #aliases = new Map<string, readonly string[]>();

  constructor(options: RenderOptions, fail: (error: unknown) => void) {
    this.#options = options;
    this.#fail = fail;
  }

  supportsFeature(request: resources.SupportsFeatureRequest, reply: Reply<resources.SupportsFeatureResponse>): void {
    const response = new resources.SupportsFeatureResponse();
    // Output values would hide plain inputs behind a wire form; transforms and hooks would need a server to call back.
    response.setHassupport(['secrets', 'resourceReferences', 'deletedWith', 'aliasSpecs'].includes(request.getId()));
    reply(null, response);
  }

  registerResource(request: resources.RegisterResourceRequest, reply: Reply<resources.RegisterResourceResponse>): void {
    const type = request.getType();
    const parent = request.getParent();
    const described: ResourceRequest = {
      urn: this.#urn(parent, type, request.getName()),
      type,
      name: request.getName(),
      custom: request.getCustom(),
      parent: parent === '' ? null : parent,
      provider: request.getProvider() === '' ? null : request.getProvider(),
      protect: request.getProtect() ?? false,
      dependencies: request.getDependenciesList(),
      inputs: request.getObject()?.toJavaScript() ?? {},
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      retainOnDelete: request.getRetainondelete() ?? false,
      aliases: this.#aliasUrns(request),
      unsupported: unsupportedOptions(request),
    };
    this.#aliases.set(described.urn, described.aliases);
    try {
      if (this.#urns.has(described.urn)) throw new Error(`duplicate resource URN ${described.urn}: give one of them another name`);
      this.#urns.add(described.urn);
      const answer = described.custom ? this.#options.answers.register(described) : { id: '', outputs: {} };
      this.recorded.push({ ...described, ...answer });
      const response = new resources.RegisterResourceResponse();
      response.setUrn(described.urn);
      response.setId(answer.id);
      response.setObject(Struct.fromJavaScript(toWire(answer.outputs)));
      reply(null, response);
    } catch (error) {
      // No reply: the SDK turns an error reply into several unhandled rejections; the run ends through the first failure instead.
      this.#fail(error);
    }
  }

  readResource(request: resources.ReadResourceRequest, reply: Reply<resources.ReadResourceResponse>): void {
    const name = request.getName();
    if (request.getType() !== 'pulumi:pulumi:StackReference') {
      this.#fail(
        new Error(`${request.getType()} ${name} is read, not made: a layer takes its inputs from config or stack references only`),
      );
      return;
    }
    const reference = request.getId();
    const outputs = this.#options.answers.stackOutputs(reference);
    if (!outputs) {
      this.#fail(new Error(`unknown stack ${JSON.stringify(reference)}`));
      return;
    }
    const secretOutputNames = Object.keys(outputs).filter((key) => isSecret(outputs[key]));
    const response = new resources.ReadResourceResponse();
    response.setUrn(this.#urn(request.getParent(), request.getType(), name));
    response.setProperties(Struct.fromJavaScript(toWire({ name: reference, outputs, secretOutputNames })));
    reply(null, response);
  }

  registerResourceOutputs(request: resources.RegisterResourceOutputsRequest, reply: Reply<object>): void {
    const outputs = (request.getOutputs()?.toJavaScript() ?? {}) as Plain;
    const index = this.recorded.findIndex((resource) => resource.urn === request.getUrn());
    const resource = this.recorded[index];
    if (resource?.type === STACK_TYPE) this.stackOutputs = outputs;
    if (resource) this.recorded[index] = { ...resource, outputs };
    reply(null, {});
  }

  invoke(request: resources.ResourceInvokeRequest): void {
    this.#fail(
      new Error(`${request.getTok()} is looked up while the program runs: a layer takes its inputs from config or stack references only`),
    );
  }

  call(request: resources.ResourceCallRequest): void {
    this.#fail(new Error(`method ${request.getTok()} is called while the program runs, which no engine here carries out`));
  }

  #urn(parent: string, type: string, name: string): string {
    return urnOf({ stack: this.#options.stack, project: this.#options.project, parent, type, name });
  }

  #aliasUrns(request: resources.RegisterResourceRequest): readonly string[] {
    const { stack, project } = this.#options;
    const here = { stack, project, parent: request.getParent(), type: request.getType(), name: request.getName() };
    const own = request.getAliasesList().map((alias) => {
      const spec = alias.getSpec();
      if (!spec) return alias.getUrn();
      return urnOf({
        stack: spec.getStack() || stack,
        project: spec.getProject() || project,
        parent: spec.getNoparent() ? '' : spec.getParenturn() || here.parent,
        type: spec.getType() || here.type,
        name: spec.getName() || here.name,
      });
    });
    const inherited = (this.#aliases.get(here.parent) ?? []).map((parent) => urnOf({ ...here, parent }));
    return [...request.getAliasurnsList(), ...own, ...inherited];
  }
}

function urnOf(what: {
  readonly stack: string;
  readonly project: string;
  readonly parent: string;
  readonly type: string;
  readonly name: string;
}): string {
  const parentType = what.parent.split('::')[2] ?? '';
  const qualified = parentType === '' || parentType === STACK_TYPE ? what.type : `${parentType}$${what.type}`;
  return `urn:pulumi:${what.stack}::${what.project}::${qualified}::${what.name}`;
}

function unsupportedOptions(request: resources.RegisterResourceRequest): readonly string[] {
  const set: Readonly<Record<string, boolean>> = {
    import: request.getImportid() !== '',
    customTimeouts: Object.values(request.getCustomtimeouts()?.toObject() ?? {}).some((timeout) => timeout !== ''),
    deletedWith: request.getDeletedwith() !== '',
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.hasReplacementTrigger(),
    hooks: request.hasHooks(),
    transforms: request.getTransformsList().length > 0,
    remote: request.getRemote(),
  };
  return Object.keys(set).filter((option) => set[option]);
}

/** True for a value that is a secret on the wire. */
export function isSecret(value: unknown): value is { readonly value: unknown } {
  return typeof value === 'object' && value !== null && (value as Plain)[SIGNATURE] === SECRET;
}

/** A copy with `replace` put in place of every secret, at any depth. */
export function mapSecrets(value: unknown, replace: (secret: unknown) => unknown): unknown {
  if (isSecret(value)) return replace(value.value);
  if (Array.isArray(value)) return value.map((item) => mapSecrets(item, replace));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapSecrets(item, replace)]));
  }
  return value;
}

/** Protobuf's Struct knows no undefined. */
function toWire(value: Readonly<Record<string, unknown>>): Record<string, never> {
  return JSON.parse(JSON.stringify(value)) as Record<string, never>;
}

import { gunzipSync } from 'node:zlib';

import * as z from 'zod';

import { stackName, type Target } from '../../../contracts/target';
import { FleetError } from '../../errors';

import { SIDECAR, type BackendFiles } from './backend-files';

/** A resource as a checkpoint holds it. Secrets stand in it as ciphertext. */
const resourceSchema = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().default(''),
  parent: z.string().optional(),
  provider: z.string().optional(),
  protect: z.boolean().default(false),
  delete: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const deploymentSchema = z.looseObject({
  secrets_providers: z.looseObject({ type: z.string(), state: z.record(z.string(), z.unknown()).optional() }).optional(),
  resources: z.array(resourceSchema).default([]),
  pending_operations: z.array(z.looseObject({ resource: resourceSchema, type: z.string() })).default([]),
});

const checkpointSchema = z.looseObject({
  version: z.literal(3),
  checkpoint: z.looseObject({ latest: deploymentSchema.nullish() }),
});

const historySchema = z.looseObject({
  kind: z.string(),
  message: z.string().default(''),
  startTime: z.number(),
  endTime: z.number().default(0),
  result: z.string(),
  resourceChanges: z.record(z.string(), z.number()).nullish(),
});

const lockSchema = z.looseObject({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.string() });

/** What a checkpoint holds of its stack. */
export type Deployment = z.infer<typeof deploymentSchema>;
export type CheckpointResource = z.infer<typeof resourceSchema>;

/** One update as the backend remembers it; times in seconds since 1970. */
export type HistoryEntry = z.infer<typeof historySchema>;

/** A lock, and the key of its file. */
export type StackLock = z.infer<typeof lockSchema> & { readonly key: string };

/** What a self-managed Pulumi backend keeps of one stack. Errors: `pulumi/backend-damaged`, `pulumi/backend-unreachable`. */
export class StackFiles {
  readonly #files: BackendFiles;

  constructor(files: BackendFiles) {
    this.#files = files;
  }

  /** The stack's last checkpoint; undefined where there is no such stack, null where it has never been deployed. */
  async deployment(target: Target): Promise<Deployment | null | undefined> {
    const key = `.pulumi/stacks/${target.layer}/${stackName(target)}.json`;
    const plain = await this.#read(key);
    const body = plain ?? (await this.#read(`${key}.gz`));
    if (!body) return undefined;
    const text = plain ? body : gunzipSync(body);
    const deployment = parse(key, { text: text.toString('utf8'), schema: checkpointSchema }).checkpoint.latest ?? null;
    refuseForeignPlugins(key, deployment);
    return deployment;
  }

  /**
   * Takes away what stands beside the stack's checkpoint where it was cut short: the checkpoint itself is replaced in one step, and the CLI does
   * without the other, but not with half of it. True where there was such.
   */
  async mendSidecar(target: Target): Promise<boolean> {
    if (!this.#files.hasSidecars) return false;
    const key = `.pulumi/stacks/${target.layer}/${stackName(target)}.json${SIDECAR}`;
    const body = await this.#read(key);
    if (!body || isJson(body.toString('utf8'))) return false;
    await this.#reach(key, () => this.#files.remove(key));
    return true;
  }

  /** Updates of the stack, newest first, as far as `until` of them. */
  async history(target: Target, until: number): Promise<readonly HistoryEntry[]> {
    const folder = `.pulumi/history/${target.layer}/${stackName(target)}`;
    const keys = (await this.#list(folder)).filter((key) => key.endsWith('.history.json'));
    const found: HistoryEntry[] = [];
    for (const key of keys.reverse().slice(0, until)) {
      const body = await this.#read(key);
      if (body) found.push(parse(key, { text: body.toString('utf8'), schema: historySchema }));
    }
    return found;
  }

  async locks(target: Target): Promise<readonly StackLock[]> {
    const keys = (await this.#list(`.pulumi/locks/organization/${target.layer}/${stackName(target)}`)).filter((key) =>
      key.endsWith('.json'),
    );
    const locks: StackLock[] = [];
    for (const key of keys) {
      const body = await this.#read(key);
      // Taken away between the two calls: its holder has ended. An empty one is being written.
      if (body && body.length > 0) locks.push({ ...parse(key, { text: body.toString('utf8'), schema: lockSchema }), key });
    }
    return locks;
  }

  /** Only for a lock whose holder is known to be dead. */
  async breakLock({ key }: StackLock): Promise<void> {
    await this.#reach(key, async () => {
      await this.#files.remove(key);
      await this.#files.remove(`${key}${SIDECAR}`);
    });
  }

  #read(key: string): Promise<Buffer | undefined> {
    return this.#reach(key, () => this.#files.read(key));
  }

  #list(folder: string): Promise<readonly string[]> {
    return this.#reach(folder, () => this.#files.list(folder));
  }

  async #reach<Value>(key: string, call: () => Promise<Value>): Promise<Value> {
    try {
      return await call();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FleetError('pulumi/backend-unreachable', `${key} in the Pulumi backend cannot be read: ${why}; see \`fleet doctor\``, {
        cause,
      });
    }
  }
}

/** Providers of the fleet's layers come with the CLI's own plugins: whoever names another place to fetch one from would have his code run. */
function refuseForeignPlugins(key: string, deployment: Deployment | null): void {
  const operations = deployment?.pending_operations.map(({ resource }) => resource) ?? [];
  for (const { urn, type, inputs, outputs } of [...(deployment?.resources ?? []), ...operations]) {
    if (!type.startsWith('pulumi:providers:')) continue;
    const url = [inputs, outputs].flatMap((properties) => [properties, properties.__internal]).map(pluginUrlIn).find((one) => one !== undefined); // prettier-ignore
    if (url === undefined) continue;
    throw new FleetError(
      'pulumi/foreign-plugin',
      `${key} in the Pulumi backend: ${urn} is to be run by a plugin from ${url}, and nothing was run: restore that checkpoint`,
      { resource: urn },
    );
  }
}

function pluginUrlIn(properties: unknown): string | undefined {
  const url = (properties as Readonly<Record<string, unknown>> | null | undefined)?.pluginDownloadURL;
  return url === undefined || url === '' ? undefined : JSON.stringify(url);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parse<Schema extends z.ZodType>(
  key: string,
  { text, schema }: { readonly text: string; readonly schema: Schema },
): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause).split('\n')[0] : 'it is no JSON';
    throw new FleetError('pulumi/backend-damaged', `${key} in the Pulumi backend is not what this fleet can read (${why}): restore it`, {
      cause,
    });
  }
}

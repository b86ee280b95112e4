import { isDeepStrictEqual } from 'node:util';

import { AwsError } from '../../../sandbox/aws-error';
import { isAsset } from '../../../sandbox/asset-hash';
import type { CallOptions, Difference, Recorded } from '../../../sandbox/door/stack-calls';
import { takeSecrets, type Secrets } from '../../../sandbox/secrets';
import { holdsUnknown } from '../../../sandbox/door/wire';
import type { Properties, ResourceType } from '../../../sandbox/resource-type';
import { resourceTypes } from '../../../sandbox/types';

import type { AwsCall, AwsType } from './aws-type';
import type { Kept } from './kept-type';
import { awsTypes, isKept } from './types';
import { same } from './wording';

/** A resource of a stack, and through which configured provider it is reached. */
export interface ResourceCall extends AwsCall {
  readonly urn: string;
  readonly type: string;
  readonly defaultTags: Properties;
}

/**
 * What the engine's calls do on AWS: AWS's published shapes are those of the sandbox, what is made and read is AWS's. Like the real provider, it
 * creates without looking whether something stands there.
 */
export class Operations {
  readonly #definitions = new Map(resourceTypes.map((type) => [type.type, type]));
  readonly #kept: Kept = new Map();
  readonly #types = awsTypes(this.#kept);
  readonly #keptTypes = new Set<string>();

  /** Types met so far that the emulator lacks. */
  get keptTypes(): readonly string[] {
    return [...this.#keptTypes].sort();
  }

  /** Resources that stand in memory: type, account, region and id. */
  get kept(): readonly string[] {
    return [...this.#kept.keys()].sort();
  }

  check({ type, defaultTags }: ResourceCall, news: Properties): Properties {
    const { taggable, inputs, invalid } = this.#definition(type);
    const { tags = {} } = news;
    const merged = taggable ? { ...news, tags: { ...defaultTags, ...(tags as object) } } : news;
    if (holdsUnknown(merged)) return merged;
    const result = inputs.safeParse(takeSecrets(merged).revealed);
    if (!result.success)
      throw new AwsError(invalid, result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    return merged;
  }

  diff({ type, place }: ResourceCall, recorded: Recorded, news: Properties): Difference {
    const definition = this.#definition(type);
    const olds = revealed(recorded.inputs);
    const wanted = revealed(news);
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(wanted)])].filter((key) => !equal(olds[key], wanted[key])).sort();
    const replaceKeys = keys.filter((key) => definition.replaceOn.includes(key) || this.#type(type).update === undefined);
    if (replaceKeys.length === 0 || holdsUnknown(news)) return { keys, replaceKeys, deleteBeforeReplace: false };
    const context = { place, prior: undefined, random: (_purpose: string, length: number) => '0'.repeat(length) };
    return { keys, replaceKeys, deleteBeforeReplace: definition.key(olds, context) === definition.key(wanted, context) };
  }

  async create(call: ResourceCall, news: Properties, { preview }: CallOptions) {
    if (preview || holdsUnknown(news)) return { id: '', outputs: news };
    const { wanted, secrets } = this.#wanted(call, news);
    const id = await asAws(this.#type(call.type).create(wanted, call));
    return { id, outputs: await this.#outputs(call, { id, news, wanted, secrets }) };
  }

  async update(call: ResourceCall, recorded: Recorded, { news, options }: { readonly news: Properties; readonly options: CallOptions }) {
    if (options.preview || holdsUnknown(news)) return { id: recorded.id, outputs: { ...recorded.outputs, ...news } };
    const { wanted, secrets } = this.#wanted(call, news);
    const { id } = recorded;
    const type = this.#type(call.type);
    if (type.update) await asAws(type.update({ id, ...wanted, outputs: revealed(recorded.outputs) }, call));
    return { id, outputs: await this.#outputs(call, { id, news, wanted, secrets }) };
  }

  async delete(call: ResourceCall, { id, inputs, outputs }: Recorded): Promise<void> {
    const standing = { id, urn: call.urn, inputs: this.#withDefaults(call, revealed(inputs)), outputs: revealed(outputs) };
    await asAws(this.#type(call.type).delete(standing, call));
  }

  /** A resource as it stands; undefined where it does not. What says the same as the record is told in the record's words. */
  async read(call: ResourceCall, recorded: Recorded): Promise<Recorded | undefined> {
    const { id } = recorded;
    const inputs = this.#withDefaults(call, revealed(recorded.inputs));
    const told = await asAws(this.#type(call.type).read({ id, urn: call.urn, inputs }, call));
    if (!told) return undefined;
    // Inputs first: what AWS never was told right is no less wrong for having been read back.
    const expected = { ...revealed(recorded.outputs), ...inputs };
    const changed = Object.entries(told).filter(([key, value]) => !same(value, expected[key]));
    const accepted = (key: string) => key in inputs;
    return {
      id,
      inputs: { ...recorded.inputs, ...Object.fromEntries(changed.filter(([key]) => accepted(key))) },
      outputs: { ...recorded.outputs, ...Object.fromEntries(changed) },
    };
  }

  #definition(token: string): ResourceType {
    const definition = this.#definitions.get(token);
    if (!definition) throw new AwsError('UnsupportedResourceType', `nobody knows the shape of ${token}`);
    return definition;
  }

  #type(token: string): AwsType {
    const type = this.#types.get(token);
    if (!type)
      throw new AwsError('UnsupportedResourceType', `the emulator tests' provider does not carry out ${token}: add it to types.ts`);
    if (isKept(token)) this.#keptTypes.add(token);
    return type;
  }

  #wanted(call: ResourceCall, news: Properties) {
    const secrets = takeSecrets(news);
    return { secrets, wanted: { urn: call.urn, inputs: this.#withDefaults(call, secrets.revealed) } };
  }

  #withDefaults({ type }: ResourceCall, inputs: Properties): Properties {
    const parsed = this.#definition(type).inputs.safeParse(inputs);
    // An archive's path is no part of the shape's business.
    return parsed.success ? { ...(parsed.data as Properties), ...(inputs.code !== undefined && { code: inputs.code }) } : inputs;
  }

  /** Inputs, and what AWS tells of what it made. */
  async #outputs(
    call: ResourceCall,
    made: { readonly id: string; readonly news: Properties; readonly wanted: { readonly inputs: Properties }; readonly secrets: Secrets },
  ): Promise<Properties> {
    const { inputs } = made.wanted;
    const told = (await asAws(this.#type(call.type).read({ id: made.id, urn: call.urn, inputs }, call))) ?? {};
    const { scope, taggable } = this.#definition(call.type);
    const { tags = {} } = inputs;
    const outputs = {
      ...inputs,
      ...(scope !== 'account' && { region: call.place.region }),
      ...(taggable && { tags, tagsAll: tags }),
      // AWS's answer in the program's words where both say the same.
      ...Object.fromEntries(Object.entries(told).filter(([key, value]) => !(key in inputs && same(value, inputs[key])))),
    };
    const assets = Object.fromEntries(Object.entries(made.news).filter(([, value]) => isAsset(value)));
    return { ...made.secrets.mark(outputs, []), ...assets };
  }
}

function revealed(properties: Properties): Properties {
  return takeSecrets(properties).revealed;
}

/** An archive is its content, wherever a release lies. */
function equal(one: unknown, other: unknown): boolean {
  return isAsset(one) && isAsset(other) ? one.hash === other.hash : isDeepStrictEqual(one, other);
}

/** Errors of the SDK by the names that AWS gives them. */
async function asAws<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { readonly $metadata?: unknown };
    throw $metadata === undefined ? error : new AwsError(name, message);
  }
}

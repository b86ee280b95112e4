import { isDeepStrictEqual } from 'node:util';

import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

import { statusOf } from '../../sandbox/door/grpc-status';
import { fromStruct, toStruct } from '../../sandbox/door/wire';
import type { Properties } from '../../sandbox/resource-type';
import { typeOfUrn } from '../../sandbox/urn';

import type { OrganizationType } from './organization-types';

/**
 * An `aws` provider for the organisation's program. What AWS refuses something of is carried out by `types`; all else is kept in memory. Only a
 * bucket that is there can be taken over.
 */
export class OrganizationProvider {
  /** As `PULUMI_DEBUG_PROVIDERS` wants it. */
  attach = '';
  /** What was done, as `create <type>`. */
  readonly done: string[] = [];
  readonly #server = new Server();
  readonly #bucketExists: (bucket: string) => Promise<boolean>;
  readonly #types: ReadonlyMap<string, OrganizationType>;

  constructor(bucketExists: (bucket: string) => Promise<boolean>, types: ReadonlyMap<string, OrganizationType> = new Map()) {
    this.#bucketExists = bucketExists;
    this.#types = types;
    const empty = () => new Empty();
    this.#server.addService(ResourceProviderService, {
      getPluginInfo: answer(() => new PluginInfo()),
      attach: answer(empty),
      handshake: answer(() => new provider.ProviderHandshakeResponse()),
      getSchema: answer(() => new provider.GetSchemaResponse()),
      checkConfig: answer((request: provider.CheckRequest) => checked(request)),
      diffConfig: answer((request: provider.DiffRequest) => difference(request)),
      configure: answer(() => {
        const response = new provider.ConfigureResponse();
        response.setSupportspreview(true);
        return response;
      }),
      cancel: answer(empty),
      getMapping: answer(() => new provider.GetMappingResponse()),
      getMappings: answer(() => new provider.GetMappingsResponse()),
      check: answer((request: provider.CheckRequest) => checked(request)),
      diff: answer((request: provider.DiffRequest) => difference(request, this.#types.get(typeOf(request)))),
      create: answer((request: provider.CreateRequest) => this.#create(request)),
      read: answer((request: provider.ReadRequest) => this.#read(request)),
      update: answer((request: provider.UpdateRequest) => this.#update(request)),
      delete: answer(async (request: provider.DeleteRequest) => {
        this.done.push(`delete ${typeOf(request)}`);
        const outputs = fromStruct(request.getProperties());
        await this.#types.get(typeOf(request))?.delete?.({ id: request.getId(), outputs }, fromStruct(request.getOldInputs()));
        return new Empty();
      }),
      ...Object.fromEntries(['invoke', 'call', 'parameterize', 'construct', 'list'].map((name) => [name, unknownCall(name)])),
    });
  }

  async listen(): Promise<this> {
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    this.attach = `aws:${port}`;
    return this;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  async #create(request: provider.CreateRequest): Promise<provider.CreateResponse> {
    const inputs = fromStruct(request.getProperties());
    const response = new provider.CreateResponse();
    if (request.getPreview()) {
      response.setProperties(toStruct(inputs));
      return response;
    }
    this.done.push(`create ${typeOf(request)}`);
    const made = await this.#types.get(typeOf(request))?.create(inputs);
    response.setId(made?.id ?? nameOf(inputs));
    response.setProperties(toStruct({ ...outputsOf(typeOf(request), inputs), ...made?.outputs }));
    return response;
  }

  async #update(request: provider.UpdateRequest): Promise<provider.UpdateResponse> {
    const [inputs, olds] = [fromStruct(request.getNews()), fromStruct(request.getOlds())];
    const response = new provider.UpdateResponse();
    response.setProperties(toStruct({ ...outputsOf(typeOf(request), inputs), ...(typeof olds.arn === 'string' && { arn: olds.arn }) }));
    if (request.getPreview()) return response;
    this.done.push(`update ${typeOf(request)}`);
    await this.#types.get(typeOf(request))?.update?.(inputs, { id: request.getId(), outputs: olds });
    return response;
  }

  async #read(request: provider.ReadRequest): Promise<provider.ReadResponse> {
    const bucket = request.getId();
    const response = new provider.ReadResponse();
    if (typeOf(request) !== 'aws:s3/bucket:Bucket' || !(await this.#bucketExists(bucket))) return response;
    this.done.push(`import ${bucket}`);
    response.setId(bucket);
    response.setInputs(toStruct({ bucket }));
    response.setProperties(toStruct(outputsOf(typeOf(request), { bucket })));
    return response;
  }
}

function typeOf(request: { getUrn(): string }): string {
  return typeOfUrn(request.getUrn());
}

function outputsOf(type: string, inputs: Properties): Properties {
  const arn = `arn:aws:${type.split(/[:/]/)[1] ?? ''}:eu-west-1:0:${nameOf(inputs)}`;
  return { arn, keyId: 'made', ...inputs };
}

function nameOf({ name, bucket }: Properties): string {
  if (typeof name === 'string') return name;
  return typeof bucket === 'string' ? bucket : 'made';
}

function checked(request: provider.CheckRequest): provider.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

/** Like the provider's, it goes by what AWS told last of a resource, where that is told. */
function difference(request: provider.DiffRequest, type?: OrganizationType): provider.DiffResponse {
  const [outputs, inputs, news] = [fromStruct(request.getOlds()), fromStruct(request.getOldInputs()), fromStruct(request.getNews())];
  const olds = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, outputs[key] ?? value]));
  const keys = Object.keys({ ...olds, ...news }).filter((key) => !isDeepStrictEqual(plain(olds[key]), plain(news[key])));
  const replaces = keys.filter((key) => type?.replaceOn.includes(key));
  const response = new provider.DiffResponse();
  response.setChanges(keys.length > 0 ? provider.DiffResponse.DiffChanges.DIFF_SOME : provider.DiffResponse.DiffChanges.DIFF_NONE);
  response.setDiffsList(keys);
  response.setReplacesList(replaces);
  return response;
}

/** JSON texts are compared by what they say. */
function plain(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

function unknownCall(name: string) {
  return (_call: unknown, reply?: sendUnaryData<never>) => reply?.({ code: status.UNIMPLEMENTED, details: `no ${name} here` });
}

/** Carries one call out. */
function answer<Request, Response>(carryOut: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(carryOut)
      .then(
        (response) => reply(null, response),
        (error: unknown) => reply(statusOf(error)),
      );
  };
}

import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

import { fromStruct, toStruct } from '../../sandbox/door/wire';
import type { Properties } from '../../sandbox/resource-type';
import { typeOfUrn } from '../../sandbox/urn';

/**
 * An `aws` provider for the organisation's program that keeps in memory what it is asked to make: no emulator has StackSets, budgets and tag
 * policies. Only a bucket that is there can be taken over.
 */
export class OrganizationProvider {
  /** As `PULUMI_DEBUG_PROVIDERS` wants it. */
  attach = '';
  /** What was done, as `create <type>`. */
  readonly done: string[] = [];
  readonly #server = new Server();
  readonly #bucketExists: (bucket: string) => Promise<boolean>;

  constructor(bucketExists: (bucket: string) => Promise<boolean>) {
    this.#bucketExists = bucketExists;
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
      diff: answer((request: provider.DiffRequest) => difference(request)),
      create: answer((request: provider.CreateRequest) => this.#create(request)),
      read: answer((request: provider.ReadRequest) => this.#read(request)),
      update: answer((request: provider.UpdateRequest) => {
        this.done.push(`update ${typeOf(request)}`);
        const response = new provider.UpdateResponse();
        response.setProperties(toStruct(outputsOf(typeOf(request), fromStruct(request.getNews()))));
        return response;
      }),
      delete: answer((request: provider.DeleteRequest) => {
        this.done.push(`delete ${typeOf(request)}`);
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

  #create(request: provider.CreateRequest): provider.CreateResponse {
    const inputs = fromStruct(request.getProperties());
    this.done.push(`create ${typeOf(request)}`);
    const response = new provider.CreateResponse();
    response.setId(nameOf(inputs));
    response.setProperties(toStruct(outputsOf(typeOf(request), inputs)));
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

function difference(request: provider.DiffRequest): provider.DiffResponse {
  const [olds, news] = [fromStruct(request.getOldInputs()), fromStruct(request.getNews())];
  const keys = Object.keys({ ...olds, ...news }).filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
  const response = new provider.DiffResponse();
  response.setChanges(keys.length > 0 ? provider.DiffResponse.DiffChanges.DIFF_SOME : provider.DiffResponse.DiffChanges.DIFF_NONE);
  response.setDiffsList(keys);
  return response;
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
        (error: unknown) => reply({ code: status.UNKNOWN, details: String(error) }),
      );
  };
}

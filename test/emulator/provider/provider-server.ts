import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { AwsError } from '../../../sandbox/aws-error';
import { statusOf } from '../../../sandbox/door/grpc-status';
import type { Difference } from '../../../sandbox/door/stack-calls';
import { takeSecrets } from '../../../sandbox/secrets';
import { fromStruct, toStruct } from '../../../sandbox/door/wire';
import type { Properties } from '../../../sandbox/resource-type';
import { typeOfUrn } from '../../../sandbox/urn';

import { Operations, type ResourceCall } from './operations';
import { assumedClients, type AwsAt } from './service-clients';

type Configured = Omit<ResourceCall, 'urn' | 'type'>;

/** An `aws` provider for the real engine: resources are made through the AWS SDK, with the role that the program's provider names. */
export class ProviderServer {
  /** `PULUMI_DEBUG_PROVIDERS=aws:<port>`. */
  port = 0;
  readonly #at: AwsAt & { readonly organizationId: string };
  readonly #operations = new Operations();
  readonly #server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  /** By the engine's connection: each `aws.Provider` of each run has its own. */
  readonly #configured = new Map<string, Configured>();

  constructor(at: AwsAt & { readonly organizationId: string }) {
    this.#at = at;
    this.#server.addService(ResourceProviderService, { ...this.#introductions(), ...this.#resources() });
  }

  /** Types of resources that exist nowhere but here. */
  get keptTypes(): readonly string[] {
    return this.#operations.keptTypes;
  }

  /** Resources that exist nowhere but here: type, account, region and id. */
  get kept(): readonly string[] {
    return this.#operations.kept;
  }

  async listen(): Promise<this> {
    this.port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
    });
    return this;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #introductions() {
    return {
      getPluginInfo: answer(() => new PluginInfo()),
      attach: answer(() => new Empty()),
      handshake: answer(() => {
        const response = new provider.ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        return response;
      }),
      getSchema: answer(() => {
        const response = new provider.GetSchemaResponse();
        response.setSchema(JSON.stringify({ name: 'aws', resources: {} }));
        return response;
      }),
      checkConfig: answer((request: provider.CheckRequest) => checked(fromStruct(request.getNews()))),
      diffConfig: answer((request: provider.DiffRequest) => {
        const [olds, news] = [fromStruct(request.getOldInputs()), fromStruct(request.getNews())];
        const keys = Object.keys({ ...olds, ...news }).filter((key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]));
        return differenceOf({ keys, replaceKeys: [], deleteBeforeReplace: false });
      }),
      configure: answer(async (request: provider.ConfigureRequest, peer) => {
        this.#configured.set(peer, await this.#configure(takeSecrets(fromStruct(request.getArgs())).revealed));
        const response = new provider.ConfigureResponse();
        response.setAcceptsecrets(true);
        response.setSupportspreview(true);
        return response;
      }),
      cancel: answer(() => new Empty()),
      getMapping: answer(() => new provider.GetMappingResponse()),
      getMappings: answer(() => new provider.GetMappingsResponse()),
      ...Object.fromEntries(
        ['invoke', 'call', 'parameterize', 'construct', 'list'].map((name) => [
          name,
          (_call: unknown, reply?: sendUnaryData<never>) => reply?.({ code: status.UNIMPLEMENTED, details: `no ${name} here` }),
        ]),
      ),
    };
  }

  #resources() {
    const operations = this.#operations;
    return {
      check: answer((request: provider.CheckRequest, peer) =>
        checked(operations.check(this.#call(request, peer), fromStruct(request.getNews()))),
      ),
      diff: answer((request: provider.DiffRequest, peer) => {
        const recorded = { id: request.getId(), inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getOlds()) };
        return differenceOf(operations.diff(this.#call(request, peer), recorded, fromStruct(request.getNews())));
      }),
      create: answer(async (request: provider.CreateRequest, peer, signal) => {
        const options = { signal, preview: request.getPreview() };
        const { id, outputs } = await operations.create(this.#call(request, peer), fromStruct(request.getProperties()), options);
        const response = new provider.CreateResponse();
        response.setId(id);
        response.setProperties(toStruct(outputs));
        return response;
      }),
      update: answer(async (request: provider.UpdateRequest, peer, signal) => {
        const recorded = { id: request.getId(), inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getOlds()) };
        const wanted = { news: fromStruct(request.getNews()), options: { signal, preview: request.getPreview() } };
        const response = new provider.UpdateResponse();
        response.setProperties(toStruct((await operations.update(this.#call(request, peer), recorded, wanted)).outputs));
        return response;
      }),
      delete: answer(async (request: provider.DeleteRequest, peer) => {
        const recorded = { id: request.getId(), inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getProperties()) };
        await operations.delete(this.#call(request, peer), recorded);
        return new Empty();
      }),
      read: answer(async (request: provider.ReadRequest, peer) => {
        const recorded = { id: request.getId(), inputs: fromStruct(request.getInputs()), outputs: fromStruct(request.getProperties()) };
        const there = await operations.read(this.#call(request, peer), recorded);
        const response = new provider.ReadResponse();
        if (there) {
          response.setId(there.id);
          response.setInputs(toStruct(there.inputs));
          response.setProperties(toStruct(there.outputs));
        }
        return response;
      }),
    };
  }

  async #configure(inputs: Properties): Promise<Configured> {
    const region = regionSchema.parse(inputs.region);
    const [role] = nested<readonly { readonly roleArn: string }[]>(inputs.assumeRoles) ?? [];
    if (!role) throw new AwsError('InvalidConfiguration', 'every deployment goes through an assumed role');
    const { clients, account } = await assumedClients(role.roleArn, { ...this.#at, region });
    if (!nested<readonly string[]>(inputs.allowedAccountIds)?.includes(account))
      throw new AwsError('InvalidConfiguration', `AWS account ID not allowed: ${account}`);
    const { organizationId } = this.#at;
    const defaultTags = nested<{ readonly tags?: Properties }>(inputs.defaultTags)?.tags ?? {};
    return { clients, place: { account: accountIdSchema.parse(account), region, organizationId }, defaultTags };
  }

  #call(request: { getUrn(): string; getType(): string }, peer: string): ResourceCall {
    const configured = this.#configured.get(peer);
    const urn = request.getUrn();
    if (!configured) throw new Error(`${urn} was asked of a provider that is not configured`);
    return { ...configured, urn, type: request.getType() || typeOfUrn(urn) };
  }
}

/** Carries one call out and turns what it throws into a status. */
function answer<Request, Response>(carryOut: (request: Request, peer: string, signal: AbortSignal) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
    const dropped = new AbortController();
    call.on('cancelled', () => dropped.abort());
    const run = async () => carryOut(call.request, call.getPeer(), dropped.signal);
    run().then(
      (response) => reply(null, response),
      (error: unknown) => reply(statusOf(error)),
    );
  };
}

function checked(inputs: Properties): provider.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(toStruct(inputs));
  return response;
}

function differenceOf({ keys, replaceKeys, deleteBeforeReplace }: Difference): provider.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse();
  response.setChanges(keys.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...keys]);
  response.setReplacesList([...replaceKeys]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  return response;
}

function nested<Value>(value: unknown): Value | undefined {
  return (typeof value === 'string' ? JSON.parse(value) : value) as Value | undefined;
}

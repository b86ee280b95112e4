import { setMaxListeners } from 'node:events';

import { Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';

import { assetHasher } from '../asset-hash';
import { ProviderCrash, destinationOf, type ProviderConfiguration } from '../provider';
import type { Properties } from '../resource-type';
import { takeSecrets } from '../secrets';
import { typeOfUrn } from '../urn';

import { statusOf } from './grpc-status';
import type { CallOptions, DoorParts, DoorStack, ResourceCall } from './stack-calls';
import { StackOperations } from './stack-operations';
import { fromStruct, holdsUnknown, toStruct } from './wire';

export type { DoorParts, DoorStack } from './stack-calls';

/** A door that is open. */
export interface ProviderDoor {
  /** On the loopback interface: `PULUMI_DEBUG_PROVIDERS=aws:<port>`. */
  readonly port: number;
  /** Why the provider ended in mid-operation (sandbox fault `crash`); null while it has not. */
  readonly crashed: string | null;
  /** Stops what is under way and lets nobody in any more. */
  close(): Promise<void>;
}

/** One of the engine's connections: each `aws.Provider` of a program has its own. */
interface Connection {
  configured: ProviderConfiguration | undefined;
  readonly cancel: AbortController;
}

/** Deployments of a thousand resources with policies in them are well within this. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** Opens the simulated provider to the engine that deploys one stack. Only this machine can reach it. */
export async function openProviderDoor(parts: DoorParts, stack: DoorStack): Promise<ProviderDoor> {
  const door = new Door(parts, stack);
  await door.listen();
  return door;
}

class Door implements ProviderDoor {
  port = 0;
  crashed: string | null = null;
  readonly #parts: DoorParts;
  readonly #stack: DoorStack;
  readonly #operations: StackOperations;
  readonly #connections = new Map<string, Connection>();
  readonly #server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  });

  constructor(parts: DoorParts, stack: DoorStack) {
    this.#parts = parts;
    this.#stack = stack;
    this.#operations = new StackOperations(parts, stack, assetHasher());
  }

  listen(): Promise<void> {
    this.#server.addService(ResourceProviderService, this.#methods());
    return new Promise((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
        this.port = port;
        if (error) reject(error);
        else resolve();
      });
    });
  }

  close(): Promise<void> {
    for (const { cancel } of this.#connections.values()) cancel.abort();
    this.#server.forceShutdown();
    return Promise.resolve();
  }

  #methods() {
    return {
      ...this.#introductions(),
      check: this.#answer((request: provider.CheckRequest, connection) => {
        const call = callOf(request, connection);
        const response = new provider.CheckResponse();
        response.setInputs(toStruct(this.#operations.check(call, fromStruct(request.getNews()), fromStruct(request.getOlds()))));
        return response;
      }),
      diff: this.#answer((request: provider.DiffRequest, connection) => {
        const recorded = { id: request.getId(), inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getOlds()) };
        const news = fromStruct(request.getNews());
        const { keys, replaceKeys, deleteBeforeReplace } = this.#operations.diff(callOf(request, connection), recorded, news);
        return differenceOf({ keys, replaceKeys, deleteBeforeReplace, olds: recorded.inputs, news });
      }),
      create: this.#answer(async (request: provider.CreateRequest, connection, signal) => {
        const options: CallOptions = { signal, preview: request.getPreview() };
        const { id, outputs } = await this.#operations.create(callOf(request, connection), fromStruct(request.getProperties()), options);
        const response = new provider.CreateResponse();
        response.setId(id);
        response.setProperties(toStruct(outputs));
        return response;
      }),
      update: this.#answer(async (request: provider.UpdateRequest, connection, signal) => {
        const recorded = { id: request.getId(), inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getOlds()) };
        const wanted = { news: fromStruct(request.getNews()), options: { signal, preview: request.getPreview() } };
        const { outputs } = await this.#operations.update(callOf(request, connection), recorded, wanted);
        const response = new provider.UpdateResponse();
        response.setProperties(toStruct(outputs));
        return response;
      }),
      delete: this.#answer(async (request: provider.DeleteRequest, connection, signal) => {
        const recorded = { id: request.getId(), inputs: fromStruct(request.getOldInputs()), outputs: fromStruct(request.getProperties()) };
        await this.#operations.delete(callOf(request, connection), recorded, { signal });
        return new Empty();
      }),
      read: this.#answer((request: provider.ReadRequest, connection) => {
        const recorded = { id: request.getId(), inputs: fromStruct(request.getInputs()), outputs: fromStruct(request.getProperties()) };
        const there = this.#operations.read(callOf(request, connection), recorded);
        const response = new provider.ReadResponse();
        // No id: it is not there any more.
        response.setId(there?.id ?? '');
        if (there) {
          response.setInputs(toStruct(there.inputs));
          response.setProperties(toStruct(there.outputs));
        }
        return response;
      }),
    };
  }

  /** What is said before resources are, and what is refused. */
  #introductions() {
    return {
      getPluginInfo: this.#answer(() => {
        const response = new PluginInfo();
        response.setVersion(this.#stack.providerVersion ?? '');
        return response;
      }),
      attach: this.#answer(() => new Empty()),
      handshake: this.#answer(() => {
        const response = new provider.ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        return response;
      }),
      getSchema: this.#answer(() => {
        const response = new provider.GetSchemaResponse();
        response.setSchema(JSON.stringify({ name: 'aws', resources: {} }));
        return response;
      }),
      checkConfig: this.#answer((request: provider.CheckRequest) => {
        const news = fromStruct(request.getNews());
        // Said here, a refusal names the provider of the program.
        if (!holdsUnknown(news)) this.#parts.provider.configure(takeSecrets(news).revealed, this.#stack.target);
        const response = new provider.CheckResponse();
        response.setInputs(toStruct(news));
        return response;
      }),
      diffConfig: this.#answer((request: provider.DiffRequest) => {
        const olds = fromStruct(request.getOldInputs());
        const news = fromStruct(request.getNews());
        const keys = changedKeys(olds, news);
        const [before, after] = [olds, news].map((inputs) => destinationOf(takeSecrets(inputs).revealed));
        const replaceKeys = [
          ...(before?.account === after?.account ? [] : ['assumeRoles']),
          ...(before?.region === after?.region ? [] : ['region']),
        ];
        return differenceOf({ keys, replaceKeys, deleteBeforeReplace: false, olds, news });
      }),
      configure: this.#answer((request: provider.ConfigureRequest, connection) => {
        connection.configured = this.#parts.provider.configure(takeSecrets(fromStruct(request.getArgs())).revealed, this.#stack.target);
        const response = new provider.ConfigureResponse();
        response.setAcceptsecrets(true);
        response.setSupportspreview(true);
        return response;
      }),
      cancel: this.#answer((_request: Empty, connection) => {
        connection.cancel.abort();
        return new Empty();
      }),
      invoke: this.#answer((request: provider.InvokeRequest) => refuse(`the sandbox answers no look-up, and ${request.getTok()} is one`)),
      call: this.#answer((request: provider.CallRequest) => refuse(`the sandbox has no method ${request.getTok()}`)),
      parameterize: this.#answer(() => refuse('the aws provider takes no parameters')),
      construct: this.#answer(() => refuse('the aws provider makes no components')),
      getMapping: this.#answer(() => new provider.GetMappingResponse()),
      getMappings: this.#answer(() => new provider.GetMappingsResponse()),
      list: (call: { emit(event: 'error', error: object): void }) =>
        call.emit('error', { code: status.UNIMPLEMENTED, details: 'the sandbox lists nothing' }),
    };
  }

  /** Carries one call out and turns what it throws into a status. */
  #answer<Request, Response>(carryOut: (request: Request, connection: Connection, signal: AbortSignal) => Response | Promise<Response>) {
    return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
      const connection = this.#connectionOf(call.getPeer());
      const dropped = new AbortController();
      call.on('cancelled', () => dropped.abort());
      const signal = AbortSignal.any([connection.cancel.signal, dropped.signal]);
      const run = async () => carryOut(call.request, connection, signal);
      run().then(
        (response) => reply(null, response),
        (error: unknown) => {
          if (error instanceof ProviderCrash) this.#crash(error);
          else reply(statusOf(error, redactorOf(call.request)));
        },
      );
    };
  }

  /** As a provider whose process ended: every call under way and every later one finds nobody. */
  #crash(crash: ProviderCrash): void {
    this.crashed ??= crash.message;
    void this.close();
  }

  #connectionOf(peer: string): Connection {
    const connection = this.#connections.get(peer) ?? { configured: undefined, cancel: new AbortController() };
    // Every operation under way listens for the abort, and lets go when it ends.
    setMaxListeners(0, connection.cancel.signal);
    this.#connections.set(peer, connection);
    return connection;
  }
}

function callOf(request: { getUrn(): string; getType(): string }, { configured }: Connection): ResourceCall {
  const urn = request.getUrn();
  if (!configured) throw new Error(`${urn} was asked of a provider that is not configured`);
  // Older engines name the type in the URN alone.
  return { urn, type: request.getType() || typeOfUrn(urn), configured };
}

function refuse(message: string): never {
  throw new Error(message);
}

function changedKeys(olds: Properties, news: Properties): readonly string[] {
  const text = (value: unknown) => JSON.stringify(value);
  return [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((key) => text(olds[key]) !== text(news[key])).sort();
}

function differenceOf(difference: {
  readonly keys: readonly string[];
  readonly replaceKeys: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly olds: Properties;
  readonly news: Properties;
}): provider.DiffResponse {
  const { keys, replaceKeys, deleteBeforeReplace, olds, news } = difference;
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse();
  response.setChanges(keys.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...keys]);
  response.setReplacesList([...replaceKeys]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = provider.PropertyDiff.Kind;
  for (const key of keys) {
    const replaces = replaceKeys.includes(key);
    const one = new provider.PropertyDiff();
    if (!(key in olds)) one.setKind(replaces ? ADD_REPLACE : ADD);
    else if (!(key in news)) one.setKind(replaces ? DELETE_REPLACE : DELETE);
    else one.setKind(replaces ? UPDATE_REPLACE : UPDATE);
    one.setInputdiff(true);
    response.getDetaileddiffMap().set(key, one);
  }
  return response;
}

/** What a request carries that no message may show. */
function redactorOf(request: unknown): (text: string) => string {
  const structs = ['getProperties', 'getNews', 'getOlds', 'getInputs', 'getOldInputs', 'getArgs'].map((getter) => {
    const get = (request as Readonly<Record<string, (() => Parameters<typeof fromStruct>[0]) | undefined>>)[getter];
    return get ? fromStruct(get.call(request)) : {};
  });
  return takeSecrets({ structs }).redact;
}

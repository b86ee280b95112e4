import type * as z from 'zod';

import type { AccountId, Region } from '../contracts/ids';

/** Plain resource inputs or outputs. Secret values arrive revealed; the engine masks them wherever they are kept or shown. */
export type Properties = Readonly<Record<string, unknown>>;

/** Where an API call lands: the account of the assumed role and the provider's region. */
export interface Place {
  readonly account: AccountId;
  readonly region: Region;
  readonly organizationId: string;
}

/** A resource that exists in the simulated organisation. */
export interface WorldResource {
  readonly type: string;
  readonly account: AccountId;
  /** The region it was made in, also for resources whose name space is the account or the world. */
  readonly region: Region;
  /** Physical name inside its name space. */
  readonly key: string;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Stack and URN that made it. */
  readonly owner: string;
  /** Real milliseconds of its making and of its last change. */
  readonly madeAt: number;
  readonly changedAt: number;
  /** What was deleted of it by a call of its own (versions of a function): an engine's record of it does not know. @default nothing */
  readonly deletedParts?: readonly string[];
}

/** What was last deployed on a target, as far as AWS is concerned: whose code runs there. */
export interface WorldDeployment {
  readonly target: string;
  readonly account: AccountId;
  readonly fingerprint: string;
  /** Real milliseconds. */
  readonly at: number;
}

/** How wide AWS's name space for a type's physical names is (AWS.md C1). */
export type Scope = 'region' | 'account' | 'world';

/** What an API of AWS can see when it decides. Read only. */
export interface WorldView {
  /** By physical name, from a place and in the type's own scope. */
  find(type: string, key: string, place: Place): WorldResource | undefined;
  /** By ARN, in any account and region. */
  byArn(arn: string): WorldResource | undefined;
  /** All of a type in the place's account and region (whole account for types of account scope). */
  list(type: string, place: Place): readonly WorldResource[];
  /** Simulated seconds since a resource of this type and name was deleted here; undefined if it never was. */
  secondsSinceDeleted(type: string, key: string, place: Place): number | undefined;
  /** Real milliseconds at which the last one of this type and name was deleted here; undefined if none ever was. */
  deletedAt(type: string, key: string, place: Place): number | undefined;
  /** The account's limit of concurrent Lambda executions in any region. */
  lambdaConcurrency(account: AccountId): number;
  /** Is this an account of the organisation, whatever its state. */
  isMember(account: AccountId): boolean;
}

/** AWS says no: the error name the service uses (`InvalidParameterValueException`) and its message. */
export interface Refusal {
  readonly name: string;
  readonly message: string;
}

/** What a type computes with. Deterministic: the same earlier state and inputs give the same result. */
export interface RenderContext {
  readonly place: Place;
  /** The physical resource as it stands; undefined on create and on replacement. */
  readonly prior: { readonly id: string; readonly inputs: Properties; readonly outputs: Properties } | undefined;
  /** Outputs of the one that last bore this name here and was deleted: AWS goes on counting where that ended. Only for `render`. */
  readonly deleted?: Properties | undefined;
  /** Lower-case hexadecimal that is stable for this resource instance and purpose; a replacement gets another. */
  random(purpose: string, length: number): string;
}

/** A call about to be carried out. */
export interface ChangeRequest {
  readonly op: 'create' | 'update' | 'delete';
  readonly place: Place;
  /** For `delete`: the inputs it was made with. */
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly prior: { readonly inputs: Properties; readonly outputs: Properties } | undefined;
}

/**
 * One resource type of the simulated AWS: shapes and limits as AWS publishes them, never "what our programs happen to send".
 */
export interface ResourceType {
  /** Pulumi type token, as `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** Every input the provider knows for the type and this sandbox implements; others are refused by name. Ranges and patterns are AWS's. */
  readonly inputs: z.ZodType;
  /** Error name for inputs outside the published shape, as the service words it. */
  readonly invalid: string;
  /** Inputs whose change forces a replacement, from the provider's schema. */
  readonly replaceOn: readonly string[];
  /** Takes tags: the provider merges its default tags into `tags`. */
  readonly taggable: boolean;
  readonly scope: Scope;
  /** What create does where the name is taken by somebody else (AWS.md C1). */
  readonly onTaken: { readonly refuse: string } | 'adopt' | 'overwrite';
  /** Simulated seconds an operation takes, waits of the provider included. */
  readonly seconds: { readonly create: number; readonly update: number; readonly delete: number };
  /** A refusal that the provider itself waits out, for at most so many simulated seconds. */
  readonly waitsOut?: { readonly name: string; readonly seconds: number };
  /** Physical name from inputs (after defaults). */
  readonly key: (inputs: Properties, context: RenderContext) => string;
  /** Id and outputs: the inputs with defaults, plus what AWS computes (arn, url, version ...). Pure. `key` is the physical name. */
  readonly render: (
    inputs: Properties,
    context: RenderContext & { readonly key: string },
  ) => { readonly id: string; readonly outputs: Properties };
  /** What AWS refuses, beyond the shape: references that do not exist, permissions, quotas, states. */
  readonly refuse?: (request: ChangeRequest & { readonly key: string }, world: WorldView) => Refusal | undefined;
}

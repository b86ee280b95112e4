import type { Place, WorldResource, WorldView } from '../../resource-type';

import { arnOf, parseArn } from './arn';
import { LATEST, publishedVersions, type PublishedVersion } from './lambda-versions';
import { computeTokens } from './compute-tokens';

/** A function as Lambda's API lets it be named: `name`, `name:qualifier`, `account:function:name` or an ARN with or without qualifier. */
export interface FunctionReference {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly qualifier: string | undefined;
}

const NAME = /^(?:(?:(\d{12}):)?function:)?([a-zA-Z0-9-_]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

/** Pattern of a function name or ARN, from the API. */
export const functionNamePattern =
  /^(arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:|(\d{12}:)?function:)?[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?$/;

/** Reads a function's name or ARN as seen from a place. */
export function parseFunctionName(text: string, place: Pick<Place, 'account' | 'region'>): FunctionReference | undefined {
  const arn = parseArn(text);
  const match = NAME.exec(arn ? arn.resource : text);
  const [, account, name, qualifier] = match ?? [];
  if (name === undefined || (arn && arn.service !== 'lambda')) return undefined;
  return { account: arn?.account ?? account ?? place.account, region: arn?.region ?? place.region, name, qualifier };
}

/** ARN of a function, with its qualifier where it has one. */
export function functionArn(reference: Pick<FunctionReference, 'name' | 'qualifier'>, place: Pick<Place, 'account' | 'region'>): string {
  return arnOf('lambda', `function:${reference.name}${reference.qualifier === undefined ? '' : `:${reference.qualifier}`}`, place);
}

/** A function that exists, and what its qualifier stands for. */
export interface FoundFunction {
  readonly reference: FunctionReference;
  readonly resource: WorldResource;
}

/** Looks up a function of the place's own account and region; undefined where it, its version or its alias does not exist. */
export function findFunction(text: string, place: Place, world: WorldView): FoundFunction | undefined {
  const reference = parseFunctionName(text, place);
  if (reference?.account !== place.account || reference.region !== place.region) return undefined;
  const resource = world.find(computeTokens.function, reference.name, place);
  return resource && qualifierExists(resource, { qualifier: reference.qualifier, place }, world) ? { reference, resource } : undefined;
}

/** Is the qualifier `$LATEST`, a published version or an alias of the function (none at all counts as `$LATEST`). */
export function qualifierExists(
  resource: WorldResource,
  sought: { readonly qualifier: string | undefined; readonly place: Place },
  world: WorldView,
): boolean {
  const { qualifier, place } = sought;
  if (qualifier === undefined || qualifier === LATEST) return true;
  return (
    findVersion(resource, qualifier) !== undefined || world.find(computeTokens.alias, `${resource.key}:${qualifier}`, place) !== undefined
  );
}

/** A published version of a function. */
export function findVersion(resource: WorldResource, version: string): PublishedVersion | undefined {
  return standingVersions(resource).find((published) => published.version === version);
}

/** Published versions that were not deleted since, oldest first. */
export function standingVersions({ outputs, deletedParts = [] }: WorldResource): readonly PublishedVersion[] {
  return publishedVersions(outputs).filter(({ version }) => !deletedParts.includes(version));
}

import { AwsError } from './aws-error';
import type { FaultBook } from './fault-book';
import type { Place, WorldResource } from './resource-type';
import { computeTokens } from './types/common/compute-tokens';
import { functionArn, parseFunctionName, standingVersions } from './types/common/function-reference';
import { LATEST } from './types/common/lambda-versions';
import type { World } from './world';

/** What Lambda's own API answers from. */
export interface SimulatedLambdaParts {
  readonly world: World;
  /** `delete-fails` on functions strikes the deletion of a version as well. */
  readonly faults: FaultBook;
}

/** An alias and the versions that it sends orders to. */
export interface FunctionAlias {
  readonly name: string;
  readonly versions: readonly string[];
}

/** The calls of Lambda's API that deal with versions and that no program makes. All throw {@link AwsError}. */
export class SimulatedLambda {
  readonly #parts: SimulatedLambdaParts;

  constructor(parts: SimulatedLambdaParts) {
    this.#parts = parts;
  }

  /** Published versions, oldest first. */
  listVersions(functionName: string, place: Place): readonly string[] {
    return standingVersions(this.#function(functionName, place)).map(({ version }) => version);
  }

  listAliases(functionName: string, place: Place): readonly FunctionAlias[] {
    const { key } = this.#function(functionName, place);
    return this.#parts.world
      .list(computeTokens.alias, place)
      .filter(({ inputs }) => typeof inputs.functionName === 'string' && parseFunctionName(inputs.functionName, place)?.name === key)
      .map(({ outputs }) => ({ name: String(outputs.name), versions: versionsOf(outputs) }));
  }

  /** Deletes one published version; AWS refuses `$LATEST`, and a version that an alias names. */
  deleteVersion(functionName: string, version: string, { place, target }: { readonly place: Place; readonly target: string }): void {
    const found = this.#function(functionName, place);
    const arn = functionArn({ name: found.key, qualifier: version }, place);
    if (version === LATEST)
      throw new AwsError('InvalidParameterValueException', '$LATEST version cannot be deleted without deleting the function.');
    if (!standingVersions(found).some((one) => one.version === version)) throw notFound(arn);
    const alias = this.listAliases(functionName, place).find(({ versions }) => versions.includes(version));
    if (alias) throw new AwsError('ResourceConflictException', `${arn} cannot be deleted: alias ${alias.name} points to it`);
    this.#strike(target, found);
    this.#parts.world.deletePart(found, version);
  }

  #function(functionName: string, place: Place): WorldResource {
    const found = this.#parts.world.find(computeTokens.function, functionName, place);
    if (!found) throw notFound(functionArn({ name: functionName, qualifier: undefined }, place));
    return found;
  }

  #strike(target: string, { account }: WorldResource): void {
    const fingerprint = this.#parts.world.deployment({ id: target, account })?.fingerprint ?? '';
    const operation = { target, type: computeTokens.function, op: 'delete', purpose: 'forward', fingerprint } as const;
    if (this.#parts.faults.strikes(operation).some(({ kind }) => kind === 'delete-fails'))
      throw new AwsError('ServiceException', 'The request processing has failed because of an unknown error. (sandbox fault delete-fails)');
  }
}

function versionsOf({ functionVersion, routingConfig }: WorldResource['outputs']): readonly string[] {
  const { additionalVersionWeights = {} } = (routingConfig ?? {}) as { readonly additionalVersionWeights?: object };
  return [String(functionVersion), ...Object.keys(additionalVersionWeights)];
}

function notFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`);
}

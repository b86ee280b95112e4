import { isAwsError } from '../../sandbox/aws-error';
import type { Place } from '../../sandbox/resource-type';
import type { SimulatedLambda } from '../../sandbox/simulated-lambda';
import { FleetError } from '../errors';
import type { FunctionOfTarget, FunctionVersions } from '../ports';

/** Versions of the functions of a simulated organisation. */
export function sandboxFunctionVersions(lambda: SimulatedLambda, organizationId: string): FunctionVersions {
  const placeOf = ({ target: { account, region } }: FunctionOfTarget): Place => ({ account, region, organizationId });
  return {
    look: (of) =>
      answer('lambda:ListVersionsByFunction', of, () => ({
        published: lambda.listVersions(of.functionName, placeOf(of)),
        aliases: lambda.listAliases(of.functionName, placeOf(of)),
      })),
    remove: (of, version) =>
      answer('lambda:DeleteFunction', of, () => {
        const there = lambda.listVersions(of.functionName, placeOf(of)).includes(version);
        if (there) lambda.deleteVersion(of.functionName, version, { place: placeOf(of), target: of.target.id });
      }),
    close: () => Promise.resolve(),
  };
}

/** An answer of the simulated AWS, its errors as the fleet's. */
async function answer<Value>(call: string, { functionName, target }: FunctionOfTarget, ask: () => Value): Promise<Value> {
  try {
    return await Promise.resolve(ask());
  } catch (cause) {
    if (!isAwsError(cause)) throw cause;
    throw new FleetError(`aws/${cause.name}`, `${call} of ${functionName} in ${target.account} ${target.region} failed: ${cause.message}`, {
      cause,
    });
  }
}

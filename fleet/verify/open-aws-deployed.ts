import type { DeployedSource } from './deployed-source';
export function openAwsDeployed(_options: object): DeployedSource {
  throw new Error('not yet');
}

import { AwsServiceAccess } from '@pulumi/aws/organizations/awsServiceAccess';
import * as pulumi from '@pulumi/pulumi';

/** The services that the organisation trusts on the fleet's behalf. The organisation itself is never declared. */
export class TrustedAccess extends pulumi.ComponentResource {
  /** What must exist before a service is used: name these in `dependsOn`, since a component hands its own dependencies to no child. */
  readonly grants: readonly pulumi.Resource[];

  constructor(name: string, args: { readonly services: readonly string[] }, options: pulumi.ComponentResourceOptions) {
    super('fleet:organization:TrustedAccess', name, {}, options);
    this.grants = args.services.map(
      // Trust is shared with everything else in the organisation: it is given here, and never taken back.
      (servicePrincipal) =>
        new AwsServiceAccess(`${name}-${servicePrincipal}`, { servicePrincipal }, { parent: this, retainOnDelete: true }),
    );
    this.registerOutputs({});
  }
}

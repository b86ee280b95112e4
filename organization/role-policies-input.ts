/** What the policies of the fleet's roles depend on. */
export interface RolePoliciesInput {
  readonly fleet: string;
  /** Regions the fleet stands in; nothing regional may be made elsewhere. */
  readonly regions: readonly string[];
  readonly accounts: FleetAccounts;
  /** Path and name of the role that deploys: the boundary and the fleet's policies stand under its path. */
  readonly deployRole: string;
  /** Path and name of every role of the fleet itself. */
  readonly fleetRoles: readonly string[];
  readonly stateBucket: string;
  readonly stateKeyAlias: string;
}

/** The fleet's accounts by what they are for; every other one is a workload account. */
export interface FleetAccounts {
  readonly shared: string;
  readonly monitoring: string;
  /** ARNs of sinks that the fleet uses and did not make. */
  readonly sinks: readonly string[];
}

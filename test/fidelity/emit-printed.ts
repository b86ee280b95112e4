import { githubTrust, policyKinds, printedPolicy } from '../../fleet/bootstrap/printed-policies';
import { BUCKET, MANAGEMENT, bootstrapFile, fleetConfig } from '../fleet/bootstrap/bootstrap-fixture';

import type { EmittedResource, EmittedShape } from './findings';

/** What `fleet bootstrap --print-policy` prints, as the role that somebody makes of it. */
export function emitPrinted(): EmittedShape {
  const named = ['f', 'twenty-letters-fleet'];
  return {
    name: 'printed policies',
    targets: named.map((name) => ({ id: `the control account of ${name}`, resources: policyKinds.flatMap((kind) => roleOf(kind, name)) })),
  };
}

function roleOf(kind: (typeof policyKinds)[number], fleet: string): readonly EmittedResource[] {
  const policy = JSON.stringify(printedPolicy(kind, { config: fleetConfig({ name: fleet }), file: bootstrapFile(), bucket: BUCKET }));
  const inline = { type: 'aws:iam/rolePolicy:RolePolicy', name: `${kind}-policy`, inputs: { name: 'access', role: kind, policy } };
  if (kind !== 'ci') return [inline];
  const trust = githubTrust({ account: MANAGEMENT, repository: 'acme/order-fleet', environment: 'production' });
  return [inline, { type: 'aws:iam/role:Role', name: 'ci-role', inputs: { name: kind, assumeRolePolicy: JSON.stringify(trust) } }];
}

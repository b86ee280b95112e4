import type { ResourceValidationArgs, ResourceValidationPolicy, StackValidationPolicy } from '@pulumi/policy';

import { auditRules } from '../../contracts/audit/audit-rules';
import type { AuditedStack } from '../../contracts/audit/audited-stack';
import { policiesOf } from '../../policy-pack/policies';
import { cleanFoundation, cleanRegional, NOW, withChange } from '../contracts/audit/clean-stacks';

const policies = policiesOf(auditRules, () => NOW);

/** What the pack reports of a stack, as `policy name: message`. */
async function reported({ resources }: AuditedStack): Promise<readonly string[]> {
  const told: string[] = [];
  const args = resources.map(
    ({ type, name, urn, properties, protect }) =>
      ({ type, name, urn, props: properties, opts: { protect: protect === true } }) as unknown as ResourceValidationArgs,
  );
  for (const policy of policies) {
    const { validateResource } = policy as Partial<ResourceValidationPolicy>;
    const { validateStack } = policy as Partial<StackValidationPolicy>;
    if (Array.isArray(validateResource)) throw new Error('every policy has one check');
    for (const one of args)
      await validateResource?.(one, (message, urn) => void told.push(`${policy.name} ${urn ?? one.name}: ${message}`));
    await validateStack?.({ resources: args } as never, (message, urn) => void told.push(`${policy.name} ${urn?.split('::').at(-1) ?? '-'}: ${message}`)); // prettier-ignore
  }
  return told;
}

describe('the policy pack', () => {
  test('reports nothing of what the programs deploy', async () => {
    expect(await reported(await cleanRegional())).toEqual([]);
    expect(await reported(await cleanFoundation())).toEqual([]);
  });

  test('reports what the audit would find, of resources and of stacks', async () => {
    const regional = await cleanRegional();
    const open = withChange(regional, { type: 'aws:sqs/queue:Queue', name: 'order-queue' }, { sqsManagedSseEnabled: false });
    const public_ = withChange(open, { type: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock' }, { blockPublicAcls: false });

    expect(await reported(public_)).toEqual([
      'queue-encrypted order-queue: messages are not encrypted: sqsManagedSseEnabled is off and no key is set',
      'bucket-public archive-bucket: blockPublicAcls off',
    ]);
  });

  test('keeps critical and high violations back, and tells the others', () => {
    const enforced = Object.fromEntries(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel]));

    expect(enforced).toMatchObject({
      'bucket-public': 'mandatory',
      'queue-encrypted': 'mandatory',
      'log-retention': 'advisory',
      'table-expiry': 'advisory',
    });
  });

  test('has every rule but those that need to know the fleet', () => {
    const left = auditRules.map(({ id }) => id).filter((id) => policies.every(({ name }) => name !== id));

    expect(left.sort()).toEqual(['alarm-missing', 'customer-key', 'function-tracing', 'policy-foreign-account', 'tags-as-configured']);
  });
});

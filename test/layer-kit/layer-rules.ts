import { requiredTagKeys } from '../../contracts/tags';
import type { RecordedResource, Rendering } from '../../sandbox/recording-monitor';
import { resourceTypes } from '../../sandbox/types';
import { accountOf, awsResources, createdAt, tags, text } from './render-layer';

/** AWS's own name of a resource, by the input that carries it. */
const NAME_INPUTS = ['name', 'alarmName', 'dashboardName', 'bucket'] as const;

/** Rules that hold for every layer's program; throws with what breaks them. */
export function expectLayerRules(rendering: Rendering, accounts: readonly string[]): void {
  const resources = awsResources(rendering);
  expect(resources.length).toBeGreaterThan(0);

  expect(resources.filter(({ provider }) => provider === null).map(({ urn }) => urn)).toEqual([]);
  expect(resources.filter(({ parent }) => parent === null || parent.includes('::pulumi:pulumi:Stack::')).map(({ urn }) => urn)).toEqual([]);
  expect([...new Set(resources.map((resource) => accountOf(rendering, resource)))].sort()).toEqual([...accounts].sort());

  expect(resources.flatMap(({ unsupported }) => unsupported)).toEqual([]);
  expect(JSON.stringify(rendering)).not.toContain('Calling [toString]');

  const physical = resources.flatMap((resource) =>
    NAME_INPUTS.filter((input) => typeof resource.inputs[input] === 'string').map((input) =>
      // Bucket settings name the bucket they belong to; policies and aliases are named inside their role, function or key.
      [
        accountOf(rendering, resource),
        resource.type,
        text(resource.inputs[input]),
        text(resource.inputs.role ?? resource.inputs.functionName ?? ''),
      ].join(' '),
    ),
  );
  expect(physical.filter((name, index) => physical.indexOf(name) !== index)).toEqual([]);

  expect(resources.flatMap((resource) => shapeProblems(resource))).toEqual([]);

  for (const provider of rendering.resources.filter(({ type }) => type === 'pulumi:providers:aws')) expectProviderRules(provider.inputs);
}

function expectProviderRules(inputs: Readonly<Record<string, unknown>>): void {
  const [account] = JSON.parse(text(inputs.allowedAccountIds)) as readonly string[];
  expect(JSON.parse(text(inputs.assumeRoles))).toEqual([
    { roleArn: `arn:aws:iam::${account ?? ''}:role/fleet/deploy`, sessionName: 'fleet' },
  ]);
  const given = (JSON.parse(text(inputs.defaultTags)) as { readonly tags: Readonly<Record<string, string>> }).tags;
  expect(given).toEqual({ ...tags, ManagedBy: 'Pulumi', CreatedAt: createdAt });
  expect(Object.keys(given).sort()).toEqual([...requiredTagKeys].sort());
  expect(inputs.stsRegion).toBe('eu-west-1');
}

/** What AWS would not even read; the sandbox's types hold the shapes that AWS publishes. */
function shapeProblems(resource: RecordedResource): readonly string[] {
  const type = resourceTypes.find((known) => known.type === resource.type);
  if (!type) return [`${resource.type} is not simulated`];
  const { code } = resource.inputs;
  // The engine adds the hash of the code when it reads the files.
  const inputs = typeof code === 'object' ? { ...resource.inputs, code: { ...code, hash: 'a'.repeat(64) } } : resource.inputs;
  const parsed = type.inputs.safeParse(inputs);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${resource.urn} ${issue.path.join('.')}: ${issue.message}`);
}

import { foreseeOrganization } from '../../../fleet/bootstrap/foresee-organization';
import { noChanges, type EngineResult, type EngineStep } from '../../../fleet/ports';

import { BUCKET, bootstrapFile, facts, fleetConfig } from './bootstrap-fixture';

const step = (op: EngineStep['op'], name: string, keys: readonly string[] = []): EngineStep => ({
  ...{ op, name, keys, urn: `urn:${name}` },
  type: name === 'stack' ? 'pulumi:pulumi:Stack' : 'aws:sns/topic:Topic',
});
const succeeded: EngineResult = {
  status: 'succeeded',
  changes: noChanges,
  outputs: {},
  steps: [step('create', 'stack'), step('create', 'cost-topic'), step('update', 'other', ['tags']), step('same', 'third')],
};

function foresee(result: EngineResult, exists = false) {
  return foreseeOrganization(
    { config: fleetConfig(), file: bootstrapFile(), bucket: BUCKET },
    {
      readFacts: () => Promise.resolve(facts()),
      bucket: { look: () => Promise.resolve({ exists, createdAt: null, missing: exists ? ['tags'] : ['policy', 'tags'] }) },
      access: { look: () => Promise.resolve([{ call: 'organizations:EnablePolicyType', what: 'tag policies in the organisation' }]) },
      clock: { now: () => new Date('2026-11-25') },
      preview: () => Promise.resolve(result),
    },
  );
}

test('tells each call in its order and each resource that would change, and no other', async () => {
  const { foreseen, text } = await foresee(succeeded);

  expect(foreseen.calls.map(({ call, on }) => `${call} ${on}`)).toEqual([
    `s3:CreateBucket ${BUCKET}`,
    `s3:PutBucketPolicy ${BUCKET}`,
    `s3:PutBucketTagging ${BUCKET}`,
    'organizations:EnablePolicyType organisation o-abcdefghij',
    `s3:PutObject ${BUCKET}`,
    `s3:DeleteObject ${BUCKET}`,
  ]);
  expect(foreseen.resources.map(({ op, name }) => `${op} ${name}`)).toEqual(['create cost-topic', 'update other']);
  expect(text).toContain('\n  update aws:sns/topic:Topic other (tags)\nnothing was changed: 6 calls and 2 resources were foreseen');
});

test('of a bucket that is there only what it lacks is told', async () => {
  const { foreseen, text } = await foresee({ ...succeeded, steps: [] }, true);

  expect(foreseen.calls.map(({ call }) => call)).not.toContain('s3:CreateBucket');
  expect(text).toContain('\nno resource would change\n');
});

test('a preview that fails is an error: what is not known is not told as nothing', async () => {
  const error = { code: 'aws/AccessDenied', message: 'no', resource: null };

  await expect(foresee({ status: 'failed', changes: noChanges, steps: [], error })).rejects.toMatchObject({
    code: 'aws/AccessDenied',
    message: 'what organisation o-abcdefghij would get is not known: no',
  });
});

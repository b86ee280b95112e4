import { gzipSync } from 'node:zlib';

import { targetSchema } from '../../../../contracts/target';
import { deployedResources, stackOutputs } from '../../../../fleet/engine/pulumi/deployed-resource';
import { secretsOf } from '../../../../fleet/engine/pulumi/project-files';
import { StackFiles } from '../../../../fleet/engine/pulumi/stack-files';
import { withoutPending } from '../../../../fleet/engine/pulumi/without-pending';
import { SECRET, SIGNATURE } from '../../../../sandbox/recording-monitor';

import { MemoryBackend } from './memory-backend';

const target = targetSchema.parse('regional/200000000001/eu-west-1');
const STACK = '.pulumi/stacks/regional/200000000001.eu-west-1.json';
const LOCKS = '.pulumi/locks/organization/regional/200000000001.eu-west-1';
const HISTORY = '.pulumi/history/regional/200000000001.eu-west-1';
const cipher = { [SIGNATURE]: SECRET, ciphertext: 'v1:abc' };
const latest = {
  secrets_providers: { type: 'passphrase', state: { salt: 'v1:salt' } },
  resources: [
    { urn: 'urn:pulumi:s::regional::pulumi:pulumi:Stack::regional-s', type: 'pulumi:pulumi:Stack', outputs: { url: 'x', token: cipher } },
    { urn: 'urn:pulumi:s::regional::pulumi:pulumi:StackReference::r', type: 'pulumi:pulumi:StackReference', id: 'r', custom: true },
    {
      ...{ urn: 'urn:pulumi:s::regional::aws:sqs/queue:Queue::orders', type: 'aws:sqs/queue:Queue', id: 'https://q', custom: true },
      ...{ parent: 'urn:pulumi:s::regional::pulumi:pulumi:Stack::regional-s', protect: true },
      provider: 'urn:pulumi:s::regional::pulumi:providers:aws::target::1234-5678',
      inputs: { __defaults: [], name: 'orders', deep: { list: [cipher] } },
      outputs: { name: 'orders', __meta: 'x' },
    },
    { urn: 'urn:pulumi:s::regional::aws:sqs/queue:Queue::orders', type: 'aws:sqs/queue:Queue', id: 'https://old', delete: true },
  ],
};
const checkpoint = (deployment: unknown) => ({ version: 3, checkpoint: { stack: 's', latest: deployment } });

test('a stack that is not there, one that was never deployed, and one that was are told apart', async () => {
  const backend = new MemoryBackend();
  const files = new StackFiles(backend);
  expect(await files.deployment(target)).toBeUndefined();
  backend.put(STACK, { version: 3, checkpoint: { stack: 's' } });
  expect(await files.deployment(target)).toBeNull();
  backend.put(STACK, checkpoint(latest));
  expect((await files.deployment(target))?.resources).toHaveLength(4);
});

test('a compressed checkpoint is read as well', async () => {
  const backend = new MemoryBackend().put(`${STACK}.gz`, gzipSync(JSON.stringify(checkpoint(latest))));
  expect((await new StackFiles(backend).deployment(target))?.resources).toHaveLength(4);
});

test('what is shown has no secrets, nothing of the engine’s own, and no resource that is on its way out', async () => {
  const deployment = await new StackFiles(new MemoryBackend().put(STACK, checkpoint(latest))).deployment(target);
  expect(deployment && deployedResources(deployment)).toEqual([
    expect.objectContaining({ name: 'regional-s', outputs: { url: 'x', token: '[secret]' } }),
    {
      ...{ urn: 'urn:pulumi:s::regional::aws:sqs/queue:Queue::orders', type: 'aws:sqs/queue:Queue', id: 'https://q', name: 'orders' },
      ...{ parent: 'urn:pulumi:s::regional::pulumi:pulumi:Stack::regional-s', protect: true },
      provider: 'urn:pulumi:s::regional::pulumi:providers:aws::target',
      inputs: { name: 'orders', deep: { list: ['[secret]'] } },
      outputs: { name: 'orders' },
    },
  ]);
  expect(stackOutputs(deployment)).toEqual({ url: 'x', token: '[secret]' });
  expect(stackOutputs(null)).toBeNull();
});

test.each([
  [{ type: 'passphrase', state: { salt: 'v1:salt' } }, { encryptionsalt: 'v1:salt' }],
  [
    { type: 'cloud', state: { url: 'awskms://alias/x?region=eu-west-1', encryptedkey: 'abc' } },
    { secretsprovider: 'awskms://alias/x?region=eu-west-1', encryptedkey: 'abc' },
  ],
  [undefined, undefined],
])('the settings of a stack say how its checkpoint is encrypted: %j', (provider, settings) => {
  expect(secretsOf({ resources: [], pending_operations: [], secrets_providers: provider })).toEqual(settings);
});

test('locks are read without what a folder remembers of them, and one that is being written is no lock yet', async () => {
  const lock = { pid: 7, username: 'u', hostname: 'h', timestamp: '2026-01-01T00:00:00Z' };
  const backend = new MemoryBackend().put(`${LOCKS}/a.json`, lock).put(`${LOCKS}/a.json.attrs`, '{}').put(`${LOCKS}/b.json`, '');
  const files = new StackFiles(backend);
  const [found, ...more] = await files.locks(target);
  expect([found, more]).toEqual([{ ...lock, key: `${LOCKS}/a.json` }, []]);
  if (found) await files.breakLock(found);
  expect([...backend.files.keys()]).toEqual([`${LOCKS}/b.json`]);
});

test.each([
  ['was cut short', '', true],
  ['was cut short in its middle', '{"user.cache', true],
  ['is whole', '{"md5":"x"}', false],
])('a note beside the checkpoint that %s', async (_what, body, mended) => {
  const backend = new MemoryBackend().put(STACK, checkpoint(latest)).put(`${STACK}.attrs`, body);

  expect(await new StackFiles(backend).mendSidecar(target)).toBe(mended);
  expect(backend.files.has(`${STACK}.attrs`)).toBe(!mended);
  expect(backend.files.has(STACK)).toBe(true);
});

test('no note is looked for where there is none, nor where the backend writes none', async () => {
  expect(await new StackFiles(new MemoryBackend().put(STACK, checkpoint(latest))).mendSidecar(target)).toBe(false);
  const none = new MemoryBackend(false);
  none.down = true;
  expect(await new StackFiles(none).mendSidecar(target)).toBe(false);
});

test('history comes newest first, as many as are asked for', async () => {
  const backend = new MemoryBackend();
  for (const time of [1, 2, 3])
    backend
      .put(`${HISTORY}/s-${time}.history.json`, { kind: 'update', message: `m${time}`, startTime: time, result: 'succeeded' })
      .put(`${HISTORY}/s-${time}.checkpoint.json`, '{}');
  expect((await new StackFiles(backend).history(target, 2)).map(({ message }) => message)).toEqual(['m3', 'm2']);
});

test.each([
  ['no JSON', '{"version":3,', 'it is no JSON'],
  ['another version', { version: 4, checkpoint: {} }, 'expected 3'],
])('a checkpoint that is %s is refused by name', async (_what, body, why) => {
  const files = new StackFiles(new MemoryBackend().put(STACK, body));
  await expect(files.deployment(target)).rejects.toMatchObject({
    code: 'pulumi/backend-damaged',
    message: expect.stringMatching(new RegExp(`${STACK}.*${why}`, 'i')) as string,
  });
});

test('what cannot be read is unreachable, never absent', async () => {
  const backend = new MemoryBackend();
  backend.down = true;
  await expect(new StackFiles(backend).deployment(target)).rejects.toMatchObject({ code: 'pulumi/backend-unreachable' });
});

test('an exported stack loses what was under way, and nothing else', () => {
  const exported = { version: 3, deployment: { resources: [1], pending_operations: [2], metadata: {} } };
  expect(JSON.parse(withoutPending(JSON.stringify(exported)))).toEqual({
    version: 3,
    deployment: { resources: [1], pending_operations: [], metadata: {} },
  });
});

test.each([
  ['in its inputs', { inputs: { pluginDownloadURL: 'https://evil.example/p' } }],
  ['among what the engine keeps for itself', { inputs: { __internal: { pluginDownloadURL: 'https://evil.example/p' } } }],
  ['in its outputs', { outputs: { pluginDownloadURL: 'https://evil.example/p' } }],
  ['in what was under way', { inputs: { pluginDownloadURL: 'https://evil.example/p' } }, true],
])('a checkpoint whose provider is to come from somewhere %s is refused, and the place named', async (_where, more, pending = false) => {
  const urn = 'urn:pulumi:s::regional::pulumi:providers:aws::target';
  const provider = { urn, type: 'pulumi:providers:aws', custom: true, id: '1', ...more };
  const forged = pending
    ? { ...latest, pending_operations: [{ type: 'creating', resource: provider }] }
    : { ...latest, resources: [provider, ...latest.resources] };
  const files = new StackFiles(new MemoryBackend().put(STACK, checkpoint(forged)));

  await expect(files.deployment(target)).rejects.toMatchObject({
    code: 'pulumi/foreign-plugin',
    resource: urn,
    message: `${STACK} in the Pulumi backend: ${urn} is to be run by a plugin from "https://evil.example/p", and nothing was run: restore that checkpoint`,
  });
});

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FleetConfig } from '../../../fleet/config/fleet-config';
import { checkSecrets } from '../../../fleet/doctor/check-secrets';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('check-secrets');
const CANARY = 'correct horse battery staple';

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o600);
  return path;
}

type Choice = Pick<FleetConfig, 'engine' | 'organization'>;
const aws = { source: 'aws' } as const;
const real = (secretsProvider: string): Choice => ({ organization: aws, engine: { kind: 'pulumi', backend: 's3://b', secretsProvider } });

const checkWith = (env: Readonly<Record<string, string>>, choice = real('passphrase')) => checkSecrets(choice, env);

describe('what secrets are encrypted with', () => {
  test.each<[string, () => ReturnType<typeof checkSecrets>, object]>([
    [
      'a passphrase that is set',
      () => checkWith({ PULUMI_CONFIG_PASSPHRASE: CANARY }),
      { status: 'ok', detail: 'passphrase: PULUMI_CONFIG_PASSPHRASE is set' },
    ],
    ['a file with one', () => checkWith({ PULUMI_CONFIG_PASSPHRASE_FILE: file('good', `${CANARY}\n`) }), { status: 'ok', code: null }],
    ['an empty one', () => checkWith({ PULUMI_CONFIG_PASSPHRASE: '' }), { status: 'warning', code: null }],
    ['an empty file', () => checkWith({ PULUMI_CONFIG_PASSPHRASE_FILE: file('empty', '\n') }), { status: 'warning' }],
    ['no passphrase', () => checkWith({}), { status: 'failed', code: 'user/passphrase-missing' }],
    [
      'a file that is not there',
      () => checkWith({ PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, 'none') }),
      { status: 'failed', code: 'user/passphrase-missing' },
    ],
    [
      'a key of KMS, whatever the passphrase',
      () => checkWith({}, real('awskms://alias/acme')),
      { status: 'ok', detail: expect.stringContaining('awskms://alias/acme') as string },
    ],
    [
      'nothing, in a simulated organisation',
      () => checkWith({}, { ...real('passphrase'), organization: { source: 'sandbox', path: '/o' } }),
      { status: 'skipped' },
    ],
    ['nothing, with the simulated engine', () => checkWith({}, { organization: aws, engine: { kind: 'sandbox' } }), { status: 'skipped' }],
  ])('is %s', (_what, check, expected) => {
    const found = check();

    expect(found).toMatchObject({ name: 'secrets', ...expected });
    expect(JSON.stringify(found)).not.toContain(CANARY);
  });

  test('is the passphrase itself where its file is named as well, as Pulumi has it', () => {
    const env = { PULUMI_CONFIG_PASSPHRASE: CANARY, PULUMI_CONFIG_PASSPHRASE_FILE: '/no/such' };

    expect(checkWith(env)).toMatchObject({ status: 'ok' });
  });
});

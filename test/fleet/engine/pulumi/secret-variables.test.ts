import { redactor, secretVariables } from '../../../../fleet/engine/pulumi/secret-variables';

const config = {
  settings: { alerts: { critical: [{ https: { env: 'HOOK' } }, { email: 'a@b.c' }], warning: [{ https: { env: 'OTHER' } }] } },
};

test('what a configuration refers to is taken from the environment, and nothing else', () => {
  expect(secretVariables(config, { HOOK: 'https://hook/1', PATH: '/bin', AWS_PROFILE: 'x' })).toEqual({ HOOK: 'https://hook/1' });
});

test('secrets of a run are masked wherever they stand, also as JSON text and within each other', () => {
  const redact = redactor(
    { HOOK: 'https://hook/"1"', LONG: 'https://hook/"1"/more' },
    { AWS_SECRET_ACCESS_KEY: 'secret-key', PULUMI_CONFIG_PASSPHRASE: 'x' },
  );

  expect(redact('x at https://hook/"1"/more, {"url":"https://hook/\\"1\\""}, secret-key')).toBe(
    'x at [secret], {"url":"[secret]"}, [secret]',
  );
});

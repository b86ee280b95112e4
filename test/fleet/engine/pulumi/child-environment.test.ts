import { cliEnvironment, programEnvironment } from '../../../../fleet/engine/pulumi/child-environment';

const canary = 'canary-5f0c9e';
const env = {
  PATH: '/bin',
  AWS_SECRET_ACCESS_KEY: canary,
  PULUMI_CONFIG_PASSPHRASE: canary,
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'false',
  PULUMI_OPTION_TARGET: 'x',
  PAGER_URL: canary,
  NODE_OPTIONS: '--require /tmp/evil.js',
};

test('the CLI fetches no plugin by itself, whatever the environment says', () => {
  expect(cliEnvironment(env, 'file:///b')).toMatchObject({ PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true' });
});

test('a child gets what is on its list: a program no credentials and no passphrase, and neither of them a secret or an option of Node', () => {
  expect(JSON.stringify(programEnvironment(env))).toBe('{"PATH":"/bin"}');
  const cli = cliEnvironment(env, 'file:///b');
  expect(cli).not.toHaveProperty('PAGER_URL');
  expect(cli).not.toHaveProperty('NODE_OPTIONS');
  expect(cli).not.toHaveProperty('PULUMI_OPTION_TARGET');
});

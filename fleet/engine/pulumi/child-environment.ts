type Environment = Readonly<Record<string, string | undefined>>;

/** What every child may know of the machine. */
const MACHINE = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SYSTEMROOT'] as const;

/** The way to the network, and whom to trust there. */
const NETWORK = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
] as const;

/** Where credentials come from: everything that AWS's default chain reads. */
const CREDENTIALS = [
  ...(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION'] as const),
  ...(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME', 'AWS_WEB_IDENTITY_TOKEN_FILE'] as const),
  ...(['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'] as const),
  ...(['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'AWS_EC2_METADATA_DISABLED', 'AWS_CA_BUNDLE', 'AWS_STS_REGIONAL_ENDPOINTS'] as const),
  ...(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL_KMS'] as const),
] as const;

/** Pulumi's own that a user may set. Its other variables, `PULUMI_OPTION_*` above all, would change what a run does. */
const PULUMI = ['PULUMI_HOME', 'PULUMI_CONFIG_PASSPHRASE', 'PULUMI_CONFIG_PASSPHRASE_FILE'] as const;

/** What the process of a program may see: no credentials, no passphrase. */
export function programEnvironment(env: Environment): Record<string, string> {
  return allowed(env, [...MACHINE, ...NETWORK]);
}

/** What the CLI may see, and what the fleet sets for it. */
export function cliEnvironment(env: Environment, backend: string): Record<string, string> {
  return {
    ...allowed(env, [...MACHINE, ...NETWORK, ...CREDENTIALS, ...PULUMI]),
    PULUMI_BACKEND_URL: backend,
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    // What a checkpoint or a program names is not fetched and run: the plugin is there before, in the version that somebody chose.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    // The event log is told of to those who debug the CLI and to automation alone.
    PULUMI_DEBUG_COMMANDS: 'true',
    PULUMI_AUTOMATION_API: 'true',
    // Each update keeps a checkpoint in the stack's history; a second copy of the same slows every run down.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: 'true',
  };
}

function allowed(env: Environment, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

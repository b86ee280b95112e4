import foundation from '../../foundation/index';
import { foundationOutputsSchema, foundationSettingsSchema } from '../../contracts/foundation';
import { createFoundation } from '../../foundation/create-foundation';
import { readConfig } from '../../layer-kit/read-config';
import { isSecret, type Rendering } from '../../sandbox/recording-monitor';
import { expectLayerRules } from '../layer-kit/layer-rules';
import { accountOf, find, monitoring, renderLayer, shared, text, withoutSecrets } from '../layer-kit/render-layer';

const settings = { sourceAccounts: { kind: 'organisation' }, subscriptions: { critical: [], warning: [] }, existingSink: null };

const render = (changes: Readonly<Record<string, unknown>> = {}, environment: Readonly<Record<string, string>> = {}): Promise<Rendering> =>
  renderLayer(async () => createFoundation({ ...readConfig('foundation', foundationSettingsSchema), environment }), {
    layer: 'foundation',
    account: shared,
    settings: { ...settings, ...changes },
  });

describe('the foundation program', () => {
  test('keeps the rules of every layer, in the shared and the monitoring account', async () => {
    expectLayerRules(await render(), [shared, monitoring]);
  });

  test('reads no name of an account or unit', async () => {
    const options = { layer: 'foundation', account: shared, settings };
    const named = await renderLayer(foundation, { ...options, config: { account: { id: shared, name: 'hub', unit: 'Elsewhere' } } });

    expect(named).toEqual(await renderLayer(foundation, options));
  });

  test('the module itself is the program', async () => {
    const { outputs } = await renderLayer(foundation, { layer: 'foundation', account: shared, settings });

    expect(foundationOutputsSchema.safeParse(outputs).error).toBeUndefined();
  });

  test('exports exactly its contract', async () => {
    const { outputs } = await render();

    expect(foundationOutputsSchema.strict().parse(outputs)).toMatchObject({
      version: 1,
      topics: {
        critical: 'arn:aws:sns:eu-west-1:111111111111:orders-alerts-critical',
        warning: 'arn:aws:sns:eu-west-1:111111111111:orders-alerts-warning',
      },
      sinkArn: expect.stringContaining('orders-sink') as string,
      tagStandard: { allowedValues: { Environment: ['dev', 'staging', 'prod'] } },
    });
  });

  test('encrypts both topics with one key that only they may be used with', async () => {
    const rendering = await render();
    const key = find(rendering, 'Key');

    expect(find(rendering, 'Topic', 'critical-topic').inputs.kmsMasterKeyId).toBe(key.outputs.arn);
    expect(find(rendering, 'Topic', 'warning-topic').inputs.kmsMasterKeyId).toBe(key.outputs.arn);
    expect(key.inputs.enableKeyRotation).toBe(true);
    // The policy is written before the topics exist: the ARNs it names must be the ones they get.
    for (const name of ['critical-topic', 'warning-topic'])
      expect(text(key.inputs.policy)).toContain(text(find(rendering, 'Topic', name).outputs.arn));
  });

  test.each(['Key', 'Topic', 'Sink'])('protects what other stacks depend on: %s', async (type) => {
    const { resources } = await render();
    const found = resources.filter((resource) => resource.type.endsWith(`:${type}`));

    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ protect }) => !protect)).toEqual([]);
  });

  test('makes the sink in the monitoring account', async () => {
    const rendering = await render();

    expect(accountOf(rendering, find(rendering, 'Sink'))).toBe(monitoring);
    expect(accountOf(rendering, find(rendering, 'SinkPolicy'))).toBe(monitoring);
  });

  test('takes a sink that exists already, and then leaves the monitoring account alone', async () => {
    const existingSink = 'arn:aws:oam:eu-west-1:222222222222:sink/0a1b';
    const rendering = await render({ existingSink });

    expect(rendering.outputs.sinkArn).toBe(existingSink);
    expectLayerRules(rendering, [shared]);
  });

  test('a receiver from the environment is kept secret, and its name shows no address', async () => {
    const canary = 'https://events.example.com/integration/CANARY/enqueue';
    const rendering = await render(
      { subscriptions: { critical: [{ https: { env: 'PAGER_URL' } }, { email: 'me@example.com' }], warning: [] } },
      { PAGER_URL: canary },
    );
    const subscription = find(rendering, 'TopicSubscription', 'critical-https-PAGER_URL');

    expect(isSecret(subscription.inputs.endpoint)).toBe(true);
    expect(subscription.additionalSecretOutputs).toEqual(['endpoint']);
    expect(withoutSecrets(rendering.resources.map(({ inputs, urn }) => ({ inputs, urn })))).not.toContain('CANARY');
    expect(rendering.resources.map(({ urn }) => urn).join()).not.toContain('me@example.com');
  });

  test('a receiver named twice is subscribed once, and a list around it may change', async () => {
    const one = { lambda: 'arn:aws:lambda:eu-west-1:111111111111:function:page' };
    const names = async (critical: readonly unknown[]) =>
      (await render({ subscriptions: { critical, warning: [] } })).resources
        .filter(({ type }) => type.endsWith(':TopicSubscription'))
        .map(({ name }) => name);

    const alone = await names([one, one]);
    const behind = await names([{ email: 'a@example.com' }, one]);

    expect(alone).toHaveLength(1);
    expect(behind).toEqual(expect.arrayContaining([...alone]));
  });
});

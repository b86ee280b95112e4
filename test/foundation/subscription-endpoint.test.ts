import type { Subscription } from '../../contracts/foundation';
import { subscriptionEndpoint } from '../../foundation/subscription-endpoint';

const lambda = 'arn:aws:lambda:eu-west-1:111111111111:function:page';

describe('the endpoint of a subscription', () => {
  test.each<[string, Subscription, object]>([
    ['an address', { https: 'https://example.com/hook' }, { protocol: 'https', endpoint: 'https://example.com/hook', secret: false }],
    [
      'an address in the environment',
      { https: { env: 'HOOK' } },
      { protocol: 'https', endpoint: 'https://example.com/secret', secret: true, key: 'https-HOOK' },
    ],
    ['a function', { lambda }, { protocol: 'lambda', endpoint: lambda, secret: false }],
    ['a mailbox', { email: 'a@example.com' }, { protocol: 'email', endpoint: 'a@example.com', secret: false }],
  ])('%s', (_name, subscription, expected) => {
    expect(subscriptionEndpoint(subscription, { HOOK: 'https://example.com/secret' })).toMatchObject(expected);
  });

  test.each([
    ['not set', {}, /HOOK, the address of an alerts subscription, is not set/],
    ['empty', { HOOK: '' }, /is not set/],
    ['no https address', { HOOK: 'http://example.com/CANARY' }, /is not an https:\/\/ address/],
  ])('an address in the environment that is %s is refused', (_name, environment, message) => {
    expect(() => subscriptionEndpoint({ https: { env: 'HOOK' } }, environment)).toThrow(message);
  });

  test('a refused address is not repeated in the message', () => {
    expect(() => subscriptionEndpoint({ https: { env: 'HOOK' } }, { HOOK: 'http://example.com/CANARY' })).not.toThrow(/CANARY/);
  });

  test('two addresses never share a name', () => {
    const keys = ['https://a.example', 'https://b.example'].map((https) => subscriptionEndpoint({ https }, {}).key);

    expect(new Set(keys).size).toBe(2);
  });
});

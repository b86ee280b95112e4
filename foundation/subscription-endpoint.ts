import { createHash } from 'node:crypto';

import type { Subscription } from '../contracts/foundation';

/** One subscription as SNS takes it. */
export interface SubscriptionEndpoint {
  readonly protocol: 'https' | 'lambda' | 'email';
  readonly endpoint: string;
  /** The endpoint carries a credential (an integration key): it must be kept as a secret. */
  readonly secret: boolean;
  /** Names the resource: the same receiver keeps its name when the list around it changes, and no address is shown in it. */
  readonly key: string;
}

/**
 * Resolves one receiver of alerts. A reference is read from the environment of this process only; throws when it is not set.
 */
export function subscriptionEndpoint(
  subscription: Subscription,
  environment: Readonly<Record<string, string | undefined>>,
): SubscriptionEndpoint {
  if ('lambda' in subscription) return open('lambda', subscription.lambda);
  if ('email' in subscription) return open('email', subscription.email);
  if (typeof subscription.https === 'string') return open('https', subscription.https);
  const name = subscription.https.env;
  const endpoint = environment[name];
  if (endpoint === undefined || endpoint === '') {
    throw new Error(`environment variable ${name}, the address of an alerts subscription, is not set: set it for the deployment`);
  }
  if (!/^https:\/\/\S+$/.test(endpoint))
    throw new Error(`environment variable ${name}, the address of an alerts subscription, is not an https:// address`);
  return { protocol: 'https', endpoint, secret: true, key: `https-${name}` };
}

function open(protocol: SubscriptionEndpoint['protocol'], endpoint: string): SubscriptionEndpoint {
  return { protocol, endpoint, secret: false, key: `${protocol}-${createHash('sha256').update(endpoint).digest('hex').slice(0, 12)}` };
}

import { accepted, emptyWorld, token, verdict } from './samples';

const versioning = (status: string) => ({ bucket: 'orders-archive', versioningConfiguration: { status } });

describe('the versioning of a bucket', () => {
  test('can be suspended and turned on again, and never off', () => {
    const world = emptyWorld();
    world.given(token.bucket, { bucket: 'orders-archive' });
    const on = world.given(token.versioning, versioning('Enabled'));
    const suspended = accepted(world.update(on, versioning('Suspended')));
    expect(verdict(world.update(suspended, versioning('Disabled')))).toBe('IllegalVersioningConfigurationException');
    expect(verdict(world.update(suspended, versioning('Enabled')))).toBe('done');
    expect(verdict(world.update(suspended, versioning('On')))).toBe('IllegalVersioningConfigurationException');
  });

  test('cannot be suspended under an object lock', () => {
    const world = emptyWorld();
    world.given(token.bucket, { bucket: 'orders-archive', objectLockEnabled: true });
    expect(verdict(world.create(token.versioning, versioning('Suspended')))).toBe('InvalidBucketState');
  });
});

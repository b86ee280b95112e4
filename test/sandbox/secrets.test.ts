import fc from 'fast-check';

import { concealOutputs, keyedDigest, maskSecrets, standInForSecrets, takeSecrets } from '../../sandbox/secrets';
import { SECRET, SIGNATURE, isSecret } from '../../sandbox/recording-monitor';

const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });

describe('the secrets of a resource', () => {
  test('are revealed to AWS at any depth, also one inside another', () => {
    expect(takeSecrets({ a: secret({ b: [secret('deep-secret')] }), c: 'plain' }).revealed).toEqual({
      a: { b: ['deep-secret'] },
      c: 'plain',
    });
  });

  test('are concealed wherever they reappear, and the rest is left alone', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 20 }), fc.string(), fc.string(), (value, before, after) => {
        const { conceal } = takeSecrets({ password: secret(value) });
        const concealed = conceal({ echoed: { list: [`${before}${value}${after}`] }, number: 7 });

        expect(concealed.number).toBe(7);
        expect(isSecret((concealed.echoed as { list: unknown[] }).list[0])).toBe(true);
        expect(Object.keys((concealed.echoed as { list: object[] }).list[0] ?? {})).toEqual([SIGNATURE, 'digest']);
      }),
    );
  });

  test('are the same concealed when they are the same, and not when they are not', () => {
    const concealed = (value: string) => takeSecrets({ password: secret(value) }).conceal({ password: value });

    expect(concealed('secret-one')).toEqual(concealed('secret-one'));
    expect(concealed('secret-one')).not.toEqual(concealed('secret-two'));
  });

  test('turn back from their digests, those of other secrets do not', () => {
    const { conceal, restore } = takeSecrets({ password: secret('secret-one') });
    const stored = conceal({ password: 'secret-one' });
    const foreign = takeSecrets({ password: secret('secret-two') }).conceal({ password: 'secret-two' });

    expect(restore(stored)).toEqual({ password: 'secret-one' });
    expect(takeSecrets({ password: secret('secret-one') }).restore(stored)).toEqual({ password: 'secret-one' });
    expect(restore(foreign)).toEqual(foreign);
  });

  test('are marked again for the program, with what it asked to be secret', () => {
    const { mark } = takeSecrets({ password: secret('secret-one') });

    expect(mark({ echoed: ['secret-one'], arn: 'arn:x', url: 'u' }, ['arn'])).toEqual({
      echoed: secret(['secret-one']),
      arn: secret('arn:x'),
      url: 'u',
    });
  });

  test.each([
    ['refused: top-secret-1 is wrong', 'refused: [secret] is wrong'],
    ['quoted: "with \\"quotes\\""', 'quoted: "[secret]"'],
    ['short: "ab" is wrong, abc is not', 'short: "[secret]" is wrong, abc is not'],
  ])('are taken out of the message %s', (message, expected) => {
    expect(takeSecrets({ a: secret('top-secret-1'), b: secret('with "quotes"'), c: secret('ab') }).redact(message)).toBe(expected);
  });

  test('in a name become digests: other secrets, other names', () => {
    const hide = (value: string) => takeSecrets({ name: secret(value) }).hide(`queue-${value}`);

    expect(hide('secret-one')).toMatch(/^queue-\[secret:[0-9a-f]{24}\]$/);
    expect(hide('secret-one')).not.toBe(hide('secret-two'));
  });
});

describe('the secrets of stack outputs', () => {
  const stored = concealOutputs({ token: secret('secret-one'), nested: [secret({ a: 1 }), 'plain'] }, keyedDigest());

  test('are kept as digests and shown as a mask', () => {
    expect(JSON.stringify(stored)).not.toContain('secret-one');
    expect(maskSecrets(stored)).toEqual({ token: '[secret]', nested: ['[secret]', 'plain'] });
  });

  test('reach another stack as secrets, with a stand-in that differs as they do', () => {
    const standIn = (value: string) => standInForSecrets(concealOutputs({ token: secret(value) }, keyedDigest())).token;

    expect(standInForSecrets(stored)).toMatchObject({ nested: [{ [SIGNATURE]: SECRET, value: expect.any(String) as string }, 'plain'] });
    expect(standIn('secret-one')).toEqual(standIn('secret-one'));
    expect(standIn('secret-one')).not.toEqual(standIn('secret-two'));
  });
});

import fc from 'fast-check';

import { archiveKeyOf, archivePrefix, readArchiveKey } from '../../contracts/dead-letter';
import { layers } from '../../contracts/layers';
import { deadLetterClasses } from '../../contracts/order-message';

describe('the key of an archived letter', () => {
  test('tells class, day and message', () => {
    const name = { class: 'transient', day: '2026-03-04', messageId: 'a/b' } as const;

    expect(archiveKeyOf(name)).toBe('dead-letters/transient/2026/03/04/a%2Fb.json');
    expect(readArchiveKey(archiveKeyOf(name))).toEqual(name);
    expect(archiveKeyOf(name).startsWith(archivePrefix('transient'))).toBe(true);
  });

  test('is read as it was made, whatever the message id', () => {
    const messageIds = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.constantFrom(...deadLetterClasses), messageIds, (letterClass, messageId) => {
        const name = { class: letterClass, day: '2026-12-31', messageId };
        expect(readArchiveKey(archiveKeyOf(name))).toEqual(name);
      }),
    );
  });

  test.each([
    'dead-letters/transient/2026/03/04/',
    'dead-letters/transient/2026/03/a.json',
    'dead-letters/unheard-of/2026/03/04/a.json',
    'dead-letters/transient/2026/03/04/a.txt',
    'dead-letters/transient/2026/03/04/%E0%A4%A.json',
    'x/dead-letters/transient/2026/03/04/a.json',
    '',
  ])('%p is none', (key) => {
    expect(readArchiveKey(key)).toBeUndefined();
  });
});

describe('where a layer keeps dead letters', () => {
  const outputs = {
    version: 1,
    account: '111111111111',
    region: 'eu-west-1',
    queueUrl: 'https://queue',
    queueArn: 'q',
    deadLetterQueueArn: 'd',
    tableName: 't',
    archiveBucket: 'the-archive',
    functionName: 'f',
    liveAliasArn: 'l',
    deadLetterFunctionName: 'd',
    alarms: { critical: 'c', warning: 'w', children: [] },
    dashboard: null,
  };
  const ofRegional = layers.find(({ name }) => name === 'regional')?.deadLetters;

  test('is told by the outputs of regional, and by no other layer', () => {
    expect(ofRegional?.(outputs)).toEqual({ archiveBucket: 'the-archive', orderQueueUrl: 'https://queue' });
    expect(layers.filter(({ deadLetters }) => deadLetters !== null).map(({ name }) => name)).toEqual(['regional']);
  });

  test.each([null, {}, { ...outputs, archiveBucket: 7 }])('is not known from %j', (given) => {
    expect(ofRegional?.(given)).toBeNull();
  });
});

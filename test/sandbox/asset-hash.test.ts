import * as pulumi from '@pulumi/pulumi';

import { assetHasher } from '../../sandbox/asset-hash';
import { SIGNATURE } from '../../sandbox/recording-monitor';

const asset = (what: Readonly<Record<string, unknown>>) => ({ [SIGNATURE]: pulumi.runtime.specialAssetSig, ...what });
const archive = (what: Readonly<Record<string, unknown>>) => ({ [SIGNATURE]: pulumi.runtime.specialArchiveSig, ...what });

describe('hashing assets as the engine sends them', () => {
  const hash = (value: unknown) => assetHasher()(value);
  const program = archive({ assets: { 'a.js': asset({ text: 'a' }), 'b.js': asset({ text: 'b' }) } });

  test.each([
    ['in another order', archive({ assets: { 'b.js': asset({ text: 'b' }), 'a.js': asset({ text: 'a' }) } })],
    [
      'with hashes of the engine',
      archive({ hash: 'x', assets: { 'a.js': asset({ hash: 'y', text: 'a' }), 'b.js': asset({ text: 'b', hash: 'z' }) } }),
    ],
  ])('%s gives what the program’s own give', (_what, sent) => {
    expect(hash(sent)).toEqual(hash(program));
  });

  test('other names or texts are others', () => {
    expect(hash(archive({ assets: { 'a.js': asset({ text: 'b' }), 'b.js': asset({ text: 'a' }) } }))).not.toEqual(hash(program));
  });
});

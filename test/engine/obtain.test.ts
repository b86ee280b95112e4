import { isAbsolute } from 'node:path';

import { findPulumiCli } from '../../fleet/engine/pulumi/cli/find-pulumi-cli';
import { isAtLeast } from '../../fleet/engine/pulumi/cli/cli-version';
import { MINIMUM_VERSION } from '../../fleet/engine/pulumi/cli/pulumi-cli';
import { describeWithEngine, pulumiCli } from '../helpers/engine-tier';

describeWithEngine('the Pulumi CLI that was obtained', () => {
  test('says its version, which is new enough', async () => {
    const cli = await findPulumiCli({ env: process.env });

    expect(cli).toMatchObject({ path: pulumiCli(), source: 'named' });
    expect(isAbsolute(cli.path)).toBe(true);
    expect(isAtLeast(cli.version, MINIMUM_VERSION)).toBe(true);
  });
});

import type { UntypedServiceImplementation } from '@grpc/grpc-js';

import type { LayerProgram } from '../load-program';

/**
 * What runs a program for the CLI: the SDK's own server of inline programs. Its Automation API makes one for every call and asks the CLI four
 * more questions around it; those cost more than the run of a small stack. Not in the SDK's typings, so the version is pinned.
 */
export function languageServer(program: LayerProgram): UntypedServiceImplementation {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { LanguageServer } = require('@pulumi/pulumi/automation/server') as {
    readonly LanguageServer: new (program: LayerProgram) => UntypedServiceImplementation;
  };
  return new LanguageServer(program);
}

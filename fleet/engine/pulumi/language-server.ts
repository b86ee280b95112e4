import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import * as server from '@pulumi/pulumi/automation/server';

import type { LayerProgram } from '../load-program';

// There at run time and left out of the SDK's typings, so its version is pinned.
const { LanguageServer } = server as unknown as { readonly LanguageServer: new (program: LayerProgram) => UntypedServiceImplementation };

/**
 * What runs a program for the CLI: the SDK's own server of inline programs. Its Automation API makes one for every call and asks the CLI four
 * more questions around it; those cost more than the run of a small stack.
 */
export function languageServer(program: LayerProgram): UntypedServiceImplementation {
  return new LanguageServer(program);
}

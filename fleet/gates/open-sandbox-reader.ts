import type { HealthReader } from './health-reader';
import { sandboxReader } from './sandbox-reader';
import { openSandboxView, type SandboxViewOptions } from './sandbox-view';

/** Opens the health of a simulated organisation. Throws `user/organization-file` where that file cannot be read. */
export function openSandboxReader(options: SandboxViewOptions): HealthReader {
  return sandboxReader(openSandboxView(options));
}

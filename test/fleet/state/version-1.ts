import { seal } from '../../../fleet/state/sealed';

/** Content as version 1 sealed it: neither its key nor its kind is in it. */
export function sealVersion1(content: unknown): string {
  return seal(JSON.stringify({ version: 1, content })).body;
}

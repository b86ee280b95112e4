import type { TargetError } from '../../ports';

import { classifyOutput } from './classify-diagnostic';
import type { RunStory } from './run-story';
import type { ProcessEnd } from './process-end';

/** Why a run failed; null where it succeeded. What the engine's events told comes before what the CLI printed. */
export function whyFailed(
  end: ProcessEnd,
  { story, cancelled }: { readonly story: RunStory; readonly cancelled: boolean },
): TargetError | null {
  switch (end.kind) {
    case 'ended':
      if (end.code === 0) return null;
      if (cancelled) return { code: 'fleet/cancelled', message: 'cancelled', resource: null };
      if (end.code === null)
        return { code: 'pulumi/crashed', message: `the CLI was ended by ${end.signal ?? 'something'} in mid-run`, resource: null };
      return story.error ?? classifyOutput(end.output);
    case 'failed':
      return { code: end.error ?? 'pulumi/process-failed', message: end.message, resource: null };
    case 'died':
      if (cancelled) return { code: 'fleet/cancelled', message: 'cancelled', resource: null };
      return { code: 'pulumi/crashed', message: `the target's process ended in mid-run (${end.signal ?? 'no signal'})`, resource: null };
    default:
      throw new Error(`unknown end ${String(end satisfies never)}`);
  }
}

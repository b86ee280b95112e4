import type { Reporter } from '../ports';

import { approvalFor } from './approve';
import type { RolloutRequest } from './driver-ports';
import type { RolloutEvent, RolloutState } from './state';

/** What a request meets. */
export interface RequestContext {
  readonly state: RolloutState;
  readonly at: string;
  readonly reporter: Reporter;
  /** Of the plan that the rollout runs: an approval of another one does nothing. */
  readonly planDigest: string;
}

/** What another process's request does to a rollout. */
export function carryRequest(request: RolloutRequest, { state, at, reporter, planDigest }: RequestContext): RolloutEvent {
  const message = request.id;
  const { by } = request;
  switch (request.type) {
    case 'approve': {
      const outdated = request.planDigest !== planDigest;
      const approval = outdated
        ? { refused: `it is of plan ${request.planDigest.slice(0, 12)}, and this rollout runs ${planDigest.slice(0, 12)}` }
        : approvalFor(state, { ...request, at });
      if (!('refused' in approval)) {
        reporter.report({ level: 'info', code: 'approved', message: `wave ${approval.wave} approved by ${by}`, data: approval });
        return { type: 'approved', at, approval, message };
      }
      reporter.report({ level: 'warning', code: 'request-refused', message: `approval by ${by} does nothing: ${approval.refused}` });
      return { type: 'request-refused', at, by, reason: approval.refused, message };
    }
    case 'pause':
      reporter.report({ level: 'warning', code: 'paused', message: `paused by ${by}: what runs is let finish, nothing further starts` });
      return { type: 'paused', at, by, message };
    case 'resume':
      reporter.report({ level: 'info', code: 'resumed', message: `resumed by ${by}` });
      return { type: 'resumed', at, by, message };
    case 'abort':
      reporter.report({ level: 'warning', code: 'aborted', message: `aborted by ${by}: what runs is let finish, nothing further starts` });
      return { type: 'abort-requested', at, by, reason: request.reason, message };
    case 'limits':
      reporter.report({
        level: 'info',
        code: 'limits-set',
        message: `limits set by ${by}: ${JSON.stringify(request.limits)}`,
        data: request.limits,
      });
      return { type: 'limits-set', at, by, limits: request.limits, message };
    default:
      throw new Error(`unknown request ${(request satisfies never as RolloutRequest).type}`);
  }
}

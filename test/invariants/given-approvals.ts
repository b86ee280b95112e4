import type { PlannedWave } from '../../fleet/plan/rollout-plan';
import type { Approval, ApprovalSubject } from '../../fleet/rollout/state';

/** The approvals that a journal holds so far, and what they count for still (S12, S19). */
export class GivenApprovals {
  #unused: readonly Approval[] = [];

  give(approval: Approval): void {
    this.#unused = [...this.#unused, approval];
  }

  /**
   * Whether one counts for a wave at an instant. One of the wave itself is used up; one of the configured wave that it is a part of is for the
   * start of each of its parts, and for nothing else that holds one.
   */
  use({ name, group }: Pick<PlannedWave, 'name' | 'group'>, subject: ApprovalSubject, at: string): boolean {
    const valid = this.#unused.filter((one) => one.subject === subject && at < one.expiresAt);
    const own = valid.find(({ wave }) => wave === name);
    if (own) this.#unused = this.#unused.filter((one) => one !== own);
    return own !== undefined || (subject === 'start' && valid.some(({ wave }) => wave === group));
  }
}

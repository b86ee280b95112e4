import type { PlannedWave } from '../../fleet/plan/rollout-plan';
import type { Approval, ApprovalSubject } from '../../fleet/rollout/state';

/** Whether an approval is one of a wave: of itself, or of the configured wave that it is a part of. */
export function covers({ wave }: Pick<Approval, 'wave'>, { name, group }: Pick<PlannedWave, 'name' | 'group'>): boolean {
  return wave === name || wave === group;
}

/** The approvals that a journal holds so far, and what they count for still (S12, S19). */
export class GivenApprovals {
  #unused: readonly Approval[] = [];

  give(approval: Approval): void {
    this.#unused = [...this.#unused, approval];
  }

  /** Whether one counts for a wave at an instant. It is used up, but for one of a configured wave: that counts for each of its parts. */
  use(wave: Pick<PlannedWave, 'name' | 'group'>, subject: ApprovalSubject, at: string): boolean {
    const found = this.#unused.find((one) => covers(one, wave) && one.subject === subject && at < one.expiresAt);
    if (found?.wave === wave.name) this.#unused = this.#unused.filter((one) => one !== found);
    return found !== undefined;
  }
}

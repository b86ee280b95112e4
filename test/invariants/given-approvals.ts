import type { Approvers, PlannedWave } from '../../fleet/plan/rollout-plan';
import type { Approval, ApprovalSubject } from '../../fleet/rollout/state';

/** The approvals that a journal holds so far, and what they count for still (S12, S19). */
export class GivenApprovals {
  #unused: readonly Approval[] = [];
  #requester: string | null = null;

  /** Who began the rollout: where a wave says whose approval counts, theirs does not. */
  begin(by: string | null): void {
    this.#requester = by;
  }

  give(approval: Approval): void {
    this.#unused = [...this.#unused, approval];
  }

  /**
   * Whether enough count for a wave at an instant: of one person, or for a start of as many as the wave asks for. Those of the wave itself are used
   * up; those of the configured wave that it is a part of are for the start of each of its parts, and for nothing else that holds one.
   */
  use({ name, group, approvers }: Pick<PlannedWave, 'name' | 'group' | 'approvers'>, subject: ApprovalSubject, at: string): boolean {
    const counts = ({ by, ...one }: Approval) => one.subject === subject && at < one.expiresAt && this.#mayApprove(by, approvers);
    const valid = this.#unused.filter(counts);
    const own = valid.filter(({ wave }) => wave === name);
    const all = subject === 'start' ? [...own, ...valid.filter(({ wave }) => wave === group && wave !== name)] : own;
    const persons = [...new Set(all.map(({ by }) => by))];
    const needed = subject === 'start' ? (approvers?.required ?? 1) : 1;
    if (persons.length < needed) return false;
    const used = persons.slice(0, needed).map((person) => all.find(({ by }) => by === person));
    this.#unused = this.#unused.filter((one) => one.wave !== name || !used.includes(one));
    return true;
  }

  #mayApprove(by: string, approvers: Approvers | undefined): boolean {
    if (approvers === undefined) return true;
    const role = by.split('/').at(-2);
    if (role === undefined || by === this.#requester) return false;
    return approvers.by.length === 0 || approvers.by.some((one) => one.split('/').at(-1) === role);
  }
}

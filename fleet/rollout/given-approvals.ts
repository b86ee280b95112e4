import { refusedPerson } from './approvers';
import type { Approval, ApprovalSubject, CoreWave, RolloutState } from './state';

/** What an approval is looked for. */
export interface AskedApproval {
  readonly wave: CoreWave | undefined;
  readonly subject: ApprovalSubject;
  readonly at: string;
}

/** How many persons must say yes: a wave's start may need several, whatever holds it later one. */
export function neededFor(wave: CoreWave | undefined, subject: ApprovalSubject): number {
  return subject === 'start' ? (wave?.approvers?.required ?? 1) : 1;
}

/**
 * The approvals that count at an instant, one of each person, those of the wave itself before those of the configured wave that it is a part
 * of. Whoever wrote them down: what the wave does not ask for counts for nothing. Pure.
 */
export function givenFor(
  { approvals, requester }: Pick<RolloutState, 'approvals' | 'requester'>,
  { wave, subject, at }: AskedApproval,
): readonly Approval[] {
  if (wave === undefined) return [];
  const valid = approvals.filter(
    (approval) =>
      approval.subject === subject && at < approval.expiresAt && refusedPerson(wave.approvers, { by: approval.by, requester }) === null,
  );
  const own = valid.filter((approval) => approval.wave === wave.name);
  const group = valid.filter((approval) => subject === 'start' && approval.wave === wave.group && approval.wave !== wave.name);
  const persons = new Map<string, Approval>();
  for (const approval of [...own, ...group]) if (!persons.has(approval.by)) persons.set(approval.by, approval);
  return [...persons.values()];
}

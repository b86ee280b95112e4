import type { AccountId, Region } from '../contracts/ids';
import type { Member } from '../contracts/observability';
import { escapeMarkdown } from '../layer-kit/dashboard';
import { consoleLink } from './dashboard-links';

/** A member as the dashboards show it: what its stack says of itself, or that it says nothing. */
export type MemberView =
  | { readonly state: 'present'; readonly account: AccountId; readonly name: string; readonly region: Region; readonly functionName: string; readonly queueName: string; readonly dashboard: string | null }
  | { readonly state: 'missing'; readonly account: AccountId; readonly name: string; readonly region: Region }; // prettier-ignore

/** A member whose stack answered. */
export type PresentMember = Extract<MemberView, { readonly state: 'present' }>;

/** Narrows to the members that have data. */
export function isPresent(member: MemberView): member is PresentMember {
  return member.state === 'present';
}

/** The compact form that other stacks read. */
export function toMember(view: MemberView): Member {
  return { account: view.account, name: view.name, region: view.region, present: view.state === 'present' };
}

/** Rows a text widget shows before it becomes slow to read. */
export const ROWS_PER_TABLE = 100;

/** One Markdown table of members; names are text from outside and are escaped. */
export function memberTable(members: readonly MemberView[]): string {
  const rows = members.map((member) => `| ${member.account} | ${escapeMarkdown(member.name)} | ${stateCell(member)} |`);
  return ['| account | name | state |', '|---|---|---|', ...rows].join('\n');
}

function stateCell(member: MemberView): string {
  switch (member.state) {
    case 'missing':
      return '**missing**: no stack, or it failed before its first success';
    case 'present':
      return member.dashboard === null
        ? 'present'
        : `present, ${consoleLink({ name: member.dashboard, region: member.region }, 'dashboard in its account')}`;
  }
}

import type { TagState } from '../cost/tag-activation';

import { textTable } from './terminal-text';

const meanings: Readonly<Record<TagState['state'], string>> = {
  active: 'active',
  inactive: 'inactive',
  'not-seen': 'NOT SEEN',
  refused: 'REFUSED',
};

/** What billing knows of each cost allocation tag, for people. */
export function costTagsText(tags: readonly TagState[]): string {
  const active = tags.filter(({ state }) => state === 'active').length;
  const rows = tags.map(({ key, state, reason }) => [key, meanings[state], reason ?? noteOf(state)]);
  return [`${active} of ${tags.length} cost allocation tags are active`, textTable(['TAG', 'STATE', ''], rows)].join('\n\n');
}

function noteOf(state: TagState['state']): string {
  return state === 'not-seen' ? 'billing has not met it yet: that takes up to 24 hours after the first resource with it' : '';
}

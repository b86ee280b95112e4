import { MAX_TAGS, MANAGED_BY, requiredTagKeys, tagStandard } from '../tags';

import { resourceRule, type AuditRule } from './audit-rule';
import { shown, tagsOf } from './resource-values';
import { taggableTypes } from './taggable-types';

/** The tagging standard (contracts/tags.ts), held against what stands. */
export const tagRules: readonly AuditRule[] = [
  resourceRule({
    id: 'tags-required',
    severity: 'medium',
    demands: `every taggable resource carries ${requiredTagKeys.join(', ')}`,
    advice: '`fleet repair`: the fleet sets these tags itself',
    types: taggableTypes,
    check: (resource) => {
      const tags = tagsOf(resource);
      const missing = requiredTagKeys.filter((key) => !tags[key]);
      return missing.length === 0 ? [] : [`required ${missing.length === 1 ? 'tag' : 'tags'} ${missing.join(', ')} missing`];
    },
  }),
  resourceRule({
    id: 'tags-values',
    severity: 'medium',
    demands: 'tag values are those of the tagging standard, and no key stands in another spelling',
    advice: '`fleet repair`; where others set the tag, ask them to follow the standard',
    types: taggableTypes,
    check: (resource) => {
      const tags = tagsOf(resource);
      const allowed: Readonly<Record<string, readonly string[]>> = tagStandard.allowedValues;
      const known = [...tagStandard.required, ...tagStandard.optional];
      const wrong = Object.entries(allowed).flatMap(([key, values]) => {
        const value = tags[key];
        return value === undefined || values.includes(value) ? [] : [`tag ${key} is ${shown(value)}; allowed are ${values.join(', ')}`];
      });
      const misspelt = Object.keys(tags).flatMap((key) => {
        const right = known.find((one) => one.toLowerCase() === key.toLowerCase());
        return right === undefined || right === key ? [] : [`tag ${key} is spelt ${right} in the standard`];
      });
      const created = tags.CreatedAt;
      const undated = created === undefined || !Number.isNaN(Date.parse(created)) ? [] : [`tag CreatedAt is ${shown(created)}, no time`];
      const most = Object.keys(tags).length > MAX_TAGS ? [`${Object.keys(tags).length} tags; AWS allows ${MAX_TAGS}`] : [];
      return [...wrong, ...misspelt, ...undated, ...most];
    },
  }),
  resourceRule({
    id: 'tags-as-configured',
    severity: 'low',
    demands: 'tags have the values that fleet.yaml gives the account: the bill goes by them',
    advice: '`fleet repair`, or put the value that is right into fleet.yaml',
    types: taggableTypes,
    check: (resource, { tags: configured }) => {
      if (configured === null) return null;
      const tags = tagsOf(resource);
      const expected = { ...configured, ManagedBy: MANAGED_BY };
      return Object.entries(expected).flatMap(([key, value]) => {
        const there = tags[key];
        // A required one that is missing is the other rule's.
        if (there === value || (there === undefined && requiredTagKeys.some((required) => required === key))) return [];
        return [`tag ${key} is ${shown(there)}; configured is ${shown(value)}`];
      });
    },
  }),
];

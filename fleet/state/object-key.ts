import { FleetError } from '../errors';

/** What follows the first character is what an id of a caller of AWS may have: inboxes are by caller. */
const NAME = '[A-Za-z0-9][A-Za-z0-9._:@=,+-]{0,199}';
const KEY = new RegExp(`^${NAME}(?:/${NAME})*$`);
const PREFIX = new RegExp(`^(?:${NAME}/)*(?:${NAME})?$`);

/**
 * A key as it is. Refused with `fleet/state-key`: whatever could leave a store's folder, or be taken for one of its own files, which begin
 * with a dot or end with `~`.
 */
export function checkedKey(key: string): string {
  if (!isKey(key)) throw unusable('key', key);
  return key;
}

/** Whether a name is a key, as {@link checkedKey} would have it. */
export function isKey(name: string): boolean {
  return KEY.test(name);
}

/** The beginning of keys, as {@link checkedKey}; empty: of all. */
export function checkedPrefix(prefix: string): string {
  if (!PREFIX.test(prefix)) throw unusable('prefix', prefix);
  return prefix;
}

function unusable(what: string, key: string): FleetError {
  return new FleetError(
    'fleet/state-key',
    `${JSON.stringify(key)} is no ${what} of the state: names of letters, digits and \`._:@=,+-\` between slashes, each beginning with a letter or digit`,
  );
}

/** What the operating system knows of who runs this process. */
export interface PersonSource {
  /** Throws where the user id has no name, as in a container that was started with one of its own. */
  readonly userInfo: () => { readonly username: string };
  /** Undefined where the system has no user ids. */
  readonly userId: () => number | undefined;
  readonly hostname: () => string;
}

/** Who runs this, as `name@host`, or `uid-1234@host` where nobody gave that user a name. */
export function personOf({ userInfo, userId, hostname }: PersonSource): string {
  return `${nameOf(userInfo) ?? `uid-${userId() ?? 'unknown'}`}@${hostname()}`;
}

function nameOf(userInfo: PersonSource['userInfo']): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

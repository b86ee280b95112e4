const MARK = /\n"([0-9a-f-]{36})"\n$/;

/** A body as it is stored, and which write it is of. */
export interface MarkedBody {
  readonly body: string;
  /** A UUID that no other write has. */
  readonly mark: string;
}

/**
 * The text that is stored for a body: the mark of its write is the last line. S3 tells versions apart by their bytes alone, so without it an
 * earlier version could come back under the same name; and a writer whose answer was lost sees by it whether what is there is its own. As a
 * line of JSON, since what goes before is mostly JSON, too.
 */
export function markBody({ body, mark }: MarkedBody): string {
  return `${body}\n"${mark}"\n`;
}

/** What {@link markBody} was given; undefined where a text has no mark. */
export function unmarkBody(text: string): MarkedBody | undefined {
  const found = MARK.exec(text);
  const mark = found?.[1];
  return mark === undefined ? undefined : { body: text.slice(0, found?.index), mark };
}

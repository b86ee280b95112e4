import { archivedDeadLetterSchema } from '../../../contracts/archived-dead-letter';
import { archiveKeyOf, readArchiveKey, REDRIVES_ATTRIBUTE, redriveTags } from '../../../contracts/dead-letter';
import type { DeadLetterClass } from '../../../contracts/order-message';
import type {
  LetterContent,
  LetterEntry,
  LetterMark,
  LetterQuery,
  LetterState,
  RedrivenMessage,
  TargetLetters,
} from '../../../fleet/dead-letters/dead-letters';
import { isAsked, stateOf, tagsOf } from '../../../fleet/dead-letters/letter-tags';

/** A letter as the fake keeps it. */
interface KeptLetter {
  readonly archivedAt: string;
  readonly content: unknown;
  tags: Readonly<Record<string, string>>;
}

/** What is put into the archive. */
export interface NewLetter {
  readonly id: string;
  readonly class?: DeadLetterClass;
  readonly day?: string;
  readonly archivedAt?: string;
  readonly payloads?: readonly string[];
  /** As its message carried it; absent: no attribute. */
  readonly redrives?: number;
  readonly content?: unknown;
}

type Call = 'pages' | 'state' | 'read' | 'send' | 'mark';

/**
 * An archive, an order queue and a function whose orders are stored, or fail every attempt and come back, as the real ones do: with their
 * attributes and under a message id of their own.
 */
export class FakeOrderSystem implements TargetLetters {
  readonly archive = new Map<string, KeptLetter>();
  /** Everything ever sent. */
  readonly sent: RedrivenMessage[] = [];
  /** Calls so far. */
  readonly calls: string[] = [];
  readonly stored = new Set<string>();
  /** Called before each call takes effect, with its number; what it throws, the call rejects with. */
  before: (call: Call, number: number) => void = () => undefined;
  /** As {@link before}, after it took effect: the answer is lost. */
  after: (call: Call, number: number) => void = () => undefined;
  #waiting: RedrivenMessage[] = [];
  #made = 0;

  put(letter: NewLetter): string {
    const { id, class: letterClass = 'transient', day = '2026-03-04', archivedAt = '2026-03-04T10:00:00.000Z', redrives } = letter;
    const key = archiveKeyOf({ class: letterClass, day, messageId: id });
    const attributes = redrives === undefined ? {} : { [REDRIVES_ATTRIBUTE]: { dataType: 'Number', stringValue: String(redrives) } };
    const content = letter.content ?? {
      version: 1,
      messageId: id,
      class: letterClass,
      cause: 'a readable order that was received 5 times: retries ran out',
      payloads: letter.payloads ?? [`order of ${id}`],
      messageAttributes: attributes,
      archivedAt,
    };
    this.archive.set(key, { archivedAt, content, tags: {} });
    return key;
  }

  /** The order function takes what waits: stored, or back in the archive. */
  process(fails: (body: string) => boolean): void {
    const taken = this.#waiting;
    this.#waiting = [];
    for (const { body, redrives } of taken) {
      if (!fails(body)) this.stored.add(body);
      else this.put({ id: `back-${(this.#made += 1)}`, payloads: [body], redrives });
    }
  }

  /** Keys of letters that carry a mark. */
  marked(): readonly string[] {
    return [...this.archive].filter(([, { tags }]) => tags[redriveTags.done] !== undefined).map(([key]) => key);
  }

  async *pages(query: LetterQuery): AsyncGenerator<readonly LetterEntry[]> {
    this.#begin('pages', '');
    const entries = [...this.archive].flatMap(([key, { archivedAt }]) => {
      const name = readArchiveKey(key);
      return name && isAsked(name, query) ? [{ ...name, key, archivedAt }] : [];
    });
    for (let first = 0; first < entries.length; first += 3) yield entries.slice(first, first + 3);
    yield [];
  }

  async state(key: string): Promise<LetterState> {
    return this.#call('state', key, () => {
      return stateOf(this.archive.get(key)?.tags);
    });
  }

  async read(key: string): Promise<LetterContent> {
    return this.#call('read', key, () => {
      const kept = this.archive.get(key);
      if (!kept) return { kind: 'gone' };
      const letter = archivedDeadLetterSchema.safeParse(kept.content);
      return letter.success ? { kind: 'letter', letter: letter.data } : { kind: 'unreadable' };
    });
  }

  async send(message: RedrivenMessage): Promise<void> {
    return this.#call('send', message.body, () => {
      this.sent.push(message);
      this.#waiting.push(message);
    });
  }

  async mark(key: string, mark: LetterMark): Promise<void> {
    return this.#call('mark', mark.kind === 'begun' ? `${key} begun` : key, () => {
      const kept = this.archive.get(key);
      if (kept) kept.tags = { ...kept.tags, ...tagsOf(mark) };
    });
  }

  #begin(call: Call, what: string): number {
    this.calls.push(`${call} ${what}`);
    this.before(call, this.calls.length);
    return this.calls.length;
  }

  async #call<Value>(call: Call, what: string, effect: () => Value): Promise<Value> {
    const number = this.#begin(call, what);
    await Promise.resolve();
    const value = effect();
    this.after(call, number);
    return value;
  }
}

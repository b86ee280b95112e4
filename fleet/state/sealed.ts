import { sha256Hex } from '../digest';
import { FleetError } from '../errors';

const SEAL = /,"checksum":"([0-9a-f]{64})"\}\n$/;

/** A text with its checksum in it. */
export interface Sealed {
  readonly body: string;
  readonly checksum: string;
}

/** Adds a last member to the text of a JSON object that has others: the SHA-256 of the text as it was. Every byte counts. */
export function seal(text: string): Sealed {
  const checksum = sha256Hex(text);
  return { body: `${text.slice(0, -1)},"checksum":"${checksum}"}\n`, checksum };
}

/** The text that was sealed; undefined where there is no seal or it does not fit. */
export function unseal(body: string): { readonly text: string; readonly checksum: string } | undefined {
  const found = SEAL.exec(body);
  const text = `${body.slice(0, found?.index)}}`;
  const checksum = found?.[1];
  return checksum !== undefined && sha256Hex(text) === checksum ? { text, checksum } : undefined;
}

/** Data as a sealed body. */
export function sealJson(version: number, content: unknown): string {
  return seal(JSON.stringify({ version, content })).body;
}

/** What {@link sealJson} was given. Throws `user/state-damaged` where a byte is not as it was written, or the version is another one. */
export function unsealJson(body: string, expected: { readonly key: string; readonly version: number }): unknown {
  const { key, version } = expected;
  const unsealed = unseal(body);
  if (!unsealed) {
    const what = body.endsWith('"}\n') ? 'a byte in it is not as it was written' : 'its end is missing';
    throw new FleetError('user/state-damaged', `${key} is damaged: ${what}; restore it`);
  }
  const found = JSON.parse(unsealed.text) as { readonly version?: unknown; readonly content?: unknown };
  if (found.version !== version)
    throw new FleetError(
      'user/state-damaged',
      `${key} is of version ${String(found.version)}, not ${version}: use the fleet that wrote it`,
    );
  return found.content;
}

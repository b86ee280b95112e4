import type { TargetError } from '../../ports';

/** An error that the engine told. */
export interface Diagnostic {
  readonly urn: string | null;
  readonly message: string;
}

/** How AWS's errors look behind the provider, the most telling first: `... api error AccessDenied: ...`, or the error's name alone. */
const AWS_ERROR = [
  /\bapi error (\w+): ([^\n]*)/,
  /\bStatusCode: \d+, [^\n]*?\b(\w+(?:Exception|Fault|Error)): ([^\n]*)/,
  /(?:^|\n|: )\s*(\w+(?:Exception|Failure|Fault|Denied|InUse|AlreadyExists|NotFound|LimitExceeded)): ([^\n]*)/,
];

/**
 * An error of the engine's events in the fleet's words. The code comes from what AWS calls its error where the message says so; all else is
 * Pulumi's or the program's. One line; nothing of it says what to do next, that depends on the verb.
 */
export function classifyDiagnostic({ urn, message }: Diagnostic): TargetError {
  // What no resource failed with and the engine itself has no name for, the program said.
  const aboutRun = urn === null || urn.includes('::pulumi:pulumi:Stack::');
  return { ...classify(message, aboutRun ? 'pulumi/program-failed' : 'pulumi/failed'), resource: urn };
}

/** An error of a CLI that ended before its engine told anything: the first line that it calls an error. */
export function classifyOutput(output: string): TargetError {
  const text = output.replace(COLOURS, '');
  const told = text.split('\n').find((line) => /^\s*error:/.test(line)) ?? text.trim().split('\n').at(-1) ?? '';
  return { ...classify(told.replace(/^\s*error:\s*/, '') || 'it ended without a word', 'pulumi/failed'), resource: null };
}

/** Of terminals, and as the CLI writes them before it knows of one. */

const COLOURS = /\u001b\[[0-9;]*m|<\{%[^%]*%\}>/g;

function classify(message: string, fallback: string): Omit<TargetError, 'resource'> {
  const text = message.replace(COLOURS, '').trim();
  const aws = AWS_ERROR.map((pattern) => pattern.exec(text)).find((found) => found !== null);
  if (aws) return { code: `aws/${aws[1]}`, message: `${aws[1]}: ${oneLine(aws[2] ?? '')}` };
  return { code: codeOf(text) ?? fallback, message: oneLine(text) };
}

/** What the engine and the CLI say in words alone, the most telling first. */
const KNOWN: readonly { readonly code: string; readonly words: RegExp }[] = [
  { code: 'fleet/fenced', words: /\bStaleWriter: / },
  { code: 'fleet/sandbox-io', words: /\bNotWritten: / },
  { code: 'pulumi/wrong-passphrase', words: /\bincorrect passphrase\b/ },
  { code: 'pulumi/locked', words: /\bcurrently locked by\b/ },
  // As gRPC says it of a provider that is gone: which words depends on where its death met the call.
  {
    code: 'pulumi/crashed',
    words:
      /\b(?:Unavailable|connection refused|connection reset by peer|error reading from server|(?:transport|connection) is closing|RST_STREAM)\b/,
  },
  { code: 'pulumi/protected', words: /cannot be (?:deleted|replaced)[^\n]*protect|is protected|as it is currently marked for protection/ },
  { code: 'fleet/cancelled', words: /\bupdate canceled\b|\bcancell?ed\b/ },
];

function codeOf(text: string): string | undefined {
  return KNOWN.find(({ words }) => words.test(text))?.code;
}

const LONGEST = 600;

function oneLine(text: string): string {
  const line =
    text
      .split('\n')
      .map((one) => one.trim().replace(/^\* /, ''))
      .find((one) => one !== '' && !/^\d+ errors? occurred:$/.test(one)) ?? '';
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}

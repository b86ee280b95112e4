import { readFileSync, statSync, type Stats } from 'node:fs';
import { TextDecoder } from 'node:util';

import { parseAllDocuments, type Document } from 'yaml';
import type * as z from 'zod';

import { userError, userProblems, type FilePosition, type Problem } from '../errors';

import { filePositions, type FilePositions } from './file-positions';
import { ownMessagesOnly, schemaProblems } from './schema-problems';
import { textPosition } from './text-position';
import { yamlData, type YamlData } from './yaml-data';

/** How a file is read. */
export interface YamlFileOptions<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** What the file is, in kebab case: errors have the code `user/<what>`. */
  readonly what: string;
  /** @default 1 MiB */
  readonly maxBytes?: number;
  /** Checks between parts of the data. It sees the data as read, also where the schema refuses some of it, so that all problems come at once. */
  readonly check?: (data: unknown) => readonly YamlCheckFinding[];
}

/** One thing that a check between parts of the data found, at a path of it. */
export interface YamlCheckFinding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A file's data and where each part of it stands. */
export interface YamlFile<Data> {
  readonly data: Data;
  /** Position of a value, or of its nearest parent where there is no such value. */
  readonly at: (path: readonly PropertyKey[]) => FilePosition;
  /** All of them, as data. */
  readonly positions: () => FilePositions;
}

const DEFAULT_MAX_BYTES = 1024 * 1024;

/** Reads and validates a YAML file. Throws one `user/<what>` {@link FleetError} with every problem, each with its position. */
export function readYamlFile<Schema extends z.ZodType>(path: string, options: YamlFileOptions<Schema>): YamlFile<z.output<Schema>> {
  const refuse = (message: string, cause?: unknown) => userError(options.what, `${path} ${message}`, { cause });
  const stats = statOf(path, refuse);
  if (stats.isDirectory()) throw refuse('is a folder: name the file in it');
  if (!stats.isFile()) throw refuse('is no regular file');
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  if (stats.size > maxBytes) throw refuse(`has ${stats.size} bytes, more than the ${maxBytes} allowed`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    throw refuse('cannot be read as UTF-8 text', cause);
  }
  return parseYaml(text, { ...options, file: path });
}

function statOf(path: string, refuse: (message: string, cause: unknown) => Error): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw refuse(code === 'ENOENT' ? 'does not exist: check the path' : `cannot be read (${code})`, cause);
  }
}

/** The pure part of {@link readYamlFile}: text to validated data. `file` is the name that positions carry. */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  options: YamlFileOptions<Schema> & { readonly file: string },
): YamlFile<z.output<Schema>> {
  const position = textPosition(text, options.file);
  const refuse = (problems: readonly Problem[]) => userProblems(options.what, [...problems].sort(byPosition));

  const document = readDocument(text, { position, refuse });
  const read = yamlData(document);
  const problems: Problem[] = read.findings.map(({ message, offset }) => ({ message, at: position(offset) }));
  if (!read.complete) throw refuse(problems);
  const at = (path: readonly PropertyKey[]) => position(read.placeOf(path).offset);
  const found = options.check?.(read.data) ?? [];
  problems.push(...found.map(({ message, path }) => ({ message, at: at(path) })));
  const parsed = options.schema.safeParse(read.data, ownMessagesOnly);
  if (!parsed.success) problems.push(...refusedBySchema(parsed.error, { schema: options.schema, read, position }));
  if (!parsed.success || problems.length > 0) throw refuse(problems);
  return { data: parsed.data, at, positions: () => filePositions(read.data, at) };
}

interface Reading {
  readonly position: (offset: number) => FilePosition;
  readonly refuse: (problems: readonly Problem[]) => Error;
}

function readDocument(text: string, { position, refuse }: Reading): Document.Parsed {
  const start = position(0);
  let documents: readonly Document.Parsed[];
  try {
    // Duplicate keys are found by yaml-data: with both names, and in linear time.
    const parsed = parseAllDocuments(text, {
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
      version: '1.2',
    });
    documents = 'empty' in parsed ? [] : parsed;
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    throw refuse([{ message: 'YAML is nested too deeply', at: start }]);
  }
  const [document, second] = documents;
  const errors = document?.errors ?? [];
  if (errors.length > 0) {
    throw refuse(errors.map((error) => ({ message: `malformed YAML: ${lowerFirst(error.message)}`, at: position(error.pos[0]) })));
  }
  if (second) throw refuse([{ message: 'a second YAML document starts here: keep one document a file', at: position(second.range[0]) }]);
  if (!document?.contents) {
    throw refuse([{ message: 'the file is empty', at: start }]);
  }
  const { explicit, version } = document.directives.yaml;
  if (explicit && version !== '1.2') throw refuse([{ message: `YAML ${version} is not supported: remove the %YAML line`, at: start }]);
  return document;
}

/** Not by instanceof: errors of the engine itself do not pass between realms. */
function isStackOverflow(error: unknown): boolean {
  return (error as { readonly name?: unknown } | null)?.name === 'RangeError';
}

interface Refused {
  readonly schema: z.ZodType;
  readonly read: YamlData;
  readonly position: (offset: number) => FilePosition;
}

function refusedBySchema(error: z.ZodError, { schema, read, position }: Refused): readonly Problem[] {
  const found = schemaProblems(error.issues, { schema, data: read.data, sourceOf: (path) => read.placeOf(path).source });
  return found.map(({ message, path, key }) => {
    const place = read.placeOf(path);
    return { message, at: position(key ? place.keyOffset : place.offset) };
  });
}

function byPosition(left: Problem, right: Problem): number {
  return (left.at?.line ?? 0) - (right.at?.line ?? 0) || (left.at?.column ?? 0) - (right.at?.column ?? 0);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

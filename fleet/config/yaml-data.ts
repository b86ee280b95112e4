import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Node, type Pair, type YAMLMap } from 'yaml';

/** What is wrong with a document, by offset into its text. */
export interface YamlFinding {
  readonly message: string;
  readonly offset: number;
}

/** Where a path of the data stands in the text. */
export interface YamlPlace {
  /** The value, or the nearest parent that exists. */
  readonly offset: number;
  /** The key that leads to it; equal to `offset` in lists and at the root. */
  readonly keyOffset: number;
  /** A plain scalar as written in the file, such as `012345678901`; undefined for anything else. */
  readonly source: string | undefined;
}

/** A document as plain data. */
export interface YamlData {
  readonly data: unknown;
  readonly findings: readonly YamlFinding[];
  /** False where something could not be carried over at all, so that judging the data further would mislead. */
  readonly complete: boolean;
  readonly placeOf: (path: readonly PropertyKey[]) => YamlPlace;
}

/** Aliases may add this many nodes in all; a bomb adds billions. */
const MAX_ALIASED_NODES = 10_000;

/** No file of the fleet is nested nearly as deep. */
const MAX_DEPTH = 64;

/** Keys through which an object's prototype could be reached. */
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Converted {
  readonly value: unknown;
  /** Nodes in it with every alias expanded; only counted, never expanded. */
  readonly size: number;
}

/** Turns a parsed document into plain data without tags, prototype keys, duplicate keys or alias bombs. */
export function yamlData(document: Document.Parsed): YamlData {
  const converter = new Converter();
  const { value } = converter.convert(document.contents, 0);
  return {
    data: value,
    findings: converter.findings,
    complete: converter.complete,
    placeOf: (path) => placeOf(document.contents, { path, targets: converter.targets }),
  };
}

class Converter {
  readonly findings: YamlFinding[] = [];
  /** What each alias stands for. */
  readonly targets = new Map<Alias, Node>();
  complete = true;
  readonly #anchors = new Map<string, { readonly node: Node; readonly converted: Converted | undefined }>();
  #aliasedNodes = 0;

  convert(node: Node | null, depth: number): Converted {
    if (node === null) return { value: null, size: 1 };
    if (depth > MAX_DEPTH) return this.#give(node, `nested deeper than ${MAX_DEPTH} levels`);
    if (isAlias(node)) return this.#alias(node);
    if (node.tag !== undefined) this.#find(node, `YAML tag ${node.tag} is not allowed: remove it`);
    const { anchor } = node as { readonly anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, { node, converted: undefined });
    const converted = this.#collect(node, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, { node, converted });
    return converted;
  }

  #collect(node: Node, depth: number): Converted {
    if (isMap(node)) return this.#map(node, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.convert(item as Node | null, depth + 1));
      return { value: items.map((item) => item.value), size: items.reduce((sum, item) => sum + item.size, 1) };
    }
    return { value: isScalar(node) ? node.value : null, size: 1 };
  }

  #map(node: YAMLMap, depth: number): Converted {
    const value: Record<string, unknown> = {};
    let size = 1;
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const key = keyOf(pair);
      if (key === undefined) {
        this.#find(pair.key, 'a key must be plain text');
        continue;
      }
      if (PROTOTYPE_KEYS.has(key)) {
        this.#find(pair.key, `key ${key} is not allowed in any file of the fleet: remove it`);
        continue;
      }
      if (Object.hasOwn(value, key)) this.#find(pair.key, `key ${key} is there twice: remove one`);
      const member = this.convert(pair.value, depth + 1);
      value[key] = member.value;
      size += member.size + 1;
    }
    return { value, size };
  }

  #alias(alias: Alias): Converted {
    const anchored = this.#anchors.get(alias.source);
    if (!anchored) return this.#give(alias, `alias *${alias.source} has no anchor &${alias.source} before it`);
    if (!anchored.converted) return this.#give(alias, `alias *${alias.source} stands inside its own anchor`);
    if (this.#aliasedNodes > MAX_ALIASED_NODES) return { value: null, size: 1 };
    this.#aliasedNodes += anchored.converted.size;
    if (this.#aliasedNodes > MAX_ALIASED_NODES) {
      return this.#give(alias, `aliases expand to more than ${MAX_ALIASED_NODES} values: write the values out`);
    }
    this.targets.set(alias, anchored.node);
    return anchored.converted;
  }

  #find(node: Node, message: string): void {
    this.findings.push({ message, offset: node.range?.[0] ?? 0 });
  }

  #give(node: Node, message: string): Converted {
    this.complete = false;
    this.#find(node, message);
    return { value: null, size: 1 };
  }
}

/** Text of a scalar key; numbers and booleans as written. */
function keyOf(pair: Pair<Node, Node | null>): string | undefined {
  if (!isScalar(pair.key)) return undefined;
  const { value, source } = pair.key;
  if (typeof value === 'string') return value;
  return value === null ? undefined : source;
}

function placeOf(
  root: Node | null,
  { path, targets }: { readonly path: readonly PropertyKey[]; readonly targets: ReadonlyMap<Alias, Node> },
): YamlPlace {
  let node = root;
  let offset = root?.range?.[0] ?? 0;
  let keyOffset = offset;
  for (const step of path) {
    if (isAlias(node)) node = targets.get(node) ?? null;
    if (isMap(node)) {
      // The last of duplicate keys is the one the data has.
      const pair = (node.items as Pair<Node, Node | null>[]).findLast((candidate) => keyOf(candidate) === step);
      if (!pair) return { offset, keyOffset, source: undefined };
      keyOffset = pair.key.range?.[0] ?? offset;
      node = pair.value;
      offset = isWritten(node) ? (node.range?.[0] ?? keyOffset) : keyOffset;
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step] as Node | null;
      offset = node?.range?.[0] ?? offset;
      keyOffset = offset;
    } else {
      return { offset, keyOffset, source: undefined };
    }
  }
  return { offset, keyOffset, source: isScalar(node) && node.type === 'PLAIN' ? node.source : undefined };
}

/** False for the empty value of `key:`, which takes no space in the text. */
function isWritten(node: Node | null): node is Node {
  const range = node?.range;
  return range !== undefined && range !== null && range[1] > range[0];
}

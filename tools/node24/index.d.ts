/** A Node to run the functions on. */
export interface FunctionNode {
  readonly path: string;
  /** As `v24.21.0`. */
  readonly version: string;
  /** Why it is not the Node 24 of npm; undefined where it is. */
  readonly insteadBecause: string | undefined;
}

/** Where it is looked for. */
export interface Node24Place {
  readonly platform: string;
  readonly arch: string;
  /** Path of a package's package.json; throws where it is not installed. */
  readonly resolve: (request: string) => string;
  /** The Node to fall back to. */
  readonly running: { readonly path: string; readonly version: string };
}

/** The platform's Node 24 from npm, else the running Node with the reason. */
export function findNode24(place?: Partial<Node24Place>): FunctionNode;

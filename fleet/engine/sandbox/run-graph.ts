/** Work with an order. */
export interface GraphNode {
  readonly id: string;
  /** Ids that must be done first; those not in the graph count as done. */
  readonly after: readonly string[];
  run(): Promise<void>;
}

/**
 * Runs nodes as soon as what they wait for is done. After the first failure no further node starts; the running ones finish, and the
 * first failure is thrown.
 */
export async function runGraph(nodes: readonly GraphNode[]): Promise<void> {
  const waiting = new Map(nodes.map((node) => [node.id, node]));
  const unfinished = new Set(waiting.keys());
  const running = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const start = (node: GraphNode) => {
    waiting.delete(node.id);
    const work = node
      .run()
      .then(() => void unfinished.delete(node.id))
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(node.id));
    running.set(node.id, work);
  };
  while (waiting.size > 0 || running.size > 0) {
    if (!failure) for (const node of [...waiting.values()]) if (node.after.every((id) => !unfinished.has(id))) start(node);
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failure) throw failure.error;
  if (waiting.size > 0) throw new Error(`dependency cycle between ${[...waiting.keys()].join(', ')}`);
}

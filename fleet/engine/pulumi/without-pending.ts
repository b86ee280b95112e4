/**
 * An exported stack without the operations that were under way. What is created anew then meets what stands: the provider adopts what this
 * very stack and URN made. Throws a SyntaxError for what is no JSON.
 */
export function withoutPending(exported: string): string {
  const state = JSON.parse(exported) as { readonly deployment?: Readonly<Record<string, unknown>> };
  return JSON.stringify({ ...state, deployment: { ...state.deployment, pending_operations: [] } });
}

/** The page a responder opens for an alarm; every alarm's description carries it. */
export function runbookPath(kind: string): string {
  return `docs/runbooks/${kind}.md`;
}

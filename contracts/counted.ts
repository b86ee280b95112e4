/** A number and what it counts: `1 target`, `2 targets`. The noun is in the singular, and its plural ends with an s. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

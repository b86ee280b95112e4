import type { RenderContext } from '../../resource-type';

/** An id that looks like AWS's UUIDs (version 4) and is stable for the resource instance and purpose. */
export function uuidOf(context: RenderContext, purpose: string): string {
  const hex = context.random(purpose, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

import type { Refusal } from '../../resource-type';

/** AWS says no: the service's error name, and what it says. */
export function refusal(name: string, message: string): Refusal {
  return { name, message };
}

import { setTimeout as delay } from 'node:timers/promises';

const LOOKS = 4000;

/** Waits for what another process does and nothing tells of; gives up, so that a failed test leaves nothing running. */
export async function until(happened: () => boolean): Promise<void> {
  for (let looks = 0; !happened(); looks += 1) {
    if (looks === LOOKS) throw new Error(`it has not happened: ${happened.toString()}`);
    await delay(5);
  }
}

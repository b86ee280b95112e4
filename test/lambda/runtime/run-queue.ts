import type { FunctionProcess } from './function-process';
import type { VirtualQueue } from './virtual-queue';

/** A queue that feeds a function. */
export interface EventSource {
  readonly queue: VirtualQueue;
  /** Execution environments: as many batches at a time. */
  readonly environments: readonly FunctionProcess[];
  /** True: the environment died after its work, and its answer never came. */
  readonly losesAnswer?: (messageIds: readonly string[]) => boolean;
}

/**
 * Runs event sources until their queues are empty, in virtual time: where no message is visible, time moves on to when the next one is.
 * What the function does not report is deleted; the rest comes again. Gives how many batches were handed over.
 */
export async function runUntilEmpty(sources: readonly EventSource[], startMs: number): Promise<number> {
  let nowMs = startMs;
  let batches = 0;
  for (;;) {
    const handed = await Promise.all(sources.map((source) => handOver(source, nowMs)));
    batches += handed.reduce((sum, count) => sum + count, 0);
    if (handed.some((count) => count > 0)) continue;
    const next = sources.map(({ queue }) => queue.nextVisibleMs()).filter((time) => time !== undefined);
    if (next.length === 0) return batches;
    nowMs = Math.max(nowMs, Math.min(...next));
  }
}

/** One batch for each environment; what they answer is carried out when all have. */
async function handOver({ queue, environments, losesAnswer = () => false }: EventSource, nowMs: number): Promise<number> {
  const work = environments
    .map((environment) => ({ environment, records: queue.receive(nowMs) }))
    .filter(({ records }) => records.length > 0);
  const answers = await Promise.all(work.map(({ environment, records }) => environment.invoke({ Records: [...records] })));
  for (const [index, { batchItemFailures }] of answers.entries()) {
    const ids = work[index]?.records.map(({ messageId }) => messageId) ?? [];
    if (losesAnswer(ids)) continue;
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const id of ids) if (!failed.has(id)) queue.delete(id);
  }
  return work.length;
}

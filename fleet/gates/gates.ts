import type { TargetId } from '../../contracts/target';
import { mapBounded } from '../discovery/bounded';
import { messageOf } from '../errors';
import type { Clock, GateAnswer, GateQuestion, Gates, GateTarget } from '../ports';

import type { HealthReader } from './health-reader';
import { judgeGate, type TargetReading } from './judge-gate';

/** How gates read. */
export interface GatesOptions {
  readonly clock: Clock;
  /** Seconds between two questions about the same wave. */
  readonly intervalSeconds: number;
  /** Seconds before what could not be read is read again. */
  readonly retrySeconds: number;
  /** How often one question reads a target before the verdict is `error`; at least 1. */
  readonly attempts: number;
  /** Targets read at once. */
  readonly concurrency: number;
}

/** Gates over a reader of single targets. A question rejects only where its signal is aborted. */
export function createGates(reader: HealthReader, options: GatesOptions): Gates {
  return {
    intervalSeconds: options.intervalSeconds,
    ask: (question, { signal }) => ask(question, { reader, signal, ...options }),
    close: () => reader.close(),
  };
}

interface Asking extends GatesOptions {
  readonly reader: HealthReader;
  readonly signal: AbortSignal;
}

async function ask(question: GateQuestion, asking: Asking): Promise<GateAnswer> {
  const { attempts, clock, concurrency, retrySeconds, signal } = asking;
  const readings = new Map<TargetId, TargetReading>();
  let unread = question.targets.filter(({ health }) => health !== null);
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    await mapBounded(unread, concurrency, async (asked) => readings.set(asked.target.id, await readOne(asked, asking)));
    unread = unread.filter(({ target }) => 'error' in (readings.get(target.id) ?? {}));
    const answer = judgeGate(question, readings);
    // What is red stays the verdict whatever the others say: it does not wait for them.
    if (unread.length === 0 || answer.verdict === 'fail' || attempt >= attempts) return answer;
    await clock.sleep(retrySeconds * 1000, signal);
  }
}

async function readOne(asked: GateTarget, { reader, signal }: Asking): Promise<TargetReading> {
  signal.throwIfAborted();
  try {
    return await reader.read(asked, { signal });
  } catch (error) {
    signal.throwIfAborted();
    return { error: messageOf(error) };
  }
}

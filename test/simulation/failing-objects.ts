import type { ObjectStore } from '../../fleet/ports';

import type { Outside } from './outside';
import { TROUBLES_END, type Mishap } from './scenario';
import type { SimulatedProcess } from './simulated-process';

/** The store as a process reaches it: its mishap may strike one of its journal writes. */
export function failingObjects(outside: Outside, process: SimulatedProcess, mishap: Mishap | undefined): ObjectStore {
  const objects = outside.objects;
  const { storeLatency } = outside.scenario;
  let writes = mishap?.nth ?? 0;
  const strikes = (key: string) => {
    if (!mishap || !key.includes('/journal/')) return false;
    writes -= 1;
    return writes === 0 && outside.sinceBegan() <= TROUBLES_END;
  };
  const writer = (key: string, body: string): string | null => {
    if (!mishap || !strikes(key)) return body;
    switch (mishap.kind) {
      case 'write-lost':
        outside.strike(mishap);
        process.kill();
        return null;
      case 'write-torn':
        outside.strike(mishap);
        process.kill();
        return body.slice(0, outside.random.int(0, body.length - 1));
      case 'killed-after-write':
        outside.strike(mishap);
        process.kill();
        return body;
      case 'disk-full':
        outside.strike(mishap);
        throw new Error('ENOSPC: no space left on device');
      case 'disk-full-after-write':
        outside.strike(mishap);
        outside.failing.add(key);
        return body;
      default:
        return body;
    }
  };
  const reach = <Value>(work: () => Promise<Value>): Promise<Value> =>
    process.through(async () => {
      if (storeLatency > 0) await outside.time.sleep(outside.random.int(0, storeLatency));
      // The store looks at a write at once, before anything else can happen.
      outside.lookAtWrite = writer;
      const result = work();
      outside.lookAtWrite = null;
      return result;
    });
  return {
    read: (key) => reach(() => objects.read(key)),
    create: (key, body) => reach(() => objects.create(key, body)),
    replace: (key, body, version) => reach(() => objects.replace(key, body, version)),
    list: (prefix, after) => reach(() => objects.list(prefix, after)),
    remove: (key) => reach(() => objects.remove(key)),
  };
}

import { counted } from '../../contracts/counted';
import { textTable } from '../report/terminal-text';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { notDeployed } from './deployed-targets';
import { parseTarget } from './filters';
import { openEngine } from './open-ports';

/** A target as it is deployed, secrets masked. Throws a user error where it is not. */
export async function show(flags: { readonly config: string; readonly target: string }, context: CommandContext): Promise<CommandOutcome> {
  const fleet = await openFleet(flags.config);
  const records = await fleet.store.loadRecords();
  const deployedIds = [...records.values()].filter(({ current }) => current !== null).map(({ target: id }) => id);
  const target = parseTarget(flags.target, deployedIds);
  const record = records.get(target.id);
  const { engine, close } = await openEngine(fleet, context);
  try {
    const { exists, resources, outputs } = await engine.inspect(target);
    if (!exists) throw notDeployed(target.id, deployedIds);
    const deployed = record?.good ?? record?.current ?? null;
    const data = {
      target: target.id,
      release: deployed?.release ?? null,
      fingerprint: deployed?.fingerprint ?? null,
      dirty: record?.dirty ?? true,
      resources,
      outputs: outputs ?? {},
    };
    const text = [
      `${target.id}: ${counted(resources.length, 'resource')}, release ${data.release?.slice(0, 12) ?? 'none'}${data.dirty ? ', dirty: the last run did not succeed' : ''}`,
      textTable(
        ['TYPE', 'NAME', 'ID'],
        resources.map((resource) => [resource.type, resource.name, resource.id]),
      ),
      textTable(
        ['OUTPUT', 'VALUE'],
        Object.entries(outputs ?? {}).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
      ),
    ].join('\n\n');
    return { exitCode: 0, text, data };
  } finally {
    await close();
  }
}

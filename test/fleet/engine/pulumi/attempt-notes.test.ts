import { targetSchema } from '../../../../contracts/target';
import { AttemptNotes, type AttemptNote } from '../../../../fleet/engine/pulumi/attempt-notes';
import { noChanges } from '../../../../fleet/ports';
import { MemoryObjects } from '../../../../fleet/state/memory-objects';

const target = targetSchema.parse('regional/222222222221/eu-west-1');
const somebody = { host: 'h', pid: 1, processStart: '0' };
const noteOf = (id: string): AttemptNote => ({
  ...{ id, action: 'up', startedAt: '2026-01-01T00:00:00.000Z', endedAt: null, result: null, changes: noChanges, error: null },
  ...{ process: somebody, controller: somebody },
});

test('a stack that was never run has no note; a note is read as it was written', async () => {
  const notes = new AttemptNotes(new MemoryObjects());
  const none = await notes.look(target);
  expect(none).toEqual({ note: undefined, version: null });
  const version = await notes.replace(target, noteOf('a'), none.version);

  expect(await notes.look(target)).toEqual({ note: noteOf('a'), version });
});

test('a controller that slept writes over no note of another one: neither as it begins nor as it ends', async () => {
  const objects = new MemoryObjects();
  const [sleeper, other] = [new AttemptNotes(objects), new AttemptNotes(objects)];
  const seen = await sleeper.look(target);
  const begun = (await sleeper.replace(target, noteOf('r#1'), seen.version)) ?? null;
  await other.replace(target, noteOf('r#2'), (await other.look(target)).version);

  expect(await sleeper.replace(target, noteOf('r#1'), seen.version)).toBeUndefined();
  expect(await sleeper.replace(target, { ...noteOf('r#1'), result: 'succeeded' }, begun)).toBeUndefined();
  expect((await other.look(target)).note?.id).toBe('r#2');
});

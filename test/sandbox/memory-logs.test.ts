import { StaleWriter } from '../../sandbox/append-log';
import { MemoryLogs } from '../../sandbox/memory-logs';

test('logs in memory outlive who wrote them', () => {
  const memory = new MemoryLogs();
  memory.takeOver()('a').append({ text: 'kept' });

  expect(memory.takeOver()('a').read()).toEqual([{ text: 'kept' }]);
  expect(memory.paths()).toEqual(['a']);
});

test('keep what an entry was when it was written', () => {
  const openLog = new MemoryLogs().takeOver();
  const entry = { list: [1], missing: undefined };
  const log = openLog<unknown>('a');
  log.append(entry);
  entry.list.push(2);

  expect(log.read()).toEqual([{ list: [1] }]);
  expect(log.read()[0]).not.toHaveProperty('missing');
});

test('who was taken over writes nothing more, in no log, also before the new one wrote; it still reads', () => {
  const memory = new MemoryLogs();
  const dead = memory.takeOver();
  const [used, unused] = [dead('used'), dead('unused')];
  used.append(1);
  const alive = memory.takeOver();

  expect(() => used.append(2)).toThrow(StaleWriter);
  expect(() => unused.append(1)).toThrow(StaleWriter);
  expect(() => dead('new').append(1)).toThrow(StaleWriter);
  expect(() => used.compact([])).toThrow(StaleWriter);
  expect(() => used.remove()).toThrow(StaleWriter);
  expect(memory.paths()).toEqual(['used']);
  alive('used').append('goes on');
  expect(used.read()).toEqual([1, 'goes on']);
});
